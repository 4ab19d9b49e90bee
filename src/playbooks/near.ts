/** The word among `known` that `written` was probably meant to be, or null. Case does not matter. */
function nearest(written: string, known: readonly string[]): string | null {
  const word = written.toLowerCase().slice(0, 60);
  let best: { word: string; distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(word, candidate.toLowerCase());
    if (best === null || distance < best.distance) best = { word: candidate, distance };
  }
  return best !== null && best.distance <= Math.max(1, Math.floor(best.word.length / 3)) ? best.word : null;
}

/** `Did you mean …?`, or the list to choose from. */
export function suggestion(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  return near === null ? `known: ${known.join(', ')}` : `did you mean "${near}"?`;
}

/** Insertions, deletions, replacements and swaps of neighbours. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(row[j - 1]! + 1, previous[j]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, older[j - 2]! + 1);
      row.push(least);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length]!;
}
