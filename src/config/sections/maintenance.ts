import { z } from 'zod';
import { parseDate } from '../../playbooks/duration.js';
import { unreadable } from '../../quiet/window.js';
import { duration, fixes, line, named, rule, text, zone } from './words.js';

const dayMs = 86_400_000;
const longestMs = 31 * dayMs;

/** What a clock shows, in ms as if it were UTC; `day`: no time was written; `utc`: it was said to be UTC. */
export interface Wall {
  wallMs: number;
  day: boolean;
  utc: boolean;
}

const wallOf = (written: string): Wall | null => {
  const [, date = '', hour, minute, utc] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::00)?(Z)?)?$/.exec(written.trim()) ?? [];
  const day = parseDate(date);
  const minutes = Number(hour ?? 0) * 60 + Number(minute ?? 0);
  if (day === null || minutes > 24 * 60 || Number(minute ?? 0) > 59) return null;
  return { wallMs: day + minutes * 60_000, day: hour === undefined, utc: utc !== undefined };
};
const wall = text(
  (value) => wallOf(value) !== null,
  'is not a day or a time',
  'Write a day like 2026-12-05, or a time there like 2026-12-05 22:00.',
  '^\\d{4}-\\d\\d-\\d\\d([T ]\\d\\d:\\d\\d(:00)?Z?)?$',
).transform((value) => wallOf(value) as Wall);

const every = text(
  (value) => unreadable(value) === null,
  'does not say when it repeats',
  'Write five fields of cron, like "30 2 * * sat", or an RRULE, like FREQ=WEEKLY;BYDAY=SA.',
);

const pattern = line.describe('* stands for anything, capitals do not count');
const patterns = z.array(pattern).min(1).max(100);
const writeWhen = 'Write from and until, or every and for, like every: "30 2 * * sat" and for: 2h.';
fixes.set('never ends', writeWhen);

export const maintenance = named(
  z
    .strictObject({
      services: patterns.optional().describe('Alerts of one of these services'),
      names: patterns.optional().describe('Alerts of one of these names'),
      sources: patterns.optional().describe('Alerts of one of these senders'),
      hosts: patterns.optional().describe('Alerts of one of these hosts'),
      labels: z.record(line, pattern).optional().describe('Alerts with all of these labels'),
      everything: z.literal(true).optional().describe('Every alert, instead of the keys above'),
      from: wall.optional().describe('When it begins, or before which no repetition does; by the clock of its zone'),
      until: wall.optional().describe('When it ends, or after which no repetition begins'),
      every: every.optional().describe('When it begins again and again: cron, or an RRULE counted from `from`'),
      for: duration
        .refine((ms) => ms <= longestMs, rule('is too long', 'Write 31d or less.'))
        .optional()
        .describe('How long it lasts'),
      zone: zone.default('UTC').describe('Whose clock its times are read on'),
      because: line.describe('Why, as it stands on receipts'),
    })
    .refine(
      ({ services, names, sources, hosts, labels, everything }) =>
        (everything === true) !== [services, names, sources, hosts, labels].some((each) => each !== undefined),
      rule(
        'does not say which alerts it is for',
        'Give services, names, sources, hosts or labels, or everything: true and none of them.',
      ),
    )
    .refine(
      ({ every: again, from, until, for: lasts }) =>
        again === undefined
          ? from !== undefined && (until === undefined) !== (lasts === undefined)
          : lasts !== undefined,
      rule('does not say when it is', writeWhen),
    )
    .refine(
      ({ every: again, from }) => again === undefined || from !== undefined || !/FREQ=/i.test(again),
      rule('has an RRULE that begins nowhere', 'Give from: 2026-12-05 02:00, the first time it is counted from.'),
    )
    .describe('A time in which some alerts are expected, and nobody is told of them'),
);
