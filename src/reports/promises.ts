import type { TimelineEvent } from '../incident/events.js';
import { ofType } from './spans.js';

/** An update this much after its promised time still counts as on time. ms */
export const onTimeWithinMs = 60_000;

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
