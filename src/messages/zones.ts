import { DateTime, IANAZone } from 'luxon';

/** `clock` 02:41 UTC · `date` 21 Nov 02:41 UTC · `full` 2026-11-21 02:41:07 UTC */
export type TimeStyle = 'clock' | 'date' | 'full';

const patterns: Record<TimeStyle, string> = {
  clock: 'HH:mm',
  date: 'd LLL HH:mm',
  full: 'yyyy-LL-dd HH:mm:ss',
};
const UTC_NAMES = new Set(['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT', 'Z']);

/** Whether this is an IANA zone this machine knows. */
export const isZone = (zone: string): boolean => UTC_NAMES.has(zone) || IANAZone.isValidZone(zone);

/**
 * An instant for people; the offset from UTC is always in it: `02:41 UTC`, `03:41 +01:00 Europe/Berlin`.
 * @param at ms since the epoch; anything that is not an instant reads `unknown time`.
 * @throws RangeError for a zone that does not exist.
 */
export function formatTime(at: number, zone = 'UTC', style: TimeStyle = 'clock'): string {
  if (!isZone(zone)) throw new RangeError(`There is no time zone ${zone}.`);
  const isUtc = UTC_NAMES.has(zone);
  const time = DateTime.fromMillis(at, { zone: isUtc ? 'utc' : zone, locale: 'en-US' });
  // The zone's name (`ZZZZ`) would cost a hundred times as much as its offset.
  return time.isValid
    ? `${time.toFormat(patterns[style])} ${isUtc ? 'UTC' : `${time.toFormat('ZZ')} ${zone}`}`
    : 'unknown time';
}

/** The hour of the day there, 0 to 23; of a zone that does not exist, by UTC. */
export const hourOf = (at: number, zone: string): number =>
  DateTime.fromMillis(at, { zone: isZone(zone) ? zone : 'utc' }).hour;

/** The same instant elsewhere, UTC and unknown zones left out: `03:41 +01:00 Europe/Berlin, 22:41 -04:00 America/New_York`. */
export function formatElsewhere(at: number, zones: readonly string[]): string {
  return zones
    .filter((zone) => !UTC_NAMES.has(zone) && isZone(zone))
    .map((zone) => formatTime(at, zone))
    .join(', ');
}

/** A span in ms in two units at most: `less than a minute`, `4 min`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (!Number.isFinite(minutes)) return 'unknown';
  if (minutes < 1) return 'less than a minute';
  const units: [number, string][] =
    minutes < 60
      ? [[minutes, 'min']]
      : minutes < 1_440
        ? [
            [Math.floor(minutes / 60), 'h'],
            [minutes % 60, 'min'],
          ]
        : [
            [Math.floor(minutes / 1_440), 'd'],
            [Math.floor((minutes % 1_440) / 60), 'h'],
          ];
  return units
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ');
}

/** `in 4 min`, `4 min ago`, `now`. */
export function formatRelative(at: number, now: number): string {
  const span = formatDuration(at - now);
  if (span === 'less than a minute') return 'now';
  return at > now ? `in ${span}` : `${span} ago`;
}
