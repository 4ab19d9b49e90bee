import type { Clock } from './clock.js';

/** After Muster could not listen, what its senders repeat gets at least this long to arrive. */
const graceMs = 5 * 60_000;
/** However rarely a sender says that it repeats. */
const graceAtMostMs = 3_600_000;

/** When what senders repeat may have got lost through Muster's own fault. */
export interface Absence {
  /** Now, or until now; of one source, or of all. */
  noted(source?: string): void;
  /** When an alert that is not repeated is taken to have ended. */
  endsAt(source: string, lastSeenAt: number, expiresAt: number): number;
}

/** Muster has just started: what was sent until now is lost. */
export function trackAbsence(clock: Pick<Clock, 'now'>): Absence {
  const bySource = new Map<string, number>();
  let all = clock.now();
  return {
    noted(source) {
      if (source === undefined) all = clock.now();
      else bySource.set(source, clock.now());
    },
    endsAt(source, lastSeenAt, expiresAt) {
      const awayAt = Math.max(all, bySource.get(source) ?? 0);
      if (awayAt <= lastSeenAt) return expiresAt;
      const repeatedWithin = Math.min(expiresAt - lastSeenAt, graceAtMostMs);
      return Math.max(expiresAt, awayAt + Math.max(graceMs, repeatedWithin));
    },
  };
}
