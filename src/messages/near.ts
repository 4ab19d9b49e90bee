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

/** The word among `known` that `written` was probably meant to be, or null. Case does not matter. */
export function nearest(written: string, known: readonly string[]): string | null {
  const word = written.toLowerCase().slice(0, 60);
  let best: { word: string; slips: number } | null = null;
  for (const candidate of known) {
    const slips = distance(word, candidate.toLowerCase());
    if (best === null || slips < best.slips) best = { word: candidate, slips };
  }
  return best !== null && best.slips <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
}

/** `did you mean …?`, or the list to choose from. */
export function suggestion(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  return near === null ? `known: ${known.join(', ')}` : `did you mean "${near}"?`;
}
