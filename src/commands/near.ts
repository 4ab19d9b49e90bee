import { distance } from '../messages/near.js';

/** Longer than any word worth comparing. */
const longestWord = 24;

/**
 * Known words this one is probably meant to be, the nearest first: one slip, two in words of six letters or more.
 * Words of two letters are too short to be a slip of anything.
 */
export function near(typed: string, known: readonly string[]): string[] {
  if (typed.length < 3 || typed.length > longestWord) return [];
  const slips = typed.length >= 6 ? 2 : 1;
  return known
    .filter((word) => word.length > 2)
    .map((word) => ({ word, away: distance(typed, word) }))
    .filter(({ away }) => away > 0 && away <= slips)
    .sort((a, b) => a.away - b.away)
    .map(({ word }) => word);
}
