/** How much of what a sender says is kept, in UTF-16 units or entries. The rest is cut, visibly. */
export const kept = {
  fingerprint: 256,
  name: 200,
  title: 120,
  summary: 500,
  word: 200,
  labels: 64,
  annotations: 32,
  key: 128,
  label: 1024,
  annotation: 4096,
  link: 2048,
  links: 8,
} as const;

const plain = /^[\x20-\x7e]*$/;
const breaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
// Controls, and the marks that reorder or hide text: bidi embeddings and isolates, zero-width spaces, the BOM.
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const unseenInText = /(?![\n\t])[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const lone = /\p{Surrogate}/gu;

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = text.charCodeAt(length - 2) >>> 10 === 0x36 ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

/**
 * One line from outside, safe to store and to show: no controls, no line breaks, nothing that reorders or hides text,
 * no half characters, at most `length` UTF-16 units. SQLite and PostgreSQL store the result alike.
 */
export function line(text: string, length: number): string {
  // Far more than can be kept need not be read.
  const near = text.length > length * 4 ? text.slice(0, length * 4) : text;
  if (plain.test(near)) return cut(near.trim(), length);
  return cut(near.replace(breaks, ' ').replace(unseen, '').replace(lone, '\ufffd').trim(), length);
}

/** The same for text of several lines. */
export function lines(text: string, length: number): string {
  const near = text.length > length * 4 ? text.slice(0, length * 4) : text;
  if (plain.test(near)) return cut(near.trim(), length);
  const broken = near.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n');
  return cut(broken.replace(unseenInText, '').replace(lone, '\ufffd').trim(), length);
}

/** The first of these that says anything, as one line; null when none does. */
export function firstLine(length: number, ...candidates: (string | null | undefined)[]): string | null {
  for (const candidate of candidates) {
    const said = candidate ? line(candidate, length) : '';
    if (said) return said;
  }
  return null;
}

/** Labels or annotations within bounds. `__proto__` is no label. */
export function bounded(
  from: Record<string, unknown> | undefined,
  most: number,
  length: number,
): Record<string, string> {
  const to: Record<string, string> = {};
  let count = 0;
  for (const key in from) {
    const value = from[key];
    if (value === null || value === undefined || key === '__proto__' || !Object.hasOwn(from, key)) continue;
    if (++count > most) break;
    const said = typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
    to[line(key, kept.key)] = lines(said, length);
  }
  return to;
}

/** An http(s) address as it may be shown, or null. */
export function address(text: string | null | undefined): string | null {
  if (!text || text.length > kept.link || !/^https?:\/\//i.test(text)) return null;
  try {
    return new URL(text).href;
  } catch {
    // Not an address: there is nothing to link to.
    return null;
  }
}
