/** How many slips (a letter more, fewer, wrong, or two swapped) lie between two words. Damerau-Levenshtein, adjacent swaps. */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

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
