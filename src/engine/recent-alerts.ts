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
  const bySource = new Map<string, { alerts: Lately; groups: Lately }>();

  return {
    of(source, now, withinMs) {
      const own = bySource.get(source);
      // What comes with a time long gone is read again, and comes alone.
      if (!own || now < own.alerts.newestAt() - withinMs) return { alerts: 0, groups: new Set() };
      return { alerts: own.alerts.count(now - withinMs), groups: own.groups.since(now - withinMs) };
    },
    note(episodes, incidents, now) {
      const opened = new Map(
        incidents.flatMap(({ opens, incidentId, groupKey }) => (opens ? [[incidentId, groupKey]] : [])),
      );
      for (const { source, fingerprint, incidentId, groupKey, startedAt, state } of episodes) {
        if (incidentId === null || state !== 'firing') continue;
        const own = bySource.get(source) ?? { alerts: lately(), groups: lately() };
        bySource.set(source, own);
        own.alerts.put(`${fingerprint}\n${startedAt}`, now);
        if (opened.has(incidentId)) own.groups.put(groupKey, now);
      }
    },
  };
}

interface Lately {
  put(key: string, at: number): void;
  /** How many keys were put after this. */
  count(after: number): number;
  since(after: number): Set<string>;
  newestAt(): number;
}

/** The keys put last, each with its latest time. A storm puts many: only what is too old is ever walked over. */
function lately(): Lately {
  const latest = new Map<string, number>();
  let queue: { key: string; at: number }[] = [];
  let first = 0;
  let newestAt = Number.NEGATIVE_INFINITY;

  const isLatest = ({ key, at }: { key: string; at: number }): boolean => latest.get(key) === at;
  function forget(before: number): void {
    for (; first < queue.length; first++) {
      const oldest = queue[first] as { key: string; at: number };
      const tooMany = latest.size > keptPerSource || queue.length - first > 2 * keptPerSource;
      if (oldest.at > before && !tooMany) break;
      if (isLatest(oldest)) latest.delete(oldest.key);
    }
    if (first < keptPerSource) return;
    queue = queue.slice(first);
    first = 0;
  }
  /** Of those that are known, the ones that were put no later than this. */
  function older(than: number): number {
    let count = 0;
    for (let i = first; i < queue.length && (queue[i] as { at: number }).at <= than; i++)
      if (isLatest(queue[i] as { key: string; at: number })) count++;
    return count;
  }

  return {
    put(key, at) {
      // A request that is read again comes with its own time: it is no part of what comes now.
      if (at < newestAt || latest.get(key) === at) return;
      newestAt = at;
      latest.set(key, at);
      queue.push({ key, at });
      forget(at - keptForMs);
    },
    newestAt: () => newestAt,
    count: (after) => latest.size - older(after),
    since: (after) => new Set([...latest].flatMap(([key, at]) => (at > after ? [key] : []))),
  };
}
