import type { BackupPlan } from '../config/config.js';
import type { Kept, Place } from './place.js';

/**
 * Those that need not stay: neither among the newest, nor the newest of one of the days and months (UTC) kept. The
 * newest of all always stays.
 */
export function expired(kept: readonly Kept[], { last, daily, monthly }: NonNullable<BackupPlan['keep']>): Kept[] {
  const newestFirst = [...kept].sort((a, b) => b.at - a.at);
  const stays = new Set(newestFirst.slice(0, Math.max(1, last)));
  for (const [count, length] of [
    [daily, 'YYYY-MM-DD'.length],
    [monthly, 'YYYY-MM'.length],
  ] as const) {
    const newestOf = new Map<string, Kept>();
    for (const each of newestFirst) {
      const period = new Date(each.at).toISOString().slice(0, length);
      if (!newestOf.has(period)) newestOf.set(period, each);
    }
    for (const each of [...newestOf.values()].slice(0, count)) stays.add(each);
  }
  return newestFirst.filter((each) => !stays.has(each));
}

/** Removes those; answers how many. Only after a good backup, so that the last good one is never among them. */
export async function tidy(place: Place, keep: NonNullable<BackupPlan['keep']>): Promise<number> {
  const gone = expired(await place.list(), keep);
  for (const { name } of gone) await place.remove(name);
  return gone.length;
}
