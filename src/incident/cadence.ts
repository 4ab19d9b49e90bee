import type { Incident, Severity } from './state.js';

type Paced = Pick<Incident, 'policy' | 'severity' | 'updates'>;

/** How often updates are promised in a long incident of this severity; null: never, or no rarer than usual. */
export function longCadence({ policy }: Pick<Incident, 'policy'>, severity: Severity): number | null {
  const { updateEveryMs, longUpdateEveryMs } = policy.severities[severity];
  if (updateEveryMs === null) return null;
  const long = longUpdateEveryMs ?? 2 * updateEveryMs;
  return long > updateEveryMs ? long : null;
}

/** How often updates are promised now; null: never. */
export function cadence({ policy, severity, updates }: Paced): number | null {
  const usual = policy.severities[severity].updateEveryMs;
  return updates.longSince === null ? usual : (longCadence({ policy }, severity) ?? usual);
}

/** A promise is never put off: with another cadence it stays, or comes sooner. */
export const sooner = (promised: number | null, every: number | null, at: number): number | null =>
  every === null ? promised : Math.min(promised ?? Number.POSITIVE_INFINITY, at + every);
