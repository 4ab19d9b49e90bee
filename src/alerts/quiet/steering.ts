import type { Steering } from '../steer.js';
import { type Matching, matches } from './matching.js';

/** Something that keeps alerts quiet just now: a silence, or a maintenance window. */
export interface Quiet {
  /** Which one, the same as long as it lasts: `silence/3`, `maintenance/backup/1795305600000`. */
  by: string;
  /** For the receipts of what it holds, e.g. `silence 3 by Ada until 21 Nov 04:00 UTC: kernel update`. */
  why: string;
  until: number;
  /** Any of these. */
  what: readonly Matching[];
}

/** Holds what somebody said is expected, by the one that lasts longest; when that ends it is looked at again. */
export function quietSteering(standing: (now: number) => readonly Quiet[]): Steering {
  let known: { at: number; all: readonly Quiet[] } | null = null;
  const steer: Steering['steer'] = (episode, { now }) => {
    // Asked about thousands of alerts at one instant.
    if (known?.at !== now) known = { at: now, all: standing(now) };
    let longest: Quiet | null = null;
    for (const each of known.all) {
      if (each.until <= now || (longest && each.until <= longest.until)) continue;
      if (each.what.some((matching) => matches(matching, episode))) longest = each;
    }
    if (!longest) return null;
    const { by, why, until } = longest;
    return { hold: { as: 'suppressed', why, until, by }, why };
  };
  return { steer };
}
