import { z } from 'zod';
import { severities } from '../../incident/state.js';
import { duration, fixes, line, name, text, zone } from './words.js';

const writePattern = 'Write a text, a /pattern/ between slashes, or a list of them.';
fixes.set('is not a text or a list of texts', writePattern);
const scalar = z.union([z.string().min(1).max(500), z.number(), z.boolean()]).transform(String);
const texts = z
  .union([scalar, z.array(scalar).min(1).max(100)], { error: 'is not a text or a list of texts' })
  .transform((given) => (Array.isArray(given) ? given : [given]));

const clock = /^([01]\d|2[0-3]):([0-5]\d)$/;
const minutesOf = (value: string): number | null => {
  const [, hours, minutes] = clock.exec(value.trim()) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
};
function betweenOf(value: string): { from: number; to: number } | null {
  const [from, to, ...more] = value.split('-').map(minutesOf);
  return from == null || to == null || more.length > 0 || from === to ? null : { from, to };
}
const between = text(
  (value) => betweenOf(value) !== null,
  'is not a time of day from and to',
  'Write it like "22:00-06:00"; over midnight is fine.',
  '^\\s*\\d\\d:\\d\\d\\s*-\\s*\\d\\d:\\d\\d\\s*$',
).transform((value) => betweenOf(value) as { from: number; to: number });

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const tier = z.int().min(1).max(3);
const tiers = z
  .union([tier, z.array(tier).min(1)], { error: 'is not a tier or a list of tiers' })
  .transform((given) => (Array.isArray(given) ? given : [given]));
fixes.set('is not a tier or a list of tiers', 'Write 1, 2 or 3, or a list like [1, 2].');

const test = z.strictObject({
  source: texts.optional().describe('Names or kinds of sources'),
  service: texts.optional(),
  severity: texts.optional().describe('The word of the sender, or critical, warning, info or none'),
  name: texts.optional().describe('Of the alert, e.g. the alertname'),
  summary: texts.optional(),
  host: texts.optional(),
  labels: z.record(z.string().min(1).max(128), texts).optional().describe('Each must be there and fit'),
  tier: tiers.optional().describe('Of its service'),
  between: between.optional().describe('Times of day, as "22:00-06:00"'),
  days: z.array(z.enum(weekdays)).min(1).optional().describe('A night belongs to the day it began on'),
  zone: zone.optional().describe('Whose clock: the first of zones when left out, else UTC'),
});

const notThen = 'is not what can become of an alert';
fixes.set(
  notThen,
  'Write usual, open, queue or ignore, or { open: sev2 }, { open-as: sev2 } or { attach: <service> }.',
);
const then = z
  .union(
    [
      z.enum(['usual', 'open', 'queue', 'ignore']),
      z.strictObject({ open: z.enum(severities) }),
      z.strictObject({ 'open-as': z.enum(severities) }),
      z.strictObject({ attach: name }),
    ],
    { error: notThen },
  )
  .describe('What becomes of the alerts that fit; as usual when left out');

const notKey = 'is not what alerts can be grouped by';
const key = text(
  (value) => /^(?:service|source|host|name|label:.{1,128})$/.test(value),
  notKey,
  'Write service, source, host, name or label:<name>.',
  '^(service|source|host|name|label:.{1,128})$',
);
const group = z.strictObject({
  by: z
    .array(key)
    .min(1)
    .max(5)
    .optional()
    .describe('service, source, host, name or label:<name>; as usual when left out'),
  window: duration
    .optional()
    .describe('An alert joins what is open only this long after the last alert there; however late when left out'),
});

const never = z.literal('never');
const orNever = <T extends z.ZodType>(rule: T, what: string, fix: string) => {
  fixes.set(what, fix);
  return z.union([never, rule], { error: what });
};
/** No more episodes of one alert are looked at. */
const times = z.int().min(2).max(8);
const many = z.int().min(2).max(100_000);

export const intake = z
  .strictObject({
    group: group.optional().describe('What belongs to one incident, where no rule says so'),
    flap: orNever(
      z.strictObject({
        times: times.optional().describe('How often it began; 3 when left out'),
        within: duration.optional().describe('30m when left out'),
        'quiet-for': duration
          .optional()
          .describe('How long it must be quiet before it counts as clear; 15m when left out'),
      }),
      'is not a rule for alerts that come and go',
      'Write never, or { times: 3, within: 30m, quiet-for: 15m }.',
    )
      .optional()
      .describe('An alert that comes and goes is told once, and is clear once it has been quiet'),
    storm: orNever(
      z.strictObject({
        alerts: many.optional().describe('More alerts of one source than this, 50 when left out,'),
        incidents: many.optional().describe('or more incidents and entries than this, 10 when left out,'),
        within: duration.optional().describe('in this time, 1m when left out, are a storm'),
        'over-after': duration
          .optional()
          .describe('How long nothing new must have come for it to be over; 10m when left out'),
      }),
      'is not a rule for storms',
      'Write never, or { alerts: 50, incidents: 10, within: 1m, over-after: 10m }.',
    )
      .optional()
      .describe('What comes all at once becomes one incident'),
    rules: z
      .array(
        z
          .strictObject({
            name: line.optional().describe('As people will read it; its number when left out'),
            when: test.prefault({}).describe('All of it must fit; every alert when left out'),
            unless: test.optional().describe('Alerts that fit this too are left alone'),
            // biome-ignore lint/suspicious/noThenProperty: the word of the file; nobody awaits its shape.
            then: then.default('usual'),
            group: group.optional(),
            because: line.describe('Why; it stands with every alert the rule decides about'),
          })
          .describe('The first that fits decides'),
      )
      .max(500)
      .default([])
      .describe('What becomes of alerts, the first rule that fits'),
  })
  .describe('What is done with alerts as they come in');
export type IntakeFile = z.output<typeof intake>;
