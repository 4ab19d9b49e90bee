import { z } from 'zod';
import { parseDate, parseDuration } from '../../playbooks/duration.js';
import { secret } from './audiences.js';
import { duration, fixes, line, name, named, rule, text, zone } from './words.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const isPlace = (value: string): boolean =>
  /^(?:https?|webcals?):\/\//i.test(value)
    ? URL.canParse(value.replace(/^webcal/i, 'http'))
    : !/^\w+:\/\/|\n/.test(value);
const place = text(
  (value) => value.trim() !== '' && isPlace(value),
  'is not an address or a file',
  'Write the https or webcal address your tool shows, a path like ./primary.ics, or { env: NAME } to keep the address out of this file.',
);
const noPlace = 'is neither an address or a file, nor where the address is kept';
fixes.set(noPlace, 'Write https://… or ./primary.ics, or { env: NAME } or { file: /path } where the address is kept.');
const ical = z.union([place, secret], { error: noPlace });

const date = text(
  (value) => parseDate(value) !== null,
  'is not a day',
  'Write a day like 2026-11-23.',
  '^\\d{4}-\\d\\d-\\d\\d$',
).transform((value) => parseDate(value) as number);

const timeOf = (value: string): number | null => {
  const [, hour, minute] = /^(\d\d?):(\d\d)$/.exec(value) ?? [];
  const ms = Number(hour) * hourMs + Number(minute) * minuteMs;
  return hour !== undefined && Number(minute) < 60 && ms <= dayMs ? ms : null;
};
const timeOfDay = text(
  (value) => timeOf(value) !== null,
  'is not a time of day',
  'Write one from 00:00 to 24:00, like 09:00.',
  '^\\d\\d?:\\d\\d$',
).transform((value) => timeOf(value) as number);

/** 1 Monday … 7 Sunday, by at least three letters; 0: none. */
const dayOf = (word: string): number =>
  word.length < 3 ? 0 : weekdays.findIndex((day) => day.startsWith(word.toLowerCase())) + 1;
const isDay = (word: string): boolean => dayOf(word) > 0;

const daysOf = (value: string): number[] => {
  const [first = '', last = first] = value.split('-').map((word) => word.trim());
  if (!isDay(first) || !isDay(last)) return [];
  const length = ((dayOf(last) - dayOf(first) + 7) % 7) + 1;
  return Array.from({ length }, (_, i) => ((dayOf(first) - 1 + i) % 7) + 1);
};
const days = text(
  (value) => daysOf(value).length > 0,
  'is not a day of the week',
  'Write days like mon, or several like mon-fri.',
).transform(daysOf);

/** In ms; the day of the week is 1 Monday … 7 Sunday, null when it is left out. */
const handoffOf = (value: string): { day: number | null; time: number } | null => {
  const [, word, clock = ''] = /^(?:([a-z]{3,9})\s+)?(\d\d?:\d\d)$/i.exec(value.trim()) ?? [];
  const time = timeOf(clock);
  if (time === null || time === dayMs || (word !== undefined && !isDay(word))) return null;
  return { day: word === undefined ? null : dayOf(word), time };
};
const handoff = text(
  (value) => handoffOf(value) !== null,
  'is not a time to hand over',
  'Write a time like 09:00, or with a day, like Mon 09:00.',
).transform((value) => handoffOf(value) as NonNullable<ReturnType<typeof handoffOf>>);

const turnOf = (value: string): number | null => {
  const named = { hourly: hourMs, daily: dayMs, weekly: 7 * dayMs }[value];
  const ms = named ?? parseDuration(value);
  return ms !== null && ms % hourMs === 0 && ms <= 366 * dayMs ? ms : null;
};
const turn = text(
  (value) => turnOf(value) !== null,
  'is not how long a turn is',
  'Write weekly, daily, or whole hours, days or weeks, like 12h, 3d or 2w.',
).transform((value) => turnOf(value) as number);

const only = z
  .strictObject({
    days: z.array(days).min(1).optional().describe('Days of the week, like mon-fri; every day when left out'),
    from: timeOfDay.optional().describe('Begins then; 00:00 when left out'),
    until: timeOfDay.optional().describe('Ends then; on the next day when that is no later than it begins'),
  })
  .refine(
    (given) => Object.keys(given).length > 0,
    rule('restricts nothing', 'Give days, from or until, or take it out.'),
  );

const layer = z
  .strictObject({
    people: z.array(name).min(1).describe('People or groups, in the order in which they take turns'),
    rotate: turn.optional().describe('How long a turn is: weekly (also when left out), daily, 12h, 3d, 2w'),
    handoff: handoff.optional().describe('When a turn begins, like Mon 09:00; 00:00 when left out'),
    from: date.describe('The layer begins at the first handoff on or after this day, with the first of the people'),
    until: date.optional().describe('The last day of the layer'),
    only: z.array(only).default([]).describe('It applies only then; turns go on meanwhile'),
  })
  .describe('People who take turns; a layer further down goes before those above it');

const holiday = z.union(
  [
    date.transform((day) => ({ day, people: [] as string[] })),
    z.strictObject({ date, people: z.array(name).default([]) }).transform(({ date: day, people }) => ({ day, people })),
  ],
  { error: 'is not a holiday' },
);
fixes.set('is not a holiday', 'Write a day like 2026-12-25, or { date: 2026-12-25, people: [ada] }.');

const ofRotation = ['layers', 'holidays'] as const;
const ofCalendar = ['refresh', 'names'] as const;

const schedule = z
  .strictObject({
    ical: ical.optional().describe('The calendar of the tool you have: its https or webcal address, or a file'),
    refresh: duration
      .refine((ms) => ms >= minuteMs, rule('is too often', 'Write 1m or more, like 15m.'))
      .optional()
      .describe('How often the calendar is read; every 15 minutes when left out'),
    names: z
      .record(line, name)
      .optional()
      .describe('Ids of people by what the calendar calls them, where that is not their name, id or e-mail address'),
    zone: zone.optional().describe('The zone of the rotation, or of times in the calendar that name none'),
    layers: z.array(layer).min(1).max(20).optional().describe('A rotation of your own'),
    holidays: z
      .array(holiday)
      .max(500)
      .optional()
      .describe('Days that count as a Sunday; with people, they are on call all of it'),
  })
  .refine(
    ({ ical, layers }) => (ical === undefined) !== (layers === undefined),
    rule(
      'needs ical or layers, and only one of them',
      'Give ical: https://…, or layers: [{ people: [ada, bob], from: 2026-11-23 }].',
    ),
  )
  .refine(
    ({ layers, zone }) => layers === undefined || zone !== undefined,
    rule('has layers without a zone', 'Give the zone handoffs are in, like zone: Europe/Berlin.'),
  )
  .refine(
    (given) => given.ical === undefined || ofRotation.every((key) => given[key] === undefined),
    rule('has a calendar, and keys of a rotation', 'Take layers and holidays out: the calendar says all of it.'),
  )
  .refine(
    (given) => given.layers === undefined || ofCalendar.every((key) => given[key] === undefined),
    rule('has layers, and keys of a calendar', 'Take refresh and names out: they are for ical.'),
  );

export const onCall = z
  .strictObject({
    schedules: named(schedule.describe('Who is on call when, by the name escalations and `oncall` use')).default({}),
  })
  .describe('Who is on call: calendars of the tool you have, or rotations of your own');
