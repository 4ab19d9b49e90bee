import { literal } from '../../messages/literal.js';

/** One line of words as they may be shown, the spaces that part it from its neighbours kept. */
export function words(value: string): string {
  const text = literal(value, Number.MAX_SAFE_INTEGER);
  if (text === '') return value === '' ? '' : ' ';
  return `${/^\s/.test(value) ? ' ' : ''}${text}${/\s$/.test(value) ? ' ' : ''}`;
}

/** At most `limit` characters, then it ends in `…`. */
export function shortened(value: string, limit: number): string {
  if (value.length <= limit) return value;
  const end = limit - 1 - (isHigh(value.charCodeAt(limit - 2)) ? 1 : 0);
  return `${value.slice(0, end).trimEnd()}…`;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** How long it is in a request's body. */
export const jsonLength = (value: unknown): number => JSON.stringify(value).length;

/** A text in parts of at most `limit` characters of JSON each, broken after `at` where one is near. Nothing is left out. */
export function pieces(text: string, limit: number, at: '\n' | ' '): string[] {
  if (text.length * 2 <= limit) return text === '' ? [] : [text];
  const out: string[] = [];
  for (let from = 0; from < text.length; ) {
    const most = endOf(text, from, limit);
    const near = most < text.length ? text.lastIndexOf(at, most - 1) + 1 : 0;
    const end = near > from + (most - from) / 2 ? near : most;
    out.push(text.slice(from, end));
    from = end;
  }
  return out;
}

function endOf(text: string, from: number, limit: number): number {
  let end = from;
  for (let cost = 0; end < text.length; ) {
    const character = String.fromCodePoint(text.codePointAt(end) as number);
    cost += jsonLength(character) - 2;
    if (cost > limit && end > from) break;
    end += character.length;
  }
  return end;
}

/** The items in order, in groups of at most `most`, and of at most `budget` in JSON unless one alone is more. */
export function groups<T>(items: readonly T[], budget: number, most = Number.POSITIVE_INFINITY): T[][] {
  const out: T[][] = [];
  let size = 0;
  for (const item of items) {
    const cost = jsonLength(item) + 1;
    const last = out.at(-1);
    if (last && last.length < most && size + cost <= budget) {
      last.push(item);
      size += cost;
    } else {
      out.push([item]);
      size = cost;
    }
  }
  return out;
}
