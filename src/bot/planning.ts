import type { Rules } from '../alerts/plan.js';
import type { PlanNames } from '../alerts/plan-print.js';
import type { Quiet } from '../alerts/quiet/steering.js';
import type { Config } from '../config/config.js';
import { newId } from '../engine/engine.js';
import type { Shelf } from '../engine/playbook-shelf.js';
import { type RecentAlerts, recentAlerts } from '../engine/recent-alerts.js';
import { channelName } from '../messages/names.js';
import { intakeRules } from './intake-rules.js';
import { steeringOf } from './steering.js';

/** Of the channel an incident would get whose number is not known yet. */
export const plannedChannel = (title: string): string => channelName(0, title, false).replace('-0-', '-<number>-');

/** By what alerts are planned, as the configuration is now, and the names in what is shown of a plan. */
export function planningBy({
  current,
  shelf,
  names,
  quiet,
}: {
  current(): Config;
  /** What keeps alerts quiet at an instant. */
  quiet(now: number): readonly Quiet[];
  shelf: Pick<Shelf, 'choose' | 'get'>;
  names: ReadonlyMap<string, string>;
}): { rules(): Rules; planNames(): PlanNames; recent: RecentAlerts } {
  const recent = recentAlerts();
  return {
    recent,
    rules: () => ({
      policy: current().policy,
      ladder: current().ladder,
      drill: false,
      newId,
      playbook: shelf.choose,
      steering: steeringOf(current(), quiet, recent.of),
      ...intakeRules(current()),
    }),
    planNames: () => ({
      playbook: (hash) => shelf.get(hash)?.title ?? null,
      person: (personId) => names.get(personId) ?? personId,
      channel: plannedChannel,
    }),
  };
}
