import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from './config.js';
import { readConfig } from './read.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-on-call-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const people = `open-on-loopback: true
people: { ada: { name: Ada, groups: [platform] }, bob: { name: Bob } }
groups: { platform: [bob] }
on-call:
  schedules:
`;
function read(schedules: string, env: Record<string, string> = {}): ReturnType<typeof readConfig> {
  writeFileSync(join(folder, 'muster.yaml'), people + schedules.replace(/^/gm, '    '));
  return readConfig(env, folder);
}
const schedules = (text: string, env?: Record<string, string>): Config['onCall'] => {
  const config = read(text, env);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  return config.onCall;
};
const problems = (text: string, env?: Record<string, string>): string[] => {
  const config = read(text, env);
  return Array.isArray(config)
    ? config.map(({ where, what, fix }) => `${where.replace(/.*yaml/, '')} ${what} ${fix}`)
    : [];
};
const hourMs = 3_600_000;
const wall = (text: string): number => Date.parse(`${text}Z`);

describe('schedules in muster.yaml', () => {
  it('are calendars at an address, in a file, or at an address that is kept elsewhere', () => {
    writeFileSync(join(folder, 'address'), 'https://calendar.example/private/FILE\n');
    expect(
      schedules(
        [
          'a: { ical: webcal://calendar.example/private/SECRET, refresh: 5m, zone: Europe/Berlin, names: { "A. L.": ada } }',
          'b: { ical: ./b.ics }',
          'c: { ical: { env: CALENDAR } }',
          'd: { ical: { file: ./address } }',
        ].join('\n'),
        { CALENDAR: 'webcals://calendar.example/private/ENV' },
      ),
    ).toMatchObject([
      {
        name: 'a',
        place: 'https://calendar.example/private/SECRET',
        refreshEveryMs: 300_000,
        zone: 'Europe/Berlin',
        names: { 'A. L.': 'ada' },
      },
      { name: 'b', place: join(folder, 'b.ics'), refreshEveryMs: 900_000, zone: null, names: {} },
      { name: 'c', place: 'https://calendar.example/private/ENV' },
      { name: 'd', place: 'https://calendar.example/private/FILE' },
    ]);
  });

  it('are rotations, with groups written out and the first handoff on or after the day', () => {
    expect(
      schedules(`a:
  zone: Europe/Berlin
  layers:
    - { people: [platform], handoff: Mon 09:00, from: 2026-11-18, until: 2026-12-31 }
    - { people: [ada], rotate: 12h, handoff: 9:00, from: 2026-11-18, only: [{ days: [fri-sun, tue], from: 18:00, until: 09:00 }] }
  holidays: [2026-12-25, { date: 2026-12-26, people: [platform] }]
`),
    ).toEqual([
      {
        name: 'a',
        kind: 'rotation',
        zone: 'Europe/Berlin',
        layers: [
          {
            people: ['bob', 'ada'],
            turnFor: 7 * 24 * hourMs,
            startsAt: wall('2026-11-23T09:00'),
            endsAt: wall('2027-01-01T00:00'),
            only: [],
          },
          {
            people: ['ada'],
            turnFor: 12 * hourMs,
            startsAt: wall('2026-11-18T09:00'),
            endsAt: null,
            only: [{ days: [5, 6, 7, 2], fromTime: 18 * hourMs, untilTime: 9 * hourMs }],
          },
        ],
        holidays: [
          { day: wall('2026-12-25T00:00'), people: [] },
          { day: wall('2026-12-26T00:00'), people: ['bob', 'ada'] },
        ],
      },
    ]);
  });

  it.each([
    ['a: { zone: UTC }', 'needs ical or layers, and only one of them'],
    ['a: { layers: [{ people: [ada], from: 2026-11-01 }] }', 'has layers without a zone'],
    ['a: { ical: ./a.ics, holidays: [2026-12-25] }', 'has a calendar, and keys of a rotation'],
    [
      'a: { zone: UTC, refresh: 5m, layers: [{ people: [ada], from: 2026-11-01 }] }',
      'has layers, and keys of a calendar',
    ],
    ['a: { ical: ./a.ics, refresh: 10s }', 'is too often'],
    ['a: { zone: UTC, layers: [{ people: [ada] }] }', 'from'],
    ['a: { zone: UTC, layers: [{ people: [ada], from: 2026-02-30 }] }', 'is not a day'],
    [
      'a: { zone: UTC, layers: [{ people: [ada], from: 2026-11-01, handoff: Monk 09:00 }] }',
      'is not a time to hand over',
    ],
    ['a: { zone: UTC, layers: [{ people: [ada], from: 2026-11-01, rotate: 90m }] }', 'is not how long a turn is'],
    ['a: { zone: UTC, layers: [{ people: [ada], from: 2026-11-01, only: [{}] }] }', 'restricts nothing'],
    [
      'a: { zone: UTC, layers: [{ people: [ada], from: 2026-11-01, only: [{ days: [someday] }] }] }',
      'is not a day of the week',
    ],
    [
      'a: { zone: UTC, layers: [{ people: [ada], from: 2026-11-01, only: [{ from: "24:30" }] }] }',
      'is not a time of day',
    ],
    ['a: { zone: UTC, layers: [{ people: [zed], from: 2026-11-01 }] }', 'There is no person or group "zed".'],
    ['a: { ical: ./a.ics, names: { Zed: zed } }', 'There is no person "zed".'],
    ['a: { ical: { env: NOWHERE } }', 'NOWHERE: It is not set.'],
  ])('%s is refused with its place and what to do', (text, what) => {
    const [first, ...more] = problems(text);
    expect(first).toMatch(/^:\d+:\d+ .+ .+/);
    expect(first).toContain(what);
    expect(more).toEqual([]);
  });

  it('never shows what may be a secret', () => {
    const told = [
      ...problems('a: { ical: "ftp://calendar.example/SECRET" }'),
      ...problems('a: { ical: { env: CALENDAR } }', { CALENDAR: 'not an address SECRET' }),
    ];
    expect(told).toHaveLength(2);
    expect(told.join()).not.toContain('SECRET');
  });
});
