import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { dayMs, entriesOf, type Layer, type Rotation } from './rotation.js';
import { gapsOf, type Shift, shiftAt, shiftsBetween } from './shift.js';
import { wallIn } from './wall.js';

const hourMs = 3_600_000;
const wall = (text: string): number => Date.parse(`${text}Z`);
const at = (text: string): number => DateTime.fromISO(text, { setZone: true }).toMillis();

const layer = (people: string[], about: Partial<Layer> = {}): Layer => ({
  people,
  turnFor: 7 * dayMs,
  startsAt: wall('2026-01-05T09:00'),
  endsAt: null,
  only: [],
  ...about,
});
const rotation = (zone: string, layers: Layer[], holidays: Rotation['holidays'] = []): Rotation => ({
  zone,
  layers,
  holidays,
});
const shiftsOf = (of: Rotation, from: string, until: string): Shift[] =>
  shiftsBetween(at(from), at(until), entriesOf(of, at(from), at(until)));
/** As the wall of the zone shows it, with its offset. */
const shown = (of: Rotation, from: string, until: string): string[] =>
  shiftsOf(of, from, until).map(
    ({ fromAt, people }) =>
      `${DateTime.fromMillis(fromAt, { zone: of.zone }).toFormat('LL-dd HH:mm ZZ')} ${people.join('+') || 'nobody'}`,
  );

describe('a rotation', () => {
  it('begins with its first handoff, and its people take turns from there', () => {
    expect(shown(rotation('UTC', [layer(['ada', 'bob'])]), '2026-01-05T00:00Z', '2026-01-20T00:00Z')).toEqual([
      '01-05 00:00 +00:00 nobody',
      '01-05 09:00 +00:00 ada',
      '01-12 09:00 +00:00 bob',
      '01-19 09:00 +00:00 ada',
    ]);
  });

  it('lets a layer further down go before those above it, only when it applies', () => {
    const office = layer(['cleo'], {
      turnFor: dayMs,
      only: [{ days: [1, 2, 3, 4, 5], fromTime: 9 * hourMs, untilTime: 17 * hourMs }],
    });
    expect(shown(rotation('UTC', [layer(['ada']), office]), '2026-01-09T12:00Z', '2026-01-12T12:00Z')).toEqual([
      '01-09 12:00 +00:00 cleo',
      '01-09 17:00 +00:00 ada',
      '01-12 09:00 +00:00 cleo',
    ]);
  });

  it('takes a restriction past midnight for part of the day it begins on', () => {
    const nights = layer(['ada'], { only: [{ days: [5], fromTime: 22 * hourMs, untilTime: 6 * hourMs }] });
    expect(shown(rotation('UTC', [nights]), '2026-01-09T00:00Z', '2026-01-11T00:00Z')).toEqual([
      '01-09 00:00 +00:00 nobody',
      '01-09 22:00 +00:00 ada',
      '01-10 06:00 +00:00 nobody',
    ]);
  });

  it('counts a holiday as a Sunday, and gives it to those it names', () => {
    const weekdays = layer(['ada'], { only: [{ days: [1, 2, 3, 4, 5], fromTime: 0, untilTime: dayMs }] });
    const weekend = layer(['bob'], { only: [{ days: [6, 7], fromTime: 0, untilTime: dayMs }] });
    const of = rotation(
      'Europe/Berlin',
      [weekdays, weekend],
      [
        { day: wall('2026-12-24T00:00'), people: [] },
        { day: wall('2026-12-25T00:00'), people: ['cleo', 'dan'] },
      ],
    );
    expect(shown(of, '2026-12-23T12:00Z', '2026-12-27T12:00Z')).toEqual([
      '12-23 13:00 +01:00 ada',
      '12-24 00:00 +01:00 bob',
      '12-25 00:00 +01:00 cleo+dan',
      '12-26 00:00 +01:00 bob',
    ]);
  });

  it('ends with its last day', () => {
    const short = layer(['ada'], { endsAt: wall('2026-01-08T00:00') });
    expect(shown(rotation('UTC', [short]), '2026-01-07T00:00Z', '2026-01-09T00:00Z')).toEqual([
      '01-07 00:00 +00:00 ada',
      '01-08 00:00 +00:00 nobody',
    ]);
  });
});

describe('when the clocks change', () => {
  const halves = (zone: string): Rotation =>
    rotation(zone, [layer(['ada', 'bob'], { turnFor: 12 * hourMs, startsAt: wall('2026-01-01T09:00') })]);

  it.each([
    {
      zone: 'Europe/Berlin',
      spring: ['2026-03-28T12:00Z', '2026-03-29T22:00Z'],
      sprung: ['03-28 13:00 +01:00 ada', '03-28 21:00 +01:00 bob', '03-29 09:00 +02:00 ada', '03-29 21:00 +02:00 bob'],
      night: 11,
      autumn: ['2026-10-24T12:00Z', '2026-10-25T22:00Z'],
      fallen: ['10-24 14:00 +02:00 ada', '10-24 21:00 +02:00 bob', '10-25 09:00 +01:00 ada', '10-25 21:00 +01:00 bob'],
      longNight: 13,
    },
    {
      zone: 'America/New_York',
      spring: ['2026-03-07T18:00Z', '2026-03-09T02:00Z'],
      sprung: ['03-07 13:00 -05:00 ada', '03-07 21:00 -05:00 bob', '03-08 09:00 -04:00 ada', '03-08 21:00 -04:00 bob'],
      night: 11,
      autumn: ['2026-10-31T18:00Z', '2026-11-02T03:00Z'],
      fallen: ['10-31 14:00 -04:00 ada', '10-31 21:00 -04:00 bob', '11-01 09:00 -05:00 ada', '11-01 21:00 -05:00 bob'],
      longNight: 13,
    },
    {
      zone: 'Australia/Lord_Howe',
      spring: ['2026-10-03T02:30Z', '2026-10-04T11:00Z'],
      sprung: ['10-03 13:00 +10:30 ada', '10-03 21:00 +10:30 bob', '10-04 09:00 +11:00 ada', '10-04 21:00 +11:00 bob'],
      night: 11.5,
      autumn: ['2026-04-04T02:00Z', '2026-04-05T11:30Z'],
      fallen: ['04-04 13:00 +11:00 ada', '04-04 21:00 +11:00 bob', '04-05 09:00 +10:30 ada', '04-05 21:00 +10:30 bob'],
      longNight: 12.5,
    },
  ])('hands over at the same time on the wall in $zone, and the night is shorter or longer', (story) => {
    const { zone, spring, sprung, night, autumn, fallen, longNight } = story;
    const [s0 = '', s1 = ''] = spring;
    const [a0 = '', a1 = ''] = autumn;
    expect(shown(halves(zone), s0, s1)).toEqual(sprung);
    expect(shown(halves(zone), a0, a1)).toEqual(fallen);
    const hours = ({ fromAt, untilAt }: Shift): number => (untilAt - fromAt) / hourMs;
    expect(hours(shiftsOf(halves(zone), s0, s1)[1] as Shift)).toBe(night);
    expect(hours(shiftsOf(halves(zone), a0, a1)[1] as Shift)).toBe(longNight);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z', '03-29 03:00 +02:00 bob'],
    ['America/New_York', '2026-03-07T18:00Z', '2026-03-08T18:00Z', '03-08 03:00 -04:00 bob'],
    ['Australia/Lord_Howe', '2026-10-03T02:30Z', '2026-10-04T02:30Z', '10-04 02:30 +11:00 bob'],
  ])(
    'hands over at the jump in %s when the time of the handoff does not exist that night',
    (zone, from, until, jump) => {
      const daily = rotation(zone, [layer(['ada', 'bob'], { turnFor: dayMs, startsAt: wall('2026-01-01T02:15') })]);
      expect(
        shown(daily, from, until)
          .slice(1)
          .map((line) => line.replace(/ \w+$/, '')),
      ).toEqual([jump.replace(/ \w+$/, '')]);
    },
  );

  it.each([
    ['Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T12:00Z', '10-25 02:15 +02:00'],
    ['America/New_York', '2026-10-31T16:00Z', '2026-11-01T16:00Z', '11-01 01:15 -04:00'],
    ['Australia/Lord_Howe', '2026-04-04T02:00Z', '2026-04-05T02:00Z', '04-05 01:45 +11:00'],
  ])(
    'hands over once in %s when the time of the handoff comes twice that night: the first time',
    (zone, from, until, first) => {
      const [, time] = first.split(' ');
      const daily = rotation(zone, [layer(['ada', 'bob'], { turnFor: dayMs, startsAt: wall(`2026-01-01T${time}`) })]);
      expect(
        shown(daily, from, until)
          .slice(1)
          .map((line) => line.replace(/ \w+$/, '')),
      ).toEqual([first]);
    },
  );
});

const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kolkata', 'Africa/Casablanca'];
const anyInstant = fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-12-31T00:00Z') });

describe('a wall clock', () => {
  it('shows at each instant a time that leads back to it, or to the first time it showed that', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyInstant, (zone, instant) => {
        const { instantOf, wallOf } = wallIn(zone);
        const back = instantOf(wallOf(instant));
        expect(wallOf(back)).toBe(wallOf(instant));
        expect(instant - back).toBeGreaterThanOrEqual(0);
        expect(instant - back).toBeLessThanOrEqual(hourMs);
      }),
      { numRuns: 400 },
    );
  });

  it('never runs backwards: a later time on the wall is no earlier instant', () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), anyInstant, fc.nat(3 * hourMs), (zone, wallMs, later) => {
        const { instantOf } = wallIn(zone);
        expect(instantOf(wallMs + later)).toBeGreaterThanOrEqual(instantOf(wallMs));
      }),
      { numRuns: 400 },
    );
  });
});

describe('any rotation', () => {
  const time = fc.integer({ min: 0, max: 24 * 4 }).map((quarters) => quarters * 15 * 60_000);
  const only = fc.record({
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    fromTime: time,
    untilTime: time,
  });
  const layers = fc.array(
    fc.record({
      people: fc.uniqueArray(fc.constantFrom('ada', 'bob', 'cleo', 'dan'), { minLength: 1 }),
      turnFor: fc.constantFrom(hourMs, 5 * hourMs, 12 * hourMs, dayMs, 3 * dayMs, 7 * dayMs),
      startsAt: fc
        .integer({ min: 0, max: 14 * 24 * 4 })
        .map((quarters) => wall('2026-03-16T00:00') + quarters * 15 * 60_000),
      endsAt: fc.option(fc.constant(wall('2026-04-20T00:00'))),
      only: fc.array(only, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const holidays = fc.array(
    fc.record({
      day: fc.integer({ min: 0, max: 30 }).map((day) => wall('2026-03-20T00:00') + day * dayMs),
      people: fc.constantFrom<string[]>([], ['eve']),
    }),
    { maxLength: 2 },
  );

  /** Who it is, looked at one instant alone and by nothing but the wall. */
  function expected({ zone, layers, holidays }: Rotation, instant: number): string[] {
    const shows = wallIn(zone).wallOf(instant);
    const day = Math.floor(shows / dayMs) * dayMs;
    const named = holidays.find((each) => each.day === day && each.people.length > 0);
    if (named) return named.people;
    const weekday = (of: number): number =>
      holidays.some((each) => each.day === of) ? 7 : new Date(of).getUTCDay() || 7;
    const within = ({ days, fromTime, untilTime }: Layer['only'][number]): boolean =>
      [day, day - dayMs].some(
        (begins) =>
          days.includes(weekday(begins)) &&
          shows >= begins + fromTime &&
          shows < begins + untilTime + (untilTime <= fromTime ? dayMs : 0),
      );
    const on = layers.findLast(
      ({ startsAt, endsAt, only }) =>
        shows >= startsAt && (endsAt === null || shows < endsAt) && (only.length === 0 || only.some(within)),
    );
    return on ? [on.people[Math.floor((shows - on.startsAt) / on.turnFor) % on.people.length] as string] : [];
  }

  it('has exactly the holder its rules name at each instant, and gaps exactly where they name none', () => {
    fc.assert(
      fc.property(
        fc.record({ zone: fc.constantFrom(...zones), layers, holidays }),
        fc.array(fc.integer({ min: at('2026-03-20T00:00Z'), max: at('2026-04-24T00:00Z') }), {
          minLength: 20,
          maxLength: 20,
        }),
        (of, instants) => {
          const shifts = shiftsOf(of, '2026-03-19T00:00Z', '2026-04-25T00:00Z');
          const gaps = gapsOf(shifts);
          for (const instant of instants) {
            // In the hour that comes twice the wall alone does not say which of the two it is.
            const { instantOf, wallOf } = wallIn(of.zone);
            const next = [...new Set([instant, instantOf(wallOf(instant))])];
            const held = expected(of, instant);
            if (next.length === 1) expect(shiftAt(shifts, instant)?.people).toEqual(held);
            else continue;
            expect(gaps.some(({ fromAt, untilAt }) => fromAt <= instant && instant < untilAt)).toBe(held.length === 0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
