import { DateTime } from 'luxon';

const MINUTE = 60_000;
const UNITS: Record<string, number> = {
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  seconds: 1_000,
  m: MINUTE,
  min: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: 60 * MINUTE,
  hour: 60 * MINUTE,
  hours: 60 * MINUTE,
  d: 1_440 * MINUTE,
  day: 1_440 * MINUTE,
  days: 1_440 * MINUTE,
  w: 10_080 * MINUTE,
  week: 10_080 * MINUTE,
  weeks: 10_080 * MINUTE,
};
const LONGEST = 3_660 * 1_440 * MINUTE;

/** `90d`, `10 min`, `2 hours` in ms; null when it is not a whole, positive duration of ten years at most. */
export function parseDuration(written: string): number | null {
  const match = /^(\d{1,6}) ?([a-z]+)$/.exec(written.trim().toLowerCase());
  if (match === null) return null;
  const [, amount = '', unit = ''] = match;
  if (!Object.hasOwn(UNITS, unit)) return null;
  const ms = Number(amount) * UNITS[unit]!;
  return ms > 0 && ms <= LONGEST ? ms : null;
}

/** The longest unit that says it exactly: `10 min`, `2 h`, `90 days`. */
export function formatDuration(ms: number): string {
  if (ms % (1_440 * MINUTE) === 0) return `${ms / (1_440 * MINUTE)} ${ms === 1_440 * MINUTE ? 'day' : 'days'}`;
  if (ms % (60 * MINUTE) === 0) return `${ms / (60 * MINUTE)} h`;
  if (ms % MINUTE === 0) return `${ms / MINUTE} min`;
  return `${Math.round(ms / 1_000)} s`;
}

/** An ISO date (`2026-11-01`, UTC) as ms since the epoch, or null when there is no such day. */
export function parseDate(written: string): number | null {
  const day = DateTime.fromFormat(written, 'yyyy-MM-dd', { zone: 'utc' });
  return day.isValid ? day.toMillis() : null;
}
