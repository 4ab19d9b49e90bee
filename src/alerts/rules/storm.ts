import type { Command } from '../../incident/commands.js';
import { addCounts, counted, type StormCounts } from '../../incident/noise.js';
import { judge, type Ladder } from '../../incident/severity.js';
import { type Incident, isDeclared, isOpen } from '../../incident/state.js';
import type { Alert, Episode } from '../alert.js';
import { compromiseOf, evidenceOf } from '../evidence.js';
import type { AboutSteering, Steered, Steering } from '../steer.js';
import type { StormRule } from './rule.js';

/** What came of one source lately, this time not included. `groups`: keys under which something opened. */
export interface Recent {
  alerts: number;
  groups: ReadonlySet<string>;
}

/** Below this many groups there is nothing to gather: their incidents are as many as are needed. */
const groupsAtLeast = 3;

const stormKey = (source: string): string => `storm:${source}`;

const minutes = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${Math.round(ms / 1000)} s`);

/** What only waits in the queue is left there: more of the same would open it. */
const worked = (incident: Incident): boolean => isOpen(incident) && isDeclared(incident);

/** Whose alerts are never one of many: what is gravest, alone or by its service, has an incident of its own. */
function standsOut(episode: Episode, ladder: Ladder): boolean {
  const evidence = evidenceOf(episode, ladder);
  return (
    evidence.tier === 1 || compromiseOf(episode.labels, episode.name) || judge(evidence, ladder).severity === 'sev1'
  );
}

/**
 * Sends what would open incidents to one for all of its source, while more comes than anybody could look at. What
 * belongs to an incident goes there. Asked last; it tells the same for one plan whatever the order.
 */
export function stormSteering(
  rule: StormRule,
  ladder: Ladder,
  recentOf: (source: string, now: number) => Recent,
): Steering {
  const told = new WeakMap<readonly Episode[], ReadonlyMap<string, string>>();

  /** Source -> why it storms. */
  function stormsIn({ joining = [], incidents, now }: AboutSteering): ReadonlyMap<string, string> {
    const known = told.get(joining);
    if (known) return known;
    const open = new Set(incidents.flatMap((each) => (worked(each) && each.groupKey !== null ? [each.groupKey] : [])));
    const sources = new Map<string, { alerts: number; groups: Set<string> }>();
    for (const episode of joining) {
      const { source, groupKey } = episode;
      if (open.has(groupKey) || standsOut(episode, ladder)) continue;
      const recent = sources.has(source) ? null : recentOf(source, now);
      const own = sources.get(source) ?? { alerts: recent?.alerts ?? 0, groups: new Set(recent?.groups) };
      own.alerts++;
      own.groups.add(groupKey);
      sources.set(source, own);
    }
    const storms = new Map<string, string>();
    for (const [source, { alerts, groups }] of sources) {
      const last = incidents.find((each) => each.groupKey === stormKey(source) && isOpen(each))?.lastAlertAt;
      const within = minutes(rule.withinMs);
      if (last !== undefined && now - last <= rule.overAfterMs)
        storms.set(source, `the alert storm from ${source} goes on`);
      else if (alerts > rule.alerts && groups.size >= groupsAtLeast)
        storms.set(source, `more than ${rule.alerts} alerts of ${source} came within ${within}`);
      else if (groups.size > rule.groups)
        storms.set(source, `alerts of ${source} would open more than ${rule.groups} incidents within ${within}`);
    }
    told.set(joining, storms);
    return storms;
  }

  return {
    last: true,
    groups: ({ source }: Alert) => [stormKey(source)],
    steer(episode, about): Steered | null {
      const why = stormsIn(about).get(episode.source);
      if (why === undefined || standsOut(episode, ladder)) return null;
      if (about.incidents.some((each) => each.groupKey === episode.groupKey && worked(each))) return null;
      return {
        groupKey: stormKey(episode.source),
        atLeast: { severity: 'sev2', reason: why },
        storm: { source: episode.source, overAfterMs: rule.overAfterMs },
        why: `part of an alert storm: ${why}`,
      };
    },
  };
}

/** What the incident of a storm is told of the alerts that come to it; none for any other. */
export function stormCounted(episodes: readonly Episode[], storm: Steered['storm']): Command[] {
  if (!storm) return [];
  const bounded = Object.fromEntries(
    counted.map((label) => {
      const counts = new Map<string, number>();
      for (const { [label]: value } of episodes)
        if (value !== null && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
      return [label, addCounts({}, counts)];
    }),
  ) as StormCounts;
  return [{ type: 'countStorm', ...storm, alerts: episodes.length, counts: bounded }];
}
