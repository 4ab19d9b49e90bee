import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { coversAlways, nextOf, occurrences, type Repeating, unreadable, type Window } from './window.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const windowOf = (zone: string, when: Window['when']): Window => ({
  name: 'w',
  what: { everything: true },
  because: 'x',
  zone,
  when,
});
const daily = (zone: string, every: string, lastsFor: number, about: Partial<Repeating> = {}): Window =>
  windowOf(zone, { every, lastsFor, fromWall: null, untilWall: null, ...about });
const shown = (zone: string, at: number): string => DateTime.fromMillis(at, { zone }).toISO() ?? '';
const beginnings = (window: Window, from: string, until: string): string[] =>
  occurrences(window, Date.parse(from), Date.parse(until)).map(({ fromAt }) => shown(window.zone, fromAt));

const clocks = new Map<string, { at: number; today: string; shows: number }[]>();
function clockOf(zone: string, year: number) {
  const known = clocks.get(zone);
  if (known) return known;
  const all: { at: number; today: string; shows: number }[] = [];
  for (let at = Date.UTC(year, 0, 1) - 2 * day; at < Date.UTC(year + 1, 0, 1); at += 15 * minute) {
    const there = DateTime.fromMillis(at, { zone });
    all.push({ at, today: `${there.month}-${there.day}`, shows: there.hour * 60 + there.minute });
  }
  clocks.set(zone, all);
  return all;
}

/** What luxon's clock there says, minute by minute: it begins when the clock first shows the time, or jumps over it. */
function expectedOf(zone: string, year: number, hours: number, minutes: number, lastsFor: number): Set<number> {
  const clock = clockOf(zone, year);
  const inside = new Set<number>();
  const wanted = hours * 60 + minutes;
  let begun = '';
  const first = clock[0]?.at ?? 0;
  for (const { at, today, shows } of clock) {
    if (begun !== today && shows >= wanted) {
      begun = today;
      // The first look is in the middle of a day.
      if (at > first) for (let covered = at; covered < at + lastsFor; covered += 15 * minute) inside.add(covered);
    }
  }
  return inside;
}

describe.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])('a window every night in %s', (zone) => {
  it.each([
    ['30 2 * * *', 2, 30, 3 * hour],
    ['0 2 * * *', 2, 0, 45 * minute],
    ['15 1 * * *', 1, 15, 26 * hour],
  ])('%s is in or out at every quarter of a year as the clocks there say', (every, hours, minutes, lastsFor) => {
    const year = 2026;
    const expected = expectedOf(zone, year, hours, minutes, lastsFor);
    const found = occurrences(daily(zone, every, lastsFor), Date.UTC(year, 0, 2), Date.UTC(year, 11, 31));
    const differing: string[] = [];
    let next = 0;
    for (let at = Date.UTC(year, 0, 2); at < Date.UTC(year, 11, 30); at += 15 * minute) {
      while (next < found.length && (found[next]?.untilAt ?? 0) <= at) next++;
      const isIn = found.slice(next, next + 3).some(({ fromAt, untilAt }) => fromAt <= at && at < untilAt);
      if (isIn !== expected.has(at)) differing.push(shown(zone, at));
    }
    expect(differing).toEqual([]);
    const again = occurrences(
      daily(zone, `FREQ=DAILY`, lastsFor, { fromWall: Date.UTC(2020, 0, 1, hours, minutes) }),
      Date.UTC(year, 0, 2),
      Date.UTC(year, 11, 31),
    );
    expect(again).toEqual(found);
  });
});

describe('a window', () => {
  it('whose time is jumped over begins at the jump, and whose time comes twice begins once', () => {
    const night = daily('Europe/Berlin', '30 2 * * *', hour);
    expect(beginnings(night, '2026-03-28T12:00Z', '2026-03-30T12:00Z')).toEqual([
      '2026-03-29T03:00:00.000+02:00',
      '2026-03-30T02:30:00.000+02:00',
    ]);
    expect(beginnings(night, '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-25T02:30:00.000+02:00',
      '2026-10-26T02:30:00.000+01:00',
    ]);
    const island = daily('Australia/Lord_Howe', '15 2 * * *', hour);
    expect(beginnings(island, '2026-10-02T20:00Z', '2026-10-04T00:00Z')).toEqual(['2026-10-04T02:30:00.000+11:00']);
  });

  it('lasts as long by a stopwatch, whatever the clock does meanwhile', () => {
    const night = daily('Europe/Berlin', '0 1 * * *', 4 * hour);
    for (const { fromAt, untilAt } of occurrences(night, Date.UTC(2026, 2, 28), Date.UTC(2026, 2, 31)))
      expect(untilAt - fromAt).toBe(4 * hour);
  });

  it('that has begun before the time asked for is among those that touch it', () => {
    const long = daily('UTC', '0 12 * * mon', 3 * day);
    const thursday = Date.UTC(2026, 10, 26, 11, 59);
    expect(occurrences(long, thursday, thursday + minute)).toHaveLength(1);
    expect(occurrences(long, thursday + minute, thursday + hour)).toEqual([]);
  });

  it('repeats by an RRULE from its first time on, as often as that says, and not after its last day', () => {
    const fromWall = Date.UTC(2026, 10, 7, 2);
    const first = daily('UTC', 'RRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=3', hour, { fromWall });
    expect(beginnings(first, '2026-01-01', '2028-01-01')).toEqual([
      '2026-11-07T02:00:00.000Z',
      '2026-12-05T02:00:00.000Z',
      '2027-01-02T02:00:00.000Z',
    ]);
    const until = daily('UTC', 'FREQ=WEEKLY', hour, { fromWall, untilWall: Date.UTC(2026, 10, 21, 3) });
    expect(nextOf(until, Date.UTC(2026, 10, 1), { many: 9 })).toHaveLength(3);
    const cron = daily('UTC', '0 2 * * *', hour, { fromWall, untilWall: Date.UTC(2026, 10, 9) });
    expect(nextOf(cron, Date.UTC(2026, 10, 1), { many: 9 })).toHaveLength(2);
  });

  it('that never comes has no next one, and is found to have none soon', () => {
    const begun = performance.now();
    expect(nextOf(daily('UTC', '0 0 30 2 *', hour), Date.UTC(2026, 0, 1))).toEqual([]);
    const last = daily('UTC', 'FREQ=MONTHLY;BYMONTHDAY=31,-1', hour, { fromWall: Date.UTC(2026, 0, 31) });
    expect(beginnings(last, '2026-02-01', '2026-04-01').map((at) => at.slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-31',
    ]);
    const impossible = daily('UTC', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', hour, { fromWall: Date.UTC(2026, 0, 1) });
    expect(nextOf(impossible, Date.UTC(2026, 0, 1))).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('is told to be always only when it leaves no minute', () => {
    const now = Date.UTC(2026, 5, 1);
    expect(coversAlways(daily('UTC', '0 * * * *', hour), now)).toBe(true);
    expect(coversAlways(daily('UTC', '0 * * * *', 59 * minute), now)).toBe(false);
    expect(coversAlways(daily('Europe/Berlin', '0 0 * * *', 25 * hour), now)).toBe(true);
    expect(coversAlways(daily('Europe/Berlin', '0 0 1 7 *', hour), now)).toBe(false);
  });

  it('says why it cannot be read', () => {
    expect(unreadable('30 2 * * sat')).toBeNull();
    expect(unreadable('FREQ=WEEKLY;BYDAY=SA')).toBeNull();
    for (const bad of ['61 2 * * *', 'every night', '', 'FREQ=NEVER', 'FREQ=MINUTELY', '* * * * * *'])
      expect(unreadable(bad), bad).not.toBeNull();
  });
});
