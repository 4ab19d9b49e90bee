import { z } from 'zod';
import { isZone } from '../../messages/zones.js';
import { parseDate, parseDuration } from '../../playbooks/duration.js';

/** What to write instead, by what is wrong. */
export const fixes = new Map<string, string>();

/** A text under a rule of its own; `fix` says what to write instead. */
export function text(holds: (value: string) => boolean, what: string, fix: string, pattern?: string) {
  fixes.set(what, fix);
  return z
    .string({ error: ({ input }) => (input === undefined ? undefined : what) })
    .refine(holds, { error: what })
    .meta(pattern === undefined ? {} : { pattern });
}

/** A rule over several keys of a map, for its `refine`. */
export function rule(what: string, fix: string): { error: string } {
  fixes.set(what, fix);
  return { error: what };
}

const matching = (pattern: RegExp, what: string, fix: string) =>
  text((value) => pattern.test(value), what, fix, pattern.source);

/** Of people, groups, services, sources: what other keys refer to. */
export const name = matching(
  /^[a-z0-9][a-z0-9._-]{0,62}$/,
  'is not a name',
  'Use lower case letters, digits, dots and dashes, beginning with a letter or digit.',
);

export const line = matching(/^\s*\S.{0,199}$/, 'is empty or too long', 'Write one line of at most 200 characters.');

const durationPattern = '^\\d{1,6} ?[a-z]+$';
const writeDuration = 'Write a number and a unit, like 30m, 2h or 7d.';

/** `30m` in ms. */
export const duration = text(
  (value) => parseDuration(value) !== null,
  'is not a duration',
  writeDuration,
  durationPattern,
).transform((value) => parseDuration(value) as number);

/** `30m` in ms, or `never`: null. */
export const durationOrNever = text(
  (value) => value === 'never' || parseDuration(value) !== null,
  'is not a duration',
  'Write a number and a unit, like 30m or 2h, or never.',
  `^never$|${durationPattern}`,
).transform((value) => parseDuration(value));

export const zone = text(isZone, 'is not a time zone', 'Write an IANA name, like Europe/Berlin.');

/** Nothing in it could end a line or a command of a mail server. */
export const email = text(
  (value) => /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+\.[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(value),
  'is not an e-mail address',
  'Write one like ada@example.com.',
);

export const httpUrl = text(
  (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
  'is not an http or https address',
  'Write a whole address, like https://muster.example.com.',
  '^https?://',
);

const instantOf = (value: string): number | null => {
  const day = parseDate(value);
  if (day !== null) return day;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(value) && !Number.isNaN(Date.parse(value))
    ? Date.parse(value)
    : null;
};

/** A day (its beginning, UTC) or `2026-11-01T08:00Z`, as ms since the epoch. */
export const instant = text(
  (value) => instantOf(value) !== null,
  'is not a time',
  'Write a day like 2026-11-01, or 2026-11-01T08:00Z.',
  '^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d(:\\d\\d)?Z)?$',
).transform((value) => instantOf(value) as number);

/** A map by name. */
export const named = <T extends z.ZodType>(entry: T) => z.record(name, entry);
