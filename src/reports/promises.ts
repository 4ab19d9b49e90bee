import type { TimelineEvent } from '../incident/events.js';
import { onTimeWithinMs } from '../incident/evolve/updates.js';
import { ofType } from './spans.js';

/** How a group of updates kept what had been promised. */
export interface Punctuality {
  count: number;
  /** Posted by the promised time, or nothing had been promised. */
  onTime: number;
  /** How late each of the others was, ms, in order. */
  lateMs: number[];
}

const punctuality = (late: readonly number[]): Punctuality => ({
  count: late.length,
  onTime: late.filter((ms) => ms <= onTimeWithinMs).length,
  lateMs: late.filter((ms) => ms > onTimeWithinMs),
});

/** Updates by people counted apart from Muster's own: an automatic one keeps a promise, but tells nothing new. */
export function promisesKept(timeline: readonly TimelineEvent[]): {
  human: Punctuality;
  automatic: Punctuality;
  missed: number;
} {
  const updates = ofType(timeline, 'updatePosted').map(({ body }) => ({
    automatic: body.automatic,
    lateMs: body.lateMs ?? 0,
  }));
  return {
    human: punctuality(updates.filter(({ automatic }) => !automatic).map(({ lateMs }) => lateMs)),
    automatic: punctuality(updates.filter(({ automatic }) => automatic).map(({ lateMs }) => lateMs)),
    missed: ofType(timeline, 'updateMissed').length,
  };
}
