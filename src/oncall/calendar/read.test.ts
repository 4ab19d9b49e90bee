import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarLimits } from './limits.js';
import { readCalendar } from './read.js';

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
const at = (text: string): number => Date.parse(`${text}Z`);
const asked = { fromAt: at('2026-11-14T00:00'), untilAt: at('2027-01-01T00:00'), zone: null as string | null };
const told = async (text: string, about: Partial<typeof asked> = {}) => {
  const { times, notes } = await readCalendar(text, { ...asked, ...about });
  return { times: times.map(({ fromAt, untilAt, title }) => `${iso(fromAt)} ${iso(untilAt)} ${title}`), notes };
};
const fixture = (name: string): string => readFileSync(`test/fixtures/oncall/${name}.ics`, 'utf8');

const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const entry = (...lines: string[]): string[] => ['BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT'];
const daily = (rule: string): string =>
  calendar(...entry('DTSTART:20261120T080000Z', 'DTEND:20261121T080000Z', `RRULE:${rule}`, 'SUMMARY:Ada'));

describe('calendars of the tools teams have', () => {
  it('PagerDuty: UTC, addresses without mailto, folded lines', async () => {
    const { times, notes } = await readCalendar(fixture('pagerduty'), asked);
    expect(notes).toEqual([]);
    expect(
      times.map(({ fromAt, untilAt, title, attendees }) => [iso(fromAt), iso(untilAt), title, attendees[0]?.email]),
    ).toEqual([
      ['2026-11-16T08:00', '2026-11-23T08:00', 'On Call - Ada Lovelace - Primary', 'ada@example.com'],
      [
        '2026-11-23T08:00',
        '2026-11-25T08:00',
        'On Call - Bob Stone - Primary rotation of the platform team',
        'bob@example.com',
      ],
      ['2026-11-25T08:00', '2026-11-30T08:00', 'On Call - Zed Zimmer - Primary', 'zed@elsewhere.example'],
    ]);
  });

  it('Opsgenie: titles are addresses or names', async () => {
    expect((await told(fixture('opsgenie'))).times).toEqual([
      '2026-11-21T08:00 2026-11-22T08:00 ada@example.com',
      '2026-11-22T08:00 2026-11-23T08:00 Bob Stone (weekdays)',
      '2026-11-23T08:00 2026-11-24T08:00 platform_escalation_team',
    ]);
  });

  it('Grafana OnCall: levels in front of names, every other week', async () => {
    const { times } = await readCalendar(fixture('grafana'), asked);
    expect(times.slice(1, 4).map(({ fromAt, level, title }) => [iso(fromAt), level, title])).toEqual([
      ['2026-11-16T08:00', 1, 'ada'],
      ['2026-11-21T18:00', 2, 'cleo'],
      ['2026-11-23T08:00', 1, 'bob'],
    ]);
  });

  it('Google: weeks in a zone, an exception, one that was shortened, all-day entries, who declined', async () => {
    const { times, notes } = await readCalendar(fixture('google'), asked);
    expect(notes).toEqual([]);
    expect(times.map(({ fromAt, untilAt, title }) => `${iso(fromAt)} ${iso(untilAt)} ${title}`)).toEqual([
      '2026-11-09T08:00 2026-11-16T08:00 On call: Bob',
      '2026-11-16T08:00 2026-11-23T08:00 Week of A.',
      '2026-11-23T08:00 2026-11-28T08:00 On call: Bob',
      '2026-11-27T23:00 2026-11-29T23:00 Cleo',
      '2026-12-07T08:00 2026-12-14T08:00 On call: Bob',
      '2026-12-14T08:00 2026-12-21T08:00 Week of A.',
      '2026-12-21T08:00 2026-12-28T08:00 On call: Bob',
      '2026-12-28T08:00 2027-01-04T08:00 Week of A.',
    ]);
    expect(times[1]?.attendees).toEqual([{ email: 'ada@example.com', name: 'Ada Lovelace' }]);
  });
});

describe('times in a calendar', () => {
  it('stay the same on the wall across a change of the clock, and so does how long they last', async () => {
    const berlin = calendar(
      ...entry(
        'DTSTART;TZID=Europe/Berlin:20260316T090000',
        'DTEND;TZID=Europe/Berlin:20260323T090000',
        'RRULE:FREQ=WEEKLY;COUNT=3',
        'SUMMARY:Ada',
      ),
    );
    const about = { fromAt: at('2026-03-01T00:00'), untilAt: at('2026-05-01T00:00') };
    expect((await told(berlin, about)).times).toEqual([
      '2026-03-16T08:00 2026-03-23T08:00 Ada',
      '2026-03-23T08:00 2026-03-30T07:00 Ada',
      '2026-03-30T07:00 2026-04-06T07:00 Ada',
    ]);
  });

  it('that name no zone are of the calendar, of the configuration when it says one, else UTC', async () => {
    const floating = entry('DTSTART:20261120T090000', 'DTEND:20261120T170000', 'SUMMARY:Ada');
    expect((await told(calendar(...floating))).times).toEqual(['2026-11-20T09:00 2026-11-20T17:00 Ada']);
    const own = calendar('X-WR-TIMEZONE:America/New_York', ...floating);
    expect((await told(own)).times).toEqual(['2026-11-20T14:00 2026-11-20T22:00 Ada']);
    expect((await told(own, { zone: 'Asia/Tokyo' })).times).toEqual(['2026-11-20T00:00 2026-11-20T08:00 Ada']);
  });

  it.each([
    ['Europe/Berlin', '2026-11-20T08:00'],
    ['/freeassociation.sourceforge.net/Europe/Berlin', '2026-11-20T08:00'],
    ['W. Europe Standard Time', '2026-11-20T08:00'],
  ])('know the zone %s', async (zone, begins) => {
    const text = calendar(...entry(`DTSTART;TZID="${zone}":20261120T090000`, 'DURATION:PT8H', 'SUMMARY:Ada'));
    const { times, notes } = await told(text);
    expect(notes).toEqual([]);
    expect(times[0]).toMatch(begins);
  });

  it('take a zone nobody knows from its definition in the calendar, or say so', async () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Office',
      'BEGIN:STANDARD',
      'DTSTART:19700101T000000',
      'TZOFFSETFROM:+0530',
      'TZOFFSETTO:+0530',
      'END:STANDARD',
      'END:VTIMEZONE',
    ];
    const of = entry('DTSTART;TZID=Office:20261120T090000', 'DURATION:PT1H', 'SUMMARY:Ada');
    expect(await told(calendar(...zone, ...of))).toEqual({
      times: ['2026-11-20T03:30 2026-11-20T04:30 Ada'],
      notes: [],
    });
    expect(await told(calendar(...of))).toEqual({
      times: ['2026-11-20T09:00 2026-11-20T10:00 Ada'],
      notes: ['it names time zones that are not known: Office'],
    });
  });

  it('that are jumped over by the clock are as long after the jump', async () => {
    const text = calendar(
      ...entry('DTSTART;TZID=Europe/Berlin:20260329T023000', 'DTEND;TZID=Europe/Berlin:20260329T053000', 'SUMMARY:Ada'),
    );
    const about = { fromAt: at('2026-03-01T00:00'), untilAt: at('2026-05-01T00:00') };
    expect((await told(text, about)).times).toEqual(['2026-03-29T01:30 2026-03-29T03:30 Ada']);
  });

  it('are left out when their entry is cancelled, excepted by time or day, or stood for by another', async () => {
    const series = entry(
      'DTSTART;TZID=Europe/Berlin:20261120T090000',
      'DTEND;TZID=Europe/Berlin:20261120T170000',
      'RRULE:FREQ=DAILY;COUNT=6',
      'EXDATE;TZID=Europe/Berlin:20261121T090000',
      'EXDATE;VALUE=DATE:20261122',
      'SUMMARY:Ada',
    );
    const moved = (sequence: number, hour: string) =>
      entry(
        'RECURRENCE-ID:20261123T080000Z',
        `SEQUENCE:${sequence}`,
        `DTSTART;TZID=Europe/Berlin:20261123T${hour}0000`,
        'DURATION:PT1H',
        'SUMMARY:Bob',
      );
    const cancelled = entry(
      'RECURRENCE-ID;TZID=Europe/Berlin:20261124T090000',
      'DTSTART;TZID=Europe/Berlin:20261124T090000',
      'STATUS:CANCELLED',
      'SUMMARY:Ada',
    );
    expect((await told(calendar(...moved(3, '12'), ...moved(1, '10'), ...series, ...cancelled))).times).toEqual([
      '2026-11-20T08:00 2026-11-20T16:00 Ada',
      '2026-11-23T11:00 2026-11-23T12:00 Bob',
      '2026-11-25T08:00 2026-11-25T16:00 Ada',
    ]);
  });

  it('end with UNTIL, of a day or an instant, that one included', async () => {
    expect((await told(daily('FREQ=DAILY;UNTIL=20261122T080000Z'))).times).toHaveLength(3);
    expect((await told(daily('FREQ=DAILY;UNTIL=20261122T075959Z'))).times).toHaveLength(2);
    expect((await told(daily('FREQ=DAILY;UNTIL=20261122'))).times).toHaveLength(3);
  });

  it.each(['FREQ=DAILY;INTERVAL=3', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU', 'FREQ=HOURLY;INTERVAL=36'])(
    'are the same for %s whether it is followed from its beginning or not',
    async (rule) => {
      const text = (count: string) =>
        calendar(...entry('DTSTART:20250105T080000Z', 'DURATION:PT3H', `RRULE:${rule}${count}`, 'SUMMARY:Ada'));
      const { times } = await told(text(''));
      expect(times.length).toBeGreaterThan(5);
      for (let day = 0; day < 15; day++) {
        const about = { fromAt: asked.fromAt + day * 86_400_000 };
        expect((await told(text(''), about)).times).toEqual((await told(text(';COUNT=5000'), about)).times);
      }
    },
  );

  it('come from RDATE too', async () => {
    const text = calendar(
      ...entry('DTSTART:20261120T080000Z', 'DTEND:20261120T090000Z', 'RDATE:20261124T080000Z', 'SUMMARY:Ada'),
    );
    expect((await told(text)).times).toEqual([
      '2026-11-20T08:00 2026-11-20T09:00 Ada',
      '2026-11-24T08:00 2026-11-24T09:00 Ada',
    ]);
  });
});

describe('a calendar that is broken or hostile', () => {
  it.each([
    ['', 'it is not a calendar'],
    ['<!doctype html><title>Sign in</title>', 'it is a web page and no calendar'],
    [fixture('google').slice(0, 900), 'it ends in the middle'],
  ])('is refused when it is none, without quoting it', async (text, message) => {
    await expect(readCalendar(text, asked)).rejects.toThrow(message);
  });

  it.each([
    ['an end before its beginning', ['DTSTART:20261120T080000Z', 'DTEND:20261119T080000Z'], 0],
    ['no beginning', ['DTEND:20261119T080000Z'], 1],
    ['a date that cannot be', ['DTSTART:99999999T999999Z'], 1],
    [
      'a rule that never comes true',
      ['DTSTART:20261120T080000Z', 'DTEND:20261120T090000Z', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31'],
      0,
    ],
    ['a rule for every second', ['DTSTART:20261120T080000Z', 'DTEND:20261120T090000Z', 'RRULE:FREQ=SECONDLY'], 1],
    [
      'a line of a megabyte',
      ['DTSTART:20261120T080000Z', 'DTEND:20261120T090000Z', `SUMMARY:${'x'.repeat(1_000_000)}`],
      1,
    ],
    ['a line that is none', ['DTSTART:20261120T080000Z', 'DTEND:20261120T090000Z', 'this is not a line'], 1],
  ])('loses an entry with %s, and nothing else', async (_, lines, noted) => {
    const text = calendar(...entry(...lines), ...entry('DTSTART:20261120T080000Z', 'DURATION:PT1H', 'SUMMARY:Bob'));
    const { times, notes } = await told(text);
    expect(times).toEqual(['2026-11-20T08:00 2026-11-20T09:00 Bob']);
    expect(notes).toHaveLength(noted);
  });

  it('is given up when following its rules never ends', { timeout: 20_000 }, async () => {
    const endless = entry(
      'DTSTART:20260101T080000Z',
      'DTEND:20260101T090000Z',
      'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
      'SUMMARY:Ada',
    );
    await expect(readCalendar(calendar(...endless, ...endless), asked)).rejects.toThrow('it takes too long to read');
  });

  it('is followed through years of repeating, and its past entries cost next to nothing', async () => {
    const past = Array.from({ length: 5_000 }, () =>
      entry('DTSTART:20200101T080000Z', 'DTEND:20200102T080000Z', 'SUMMARY:Ada'),
    ).flat();
    const old = entry('DTSTART:20060102T080000Z', 'DTEND:20060103T080000Z', 'RRULE:FREQ=DAILY', 'SUMMARY:Bob');
    const { times, notes } = await told(calendar(...past, ...old), { untilAt: at('2026-11-16T00:00') });
    expect(notes).toEqual([]);
    expect(times).toEqual([
      '2026-11-13T08:00 2026-11-14T08:00 Bob',
      '2026-11-14T08:00 2026-11-15T08:00 Bob',
      '2026-11-15T08:00 2026-11-16T08:00 Bob',
    ]);
  });

  it('keeps no more times than it may', async () => {
    const hours = Array.from({ length: 12 }, (_, i) =>
      entry(`DTSTART:20261114T00${String(i).padStart(2, '0')}00Z`, 'DURATION:PT1M', 'RRULE:FREQ=HOURLY', 'SUMMARY:Ada'),
    ).flat();
    const { times, notes } = await told(calendar(...hours));
    expect(times).toHaveLength(calendarLimits.times);
    expect(notes).toEqual([`only its first ${calendarLimits.times} times are kept`]);
  });

  it('never throws anything but that it is no calendar, whatever stands in it', { timeout: 30_000 }, async () => {
    const words = fc.constantFrom(
      'BEGIN:VEVENT',
      'END:VEVENT',
      'BEGIN:VALARM',
      'END:VALARM',
      'BEGIN:VTIMEZONE',
      'END:VTIMEZONE',
      'DTSTART:20261120T080000Z',
      'DTEND;TZID=Mars:20261121',
      'RRULE:FREQ=WEEKLY;BYDAY=XX',
      'RRULE:FREQ=DAILY',
      'EXDATE:',
      'RECURRENCE-ID:20261120T080000Z',
      'ATTENDEE:',
      'SUMMARY',
      ' folded',
      ':',
      'UID:one',
      'DURATION:-P1D',
      'TZID:Mars',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 25 }), async (lines) => {
        const { times } = await readCalendar(calendar(...lines), { ...asked, untilAt: at('2026-12-01T00:00') });
        for (const { fromAt, untilAt } of times) expect(untilAt).toBeGreaterThan(fromAt);
      }),
      { numRuns: 150 },
    );
  });
});
