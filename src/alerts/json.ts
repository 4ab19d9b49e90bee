import { isUtf8 } from 'node:buffer';
import { BodyRefusal } from './refused-body.js';

const jsonLimits = {
  depth: 32,
  /** Objects, lists, numbers, strings … and keys, all together. */
  parts: 500_000,
} as const;

/**
 * JSON from outside: UTF-8 (a byte order mark is skipped), an object or a list, at most 32 deep, without NUL in any
 * string, without `__proto__` or `constructor.prototype`, without a `length` that cannot be compared, without numbers
 * that overflow. Where a key is repeated the last one counts, as everywhere in JavaScript. @throws BodyRefusal, 400 or
 * 413. Never recursive.
 */
export function parseJson(bytes: Buffer): object {
  if (bytes.length === 0) throw malformed('The body is empty.', 'Send JSON.');
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8.', 'Send JSON in UTF-8.');
  const decoded = bytes.toString('utf8');
  const text = decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded;
  const doubtful = scan(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed('The body is not JSON.', 'Check for cut-off text, single quotes and trailing commas.', error);
  }
  if (typeof value !== 'object' || value === null)
    throw malformed('The body is neither an object nor a list.', 'Send a JSON object.');
  if (doubtful || /__proto__|"constructor"|"toString"|\\u00(?:00|[4-7])/.test(text)) walk(value);
  return value;
}

const quote = 0x22;
const backslash = 0x5c;

/** One pass over the text, before any value is made of it. True: there are numbers that may be too large. */
function scan(text: string): boolean {
  let depth = 0;
  let parts = 0;
  let run = 0;
  let doubtful = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === quote) {
      i = endOfString(text, i);
      parts++;
      run = 0;
    } else if (c === 0x7b || c === 0x5b) {
      parts++;
      run = 0;
      if (++depth > jsonLimits.depth)
        throw malformed(`The body is nested deeper than ${jsonLimits.depth}.`, 'Send it flatter.');
    } else if (c === 0x7d || c === 0x5d) {
      depth--;
      run = 0;
    } else if (c === 0x2c || c === 0x3a || c <= 0x20) {
      run = 0;
    } else {
      // A number or a literal. An exponent, or 300 digits: worth looking at what it came to.
      if (++run === 1) parts++;
      if (run > 300 || ((c === 0x65 || c === 0x45) && run > 1)) doubtful = true;
    }
    if (parts > jsonLimits.parts)
      throw new BodyRefusal(413, 'The body has too many parts.', 'Send fewer alerts at once.');
  }
  return doubtful;
}

/** Index of the closing quote; the text's length when there is none. */
function endOfString(text: string, opened: number): number {
  for (let end = text.indexOf('"', opened + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

function walk(root: object): void {
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === 'string') refuseNul(value);
    else if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw malformed('A number is too large.', 'Send numbers within ±1.8e308.');
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        refuseNul(key);
        const inner = (value as Record<string, unknown>)[key];
        if (key === '__proto__' || (key === 'constructor' && hasOwn(inner, 'prototype')))
          throw malformed(`The key ${key} is not taken.`, 'Remove it.');
        // Whoever compares it would be stopped: it is neither a number nor can it be made one.
        if (key === 'length' && hasOwn(inner, 'toString'))
          throw malformed('A length is no length.', 'Remove toString from it.');
        rest.push(inner);
      }
    }
  }
}

const hasOwn = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);

function refuseNul(text: string): void {
  if (text.includes('\0')) throw malformed('A text holds a NUL character.', 'Remove \\u0000.');
}

const malformed = (error: string, hint: string, cause?: unknown): BodyRefusal =>
  new BodyRefusal(400, error, hint, { cause });
