import { maskSecrets } from '../secrets/find.js';

/** Longest text one value may add inside a sentence, and inside a code block. Characters. */
export const INLINE_LIMIT = 2_000;
export const BLOCK_LIMIT = 8_000;

/** Direction overrides, marks and isolates, byte order marks, invisible operators and tag characters: text that shows other than it reads. */
const DECEIVING = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
const CONTROL = /[^\P{Cc}\t\n]/gu;
const PRIVATE = /\p{Co}/gu;
const LONE_SURROGATE = /\p{Cs}/gu;
/** More marks on one letter than any script writes paint over the lines around it. */
const STACKED_MARKS = /(\p{M}{8})\p{M}+/gu;

const cleaned = (value: string): string =>
  value
    .replace(CONTROL, '')
    .replace(DECEIVING, '')
    .replace(PRIVATE, '')
    .replace(LONE_SURROGATE, '\ufffd')
    .replace(STACKED_MARKS, '$1');

const cut = (value: string, limit: number, more: boolean): string => {
  if (value.length <= limit && !more) return value;
  let end = Math.min(value.length, limit - 1);
  const last = value.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return `${value.slice(0, end).trimEnd()}…`;
};

/** Strings far beyond what will be shown are cut before any pattern runs over them. */
const taken = (value: string, limit: number): string => value.slice(0, limit * 4);

/**
 * One line of text from outside as it may be shown: no controls, no private-use or direction-changing characters, white
 * space collapsed, secrets hidden, at most `limit` characters (then it ends in `…`). It may be empty. Markup in it is
 * untouched: it belongs in a literal node.
 */
export function literal(value: string, limit: number = INLINE_LIMIT): string {
  const part = taken(value, limit);
  // Cleaned first: an invisible character in the middle would hide a secret from being found. Cut last: so would that.
  const line = maskSecrets(cleaned(part.replace(/[\s\u2028\u2029\x85]+/g, ' ')));
  return cut(line.trim(), limit, part.length < value.length);
}

/** The same for a code block: line ends and indentation stay. */
export const literalLines = (value: string, limit: number = BLOCK_LIMIT): string => lines(value, limit, maskSecrets);

/** The same for what somebody types, before it is anybody's to read: secrets are in it as they were typed. */
export const typedLines = (value: string, limit: number): string => lines(value, limit, (text) => text);

function lines(value: string, limit: number, masked: (text: string) => string): string {
  const part = taken(value, limit);
  const text = cleaned(part.replace(/\r\n?|[\u2028\u2029\x85]/g, '\n')).replace(/^\n+|\s+$/g, '');
  return cut(masked(text), limit, part.length < value.length);
}
