import type { Episode } from '../alerts/alert.js';

/** What the alerts of an incident come to, per alert name. */
export interface AlertFigures {
  total: number;
  firing: number;
  /** In the order they first fired. */
  names: { name: string; count: number; firstAt: number; lastEndedAt: number | null; hosts: string[] }[];
}

const hostsNamed = 5;
export const noAlerts: AlertFigures = { total: 0, firing: 0, names: [] };

/** Pure, and the same in whatever order the episodes come. `lastEndedAt` null: at least one still fires. */
export function alertFigures(episodes: readonly Episode[]): AlertFigures {
  const byName = new Map<string, Episode[]>();
  for (const episode of episodes) byName.set(episode.name, [...(byName.get(episode.name) ?? []), episode]);
  const names = [...byName].map(([name, group]) => ({
    name,
    count: group.length,
    firstAt: Math.min(...group.map(({ startedAt }) => startedAt)),
    lastEndedAt: group.some(({ state }) => state === 'firing')
      ? null
      : Math.max(...group.map(({ endedAt, lastSeenAt }) => endedAt ?? lastSeenAt)),
    hosts: [...new Set(group.flatMap(({ host }) => host ?? []))].sort().slice(0, hostsNamed),
  }));
  names.sort((a, b) => a.firstAt - b.firstAt || (a.name < b.name ? -1 : 1));
  return { total: episodes.length, firing: episodes.filter(({ state }) => state === 'firing').length, names };
}
