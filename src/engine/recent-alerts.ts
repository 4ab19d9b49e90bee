import type { Episode } from '../alerts/alert.js';
import type { PlannedIncident } from '../alerts/plan.js';
import type { Recent } from '../alerts/rules/storm.js';

/** What came of each source within a while: a storm is seen by it. Kept in memory; after a start it counts anew. */
export interface RecentAlerts {
  of(source: string, now: number, withinMs: number): Recent;
  note(episodes: readonly Episode[], incidents: readonly PlannedIncident[], now: number): void;
}

/** More need not be known: any storm is told by far fewer. */
const keptPerSource = 5_000;
const keptForMs = 3_600_000;

export function recentAlerts(): RecentAlerts {
  const bySource = new Map<string, { alerts: Map<string, number>; groups: Map<string, number> }>();

  function forget(times: Map<string, number>, before: number): void {
    for (const [key, at] of times) {
      if (at > before && times.size <= keptPerSource) break;
      times.delete(key);
    }
  }
  function put(times: Map<string, number>, key: string, at: number): void {
    // The latest stand last, so that what is too old is found first.
    times.delete(key);
    times.set(key, at);
    forget(times, at - keptForMs);
  }
  const since = (times: ReadonlyMap<string, number>, at: number): string[] => {
    const found: string[] = [];
    for (const [key, time] of times) if (time > at) found.push(key);
    return found;
  };
  /** How many; what is older is found first, and in a storm there is little of it. */
  function countSince(times: ReadonlyMap<string, number>, at: number): number {
    let older = 0;
    for (const time of times.values()) {
      if (time > at) break;
      older++;
    }
    return times.size - older;
  }

  return {
    of(source, now, withinMs) {
      const own = bySource.get(source);
      if (!own) return { alerts: 0, groups: new Set() };
      return { alerts: countSince(own.alerts, now - withinMs), groups: new Set(since(own.groups, now - withinMs)) };
    },
    note(episodes, incidents, now) {
      const opened = new Map(
        incidents.flatMap(({ opens, incidentId, groupKey }) => (opens ? [[incidentId, groupKey]] : [])),
      );
      for (const { source, fingerprint, incidentId, groupKey, startedAt, state } of episodes) {
        if (incidentId === null || state !== 'firing') continue;
        const own = bySource.get(source) ?? { alerts: new Map(), groups: new Map() };
        bySource.set(source, own);
        put(own.alerts, `${fingerprint}\n${startedAt}`, now);
        if (opened.has(incidentId)) put(own.groups, groupKey, now);
      }
    },
  };
}
