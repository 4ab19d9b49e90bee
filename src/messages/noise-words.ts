import { counted, type NoiseEvents, type StormCounts } from '../incident/noise.js';
import { count, itself, list, type Sentence } from './sentence.js';

const shown = 4;

/** e.g. `service: registry 40, wiki 12 and 3 more · severity: critical 9`, the most frequent first. */
export function countsWords(counts: StormCounts): string {
  return counted
    .flatMap((label) => {
      const { '': others = 0, ...values } = counts[label];
      const all = Object.entries(values).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      if (all.length === 0) return [];
      const words = all.slice(0, shown).map(([value, n]) => `${value} ${n}`);
      const more = all.slice(shown).reduce((sum, [, n]) => sum + n, others);
      return [`${label}: ${words.join(', ')}${more > 0 ? ` and ${more} of others` : ''}`];
    })
    .join(' · ');
}

/** What is told of alerts that are too many, come and go, or do not belong together. */
export const noiseWords: { [T in keyof NoiseEvents]: (body: NoiseEvents[T]) => Sentence } = {
  stormCounted: ({ source, alerts, counts }) =>
    itself`${count(alerts, 'alert')} of the storm from ${source} came: ${countsWords(counts)}`,
  stormEnded: ({ source, alerts, counts }) =>
    itself`The storm from ${source} is over, ${count(alerts, 'alert')}: ${countsWords(counts)}`,
  alertFlapped: ({ name, times, since, settled }) =>
    settled
      ? itself`${name} has been quiet for long enough and counts as clear`
      : itself`${name} comes and goes, ${count(times, 'time')} since ${{ at: since }}; further ones are only counted`,
  splitOffered: ({ names, hosts }) =>
    itself`Some alerts have nothing in common with the others${list(names)}; hosts${list(hosts)}`,
};
