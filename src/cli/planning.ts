import type { Rules } from '../alerts/plan.js';
import type { PlanNames, PlanShown } from '../alerts/plan-print.js';
import { BodyRefusal } from '../alerts/refused-body.js';
import { intakeRules } from '../bot/intake-rules.js';
import { plannedChannel } from '../bot/planning.js';
import { steeringOf } from '../bot/steering.js';
import { newId } from '../engine/engine.js';
import { nothingStored } from '../engine/intake.js';
import { planFor } from '../engine/planning.js';
import { readPlanning } from '../http/plan.js';
import { senderOf } from '../http/senders.js';
import { loadPlaybooks } from '../playbooks/load.js';
import { matchPlaybook } from '../playbooks/match.js';
import type { Body } from './plan-bodies.js';
import { configToPlan } from './plan-config.js';

/** What one body comes to; `problem`: it is refused, or there is no such source. */
export type PlannedBody =
  | { name: string; source: string; shown: PlanShown }
  | { name: string; source: string; problem: string };

export type Planner = (body: Body, source: string, at: number) => Promise<PlannedBody>;

/** Plans by a configuration, on a Muster that has seen nothing. A text: what is wrong with the configuration. */
export async function plannerBy(
  file: string | null,
): Promise<{ plan: Planner; isSource(name: string): boolean } | string> {
  const read = configToPlan(file);
  if (typeof read === 'string') return read;
  const { config, hasSecrets } = read;
  const { playbooks } = await loadPlaybooks(config.playbooksFolder);
  const rules: Rules = {
    policy: config.policy,
    ladder: config.ladder,
    drill: false,
    steering: steeringOf(config),
    ...intakeRules(config),
    newId,
    playbook(facts) {
      const match = matchPlaybook(playbooks, facts);
      return match && { hash: match.playbook.hash, reason: match.reason };
    },
  };
  const people = new Map(config.people.map(({ id, name }) => [id, name]));
  const names: PlanNames = {
    playbook: (hash) => playbooks.find((each) => each.hash === hash)?.title ?? null,
    person: (personId) => people.get(personId) ?? personId,
    channel: plannedChannel,
  };
  return {
    isSource: (name) => senderOf(name, config) !== null,
    async plan({ name, recorded }, source, at) {
      try {
        const planning = await readPlanning(source, recorded, config, at);
        if (!planning) return { name, source, problem: `There is no source ${source}.` };
        const { request } = planning;
        if (!hasSecrets && request.admitted === 'no') {
          request.admitted = 'unknown';
          request.how = 'the secrets the configuration refers to are not here';
        }
        return { name, source, shown: (await planFor(nothingStored, planning, rules, names)).shown };
      } catch (error) {
        if (!(error instanceof BodyRefusal)) throw error;
        return { name, source, problem: `It is refused with ${error.statusCode}: ${error.error} ${error.hint}` };
      }
    },
  };
}
