// Date.parse guesses at anything else ("1", "2026"), so only full RFC 3339 instants are read.
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * An RFC 3339 instant in ms since the epoch; null when absent, unreadable, or before 1970: senders write
 * `0001-01-01T00:00:00Z` for "none".
 */
export function instant(text: string | null | undefined): number | null {
  if (!text || text.length > 40 || !rfc3339.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) || at < 0 ? null : at;
}

/** Seconds, or milliseconds, since the epoch, as a number or digits; null for anything that is not after 2001. */
export function epoch(value: number | string | null | undefined): number | null {
  const given = typeof value === 'string' && /^\d{9,16}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof given !== 'number' || !Number.isFinite(given)) return null;
  // A number of seconds that large lies beyond the year 5000.
  const ms = given > 1e14 ? given / 1_000 : given > 1e11 ? given : given * 1_000;
  return ms >= 1e12 && ms < 1e14 ? Math.round(ms) : null;
}

const loose = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i;

/**
 * An instant as senders write it: RFC 3339, `2016-08-12 15:23:28 UTC`, `… +0000`, without a zone (then it is UTC), or
 * since the epoch. null for anything else.
 */
export function moment(value: string | number | null | undefined): number | null {
  if (typeof value !== 'string') return epoch(value);
  const read = value.length <= 40 ? loose.exec(value.trim()) : null;
  if (!read) return epoch(value);
  const [, day, clock = '', zone = 'Z'] = read;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(-2)}` : 'Z';
  return instant(`${day}T${clock.length === 5 ? `${clock}:00` : clock}${offset}`);
}

/** e.g. `21 Nov 02:41 UTC` */
export function utc(at: number): string {
  const [, , month, day, clock] = /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(new Date(at).toISOString()) ?? [];
  return `${Number(day)} ${months[Number(month) - 1]} ${clock} UTC`;
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
