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

/** e.g. `21 Nov 02:41 UTC` */
export function utc(at: number): string {
  const [, , month, day, clock] = /^(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(new Date(at).toISOString()) ?? [];
  return `${Number(day)} ${months[Number(month) - 1]} ${clock} UTC`;
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
