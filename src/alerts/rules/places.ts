import { type Incident, isOpen } from '../../incident/state.js';
import { homeOf } from '../group.js';

/** A group has one incident open; with a window it may have a few, each under a key of its own. */
const placesPerGroup = 4;

/** Keys of the further incidents of a group. */
export const placesOf = (groupKey: string): string[] =>
  Array.from({ length: placesPerGroup - 1 }, (_, i) => `${groupKey} (${i + 2})`);

const lastAlertAt = (incident: Incident): number => incident.lastAlertAt ?? incident.firstAlertAt ?? incident.openedAt;

/**
 * Where an alert of a group goes that is to join only what had an alert within the window: there, the latest first; else
 * to a place that is free; else, with all taken, to the latest. null: where its group goes anyway.
 */
export function placeWithin(
  groupKey: string,
  windowMs: number,
  now: number,
  incidents: readonly Incident[],
): { groupKey: string; why: string } | null {
  const keys = [groupKey, ...placesOf(groupKey)];
  const homes = keys.map((key) => ({
    key,
    home: homeOf(
      incidents.filter((each) => each.groupKey === key),
      now,
    ),
  }));
  const latest = homes
    .flatMap(({ key, home }) => (home ? [{ key, home }] : []))
    .sort((a, b) => lastAlertAt(b.home) - lastAlertAt(a.home));
  const near = latest.filter(({ home }) => now - lastAlertAt(home) <= windowMs);
  const chosen = near.find(({ home }) => isOpen(home)) ?? near[0];
  if (chosen?.key === groupKey) return null;
  if (chosen) return { groupKey: chosen.key, why: 'it goes on from the last alert of its group' };
  const free = homes.find(({ home }) => home === null || !isOpen(home));
  if (free?.key === groupKey) return null;
  return free
    ? { groupKey: free.key, why: 'the last alert of its group came too long ago to belong to it' }
    : { groupKey: latest[0]?.key ?? groupKey, why: 'too many incidents of its group are open to begin another' };
}
