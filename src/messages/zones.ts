/** `clock` 02:41 UTC · `date` 21 Nov 02:41 UTC · `full` 2026-11-21 02:41:07 UTC */
export type TimeStyle = 'clock' | 'date' | 'full';

const formats = new Map<string, Intl.DateTimeFormat>();
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const UTC_NAMES = new Set(['UTC', 'Etc/UTC', 'Etc/GMT', 'GMT', 'Z']);
/** The last instant a Date can hold. */
const LATEST = 8.64e15;

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  formats.set(zone, made);
  return made;
}

/** Whether this is an IANA zone this machine knows. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * An instant for people; the offset from UTC is always in it: `02:41 UTC`, `03:41 +01:00 Europe/Berlin`.
 * @param at ms since the epoch; anything that is not an instant reads `unknown time`.
 * @throws RangeError for a zone that does not exist.
 */
export function formatTime(at: number, zone = 'UTC', style: TimeStyle = 'clock'): string {
  if (!Number.isFinite(at) || Math.abs(at) > LATEST) return 'unknown time';
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const part of formatOf(zone).formatToParts(at)) parts[part.type] = part.value;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '', timeZoneName = '' } = parts;
  const offset = timeZoneName.replace('GMT', '') || '+00:00';
  const where = UTC_NAMES.has(zone) ? 'UTC' : `${offset} ${zone}`;
  if (style === 'clock') return `${hour}:${minute} ${where}`;
  if (style === 'date') return `${Number(day)} ${MONTHS[Number(month) - 1]} ${hour}:${minute} ${where}`;
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${where}`;
}

/** The same instant elsewhere, UTC and unknown zones left out: `03:41 +01:00 Europe/Berlin, 22:41 -04:00 America/New_York`. */
export function formatElsewhere(at: number, zones: readonly string[]): string {
  return zones
    .filter((zone) => !UTC_NAMES.has(zone) && isZone(zone))
    .map((zone) => formatTime(at, zone))
    .join(', ');
}

/** A span in ms in two units at most: `under a minute`, `4 min`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (!Number.isFinite(minutes)) return 'unknown';
  if (minutes < 1) return 'under a minute';
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
  if (span === 'under a minute') return 'now';
  return at > now ? `in ${span}` : `${span} ago`;
}
