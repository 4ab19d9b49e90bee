import { createHash } from 'node:crypto';
import type { KeptRoster } from '../store/oncall-port.js';
import { NotACalendar } from './calendar/parts.js';
import { readCalendar } from './calendar/read.js';
import { fetchCalendar, Unreachable } from './fetch.js';
import type { CalendarSchedule } from './schedule.js';

const dayMs = 86_400_000;
/** How far a calendar is followed, back and ahead. */
const followed = { backMs: 36 * dayMs, aheadMs: 120 * dayMs };
/** A copy that reaches less far ahead is read anew, changed or not. */
const aheadAtLeastMs = 75 * dayMs;
/** Tried again so soon when it cannot be read. */
const againAfterMs = 60_000;

export const sourceOf = ({ place, zone }: CalendarSchedule): string =>
  createHash('sha256')
    .update(JSON.stringify([place, zone]))
    .digest('hex');

/** When it is to be read next; a copy of another place is none. */
export function dueAt(schedule: CalendarSchedule, kept: KeptRoster | null): number {
  if (kept === null || kept.source !== sourceOf(schedule)) return Number.NEGATIVE_INFINITY;
  const failing = kept.failingSince !== null;
  return kept.triedAt + (failing ? Math.min(againAfterMs, schedule.refreshEveryMs) : schedule.refreshEveryMs);
}

/** Reads a calendar. What cannot be read leaves the copy as it was, with the reason beside it. Never throws. */
export async function refreshed(
  schedule: CalendarSchedule,
  before: KeptRoster | null,
  now: number,
  options: { withinMs?: number } = {},
): Promise<KeptRoster> {
  const source = sourceOf(schedule);
  const kept = before?.source === source ? before : null;
  const well = { triedAt: now, failingSince: null, failures: 0, error: null };
  const fresh = kept !== null && kept.readAt !== null && kept.coversUntil - now >= aheadAtLeastMs;
  try {
    const found = await fetchCalendar(schedule.place, fresh ? kept : null, options);
    if (found.unchanged) return { ...(kept as KeptRoster), ...well, readAt: now };
    const coversUntil = now + followed.aheadMs;
    const { zone } = schedule;
    const read = await readCalendar(found.text, { fromAt: now - followed.backMs, untilAt: coversUntil, zone });
    const { etag, modified } = found;
    return { schedule: schedule.name, source, etag, modified, readAt: now, coversUntil, ...read, ...well };
  } catch (error) {
    const none = { etag: null, modified: null, readAt: null, coversUntil: now, times: [], notes: [] };
    return {
      ...(kept ?? { schedule: schedule.name, source, ...none }),
      triedAt: now,
      failingSince: kept?.failingSince ?? now,
      failures: (kept?.failures ?? 0) + 1,
      error:
        error instanceof Unreachable || error instanceof NotACalendar ? error.message : `it cannot be read: ${error}`,
    };
  }
}
