import { z } from 'zod';
import { parseJson } from './json.js';

/*
 * Senders change their bodies, and one odd field must not cost the alert: these take what is there and give null for
 * what is not of their kind. What tells one shape from another is checked strictly, by zod's own words.
 */

// A key that is missing is as good as null.
const anything = z.unknown().optional();

/** Text; numbers, true and false as text; else null. */
export const text = anything.transform((value): string | null => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
});

/** A number, also where it is written as text; else null. */
export const number = anything.transform((value): number | null => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
});

/** true, false, or null for anything else; "true" and "false" count. */
export const flag = anything.transform((value): boolean | null =>
  value === true || value === 'true' ? true : value === false || value === 'false' ? false : null,
);

/** An object of whatever; else an empty one. */
export const record = anything.transform(
  (value): Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {},
);

/** The object described, all of whose fields may be missing; null where there is none. */
export const part = <S extends z.ZodRawShape>(shape: S) => z.object(shape).nullish().catch(null);

/** A list of at most `most`, without what does not fit; anything else: empty. */
export const list = <T extends z.ZodType>(of: T, most = 1_000) =>
  anything.transform((value): z.output<T>[] => {
    if (!Array.isArray(value)) return [];
    const kept: z.output<T>[] = [];
    for (const each of value.slice(0, most)) {
      const read = of.safeParse(each);
      if (read.success) kept.push(read.data);
    }
    return kept;
  });

/** JSON that stands in a text, as safe as the body it stands in; null: it is none. */
export function jsonIn(given: unknown): object | null {
  if (typeof given !== 'string') return typeof given === 'object' ? given : null;
  const start = given.trimStart()[0];
  if (start !== '{' && start !== '[') return null;
  try {
    return parseJson(Buffer.from(given));
  } catch {
    // Text that only looks like JSON, or a hostile one: whoever asked goes on without it.
    return null;
  }
}
