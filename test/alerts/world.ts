import type { Alert, Episode } from '../../src/alerts/alert.js';
import { type Batch, keysOf, type Plan, plan, type Rules } from '../../src/alerts/plan.js';
import { builtInLadder, builtInPolicy } from '../../src/config/defaults.js';
import type { Command } from '../../src/incident/commands.js';
import { decide } from '../../src/incident/decide.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { evolve } from '../../src/incident/evolve.js';
import { type Actor, type Incident, isOpen, isRefusal } from '../../src/incident/state.js';

export const minute = 60_000;
export const noon = Date.UTC(2026, 10, 21, 12);

/** An alert as a source would give it. */
export const alertOf = (given: Partial<Alert> = {}): Alert => ({
  source: 'alertmanager',
  fingerprint: 'f1',
  status: 'firing',
  startsAt: null,
  endsAt: null,
  name: 'PushFails',
  summary: 'pushes fail',
  service: 'registry',
  host: null,
  severity: 'warning',
  labels: {},
  annotations: {},
  links: [],
  groupHint: 'PushFails',
  ...given,
});

/** The real plan and the real core on maps instead of a database. */
export class World {
  readonly episodes = new Map<string, Episode>();
  readonly incidents = new Map<string, Incident>();
  readonly byAlert = new Map<string, Set<string>>();
  private ids = 0;
  readonly rules: Rules = {
    policy: builtInPolicy([]),
    ladder: builtInLadder(),
    drill: false,
    newId: () => `id-${++this.ids}`,
    playbook: () => null,
  };

  take(alerts: Alert[], receivedAt = noon): Plan {
    return this.takeAll([{ receipt: 'r1', source: 'alertmanager', receivedAt, alerts }]);
  }

  takeAll(batches: Batch[]): Plan {
    const keys = keysOf(batches, this.rules);
    const planned = plan(
      batches,
      { episodes: this.stored(keys.episodes), incidents: this.ofGroups(keys.groups) },
      this.rules,
    );
    for (const id of planned.episodesGone) this.episodes.delete(id);
    for (const episode of planned.episodes) this.episodes.set(episode.id, structuredClone(episode));
    const at = Math.max(...batches.map(({ receivedAt }) => receivedAt));
    for (const late of [false, true])
      for (const { incidentId, commands } of planned.incidents)
        for (const command of commands)
          if ((command.type === 'noteDependency') === late) this.ask(incidentId, command, at);
    return planned;
  }

  /** What the store promises: per alert the newest eight, in no particular order; and copies. */
  private stored(keys: { source: string; fingerprint: string }[]): Episode[] {
    const wanted = new Set(keys.map((key) => JSON.stringify([key.source, key.fingerprint])));
    const all = [...this.episodes.values()].filter((e) => wanted.has(JSON.stringify([e.source, e.fingerprint])));
    const newest = new Map<string, number>();
    return structuredClone(all.sort((a, b) => b.startedAt - a.startedAt)).filter((episode) => {
      const count = (newest.get(episode.fingerprint) ?? 0) + 1;
      newest.set(episode.fingerprint, count);
      return count <= 8;
    });
  }

  private ofGroups(keys: string[]): Incident[] {
    return keys.flatMap((key) => {
      const all = [...this.incidents.values()].filter((incident) => incident.groupKey === key);
      const found =
        all.find(isOpen) ??
        all.sort((a, b) => (b.closedAt ?? b.resolvedAt ?? 0) - (a.closedAt ?? a.resolvedAt ?? 0))[0];
      return found ? [structuredClone(found)] : [];
    });
  }

  ask(incidentId: string, command: Command, at: number, actor: Actor = { kind: 'machine', name: 'alerts' }): void {
    let incident = this.incidents.get(incidentId) ?? null;
    const context = {
      number: this.incidents.size + 1,
      playbook: () => null,
      rival: null,
      onCall: () => ({ people: [], why: null }),
      ...(command.type === 'noteDependency' && {
        together: { other: this.incidents.get(command.other) ?? null, moved: null },
      }),
      may: () => null,
    };
    const decided = decide(incident, { command, actor, at }, context);
    if (isRefusal(decided)) throw new Error(decided.message);
    for (const event of decided) {
      incident = evolve(incident, { ...event, seq: 1, at, recordedAt: at, actor } as TimelineEvent);
    }
    if (incident) this.incidents.set(incidentId, incident);
  }
}
