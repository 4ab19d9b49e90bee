import type { Receipt } from '../alerts/alert.js';

type Outcome = Receipt['outcomes'][number];
/** What came of alerts that follow one another and differ by their fingerprint alone. */
type Run = Omit<Outcome, 'fingerprint'> & { fingerprints: string[] };

/** As it is stored: of fifty alerts in one request the same is true, and said once. */
export function asRuns(outcomes: Receipt['outcomes']): Run[] {
  const runs: Run[] = [];
  let last: Run | undefined;
  for (const { fingerprint, name, outcome, incidentId, why } of outcomes) {
    if (last && last.why === why && last.incidentId === incidentId && last.name === name && last.outcome === outcome) {
      last.fingerprints.push(fingerprint);
      continue;
    }
    last = { fingerprints: [fingerprint], name, outcome, incidentId, why };
    runs.push(last);
  }
  return runs;
}

/** From what is stored; receipts of before have one entry per alert. */
export const asOutcomes = (stored: readonly (Run | Outcome)[]): Receipt['outcomes'] =>
  stored.flatMap((each) => {
    if (!('fingerprints' in each)) return [each];
    const { fingerprints, name, outcome, incidentId, why } = each;
    return fingerprints.map((fingerprint) => ({ fingerprint, name, outcome, incidentId, why }));
  });
