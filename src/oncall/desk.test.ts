import { describe, expect, it } from 'vitest';
import type { KeptRoster } from '../store/oncall-port.js';
import { type DeskBasis, openDesk } from './desk.js';
import { sourceOf } from './refresh.js';
import { dayMs, type Layer } from './rotation.js';
import type { CalendarSchedule, Schedule } from './schedule.js';

const now = Date.UTC(2026, 10, 21, 12);
const layer = (people: string[], about: Partial<Layer> = {}): Layer => ({
  people,
  turnFor: dayMs,
  startsAt: now - 100 * dayMs,
  endsAt: null,
  only: [],
  ...about,
});
const rotation = (name: string, layers: Layer[]): Schedule => ({
  name,
  kind: 'rotation',
  zone: 'UTC',
  layers,
  holidays: [],
});
const calendar: CalendarSchedule = {
  name: 'primary',
  kind: 'calendar',
  place: 'https://calendar.example/SECRET',
  refreshEveryMs: 900_000,
  zone: null,
  names: {},
};
const roster = (about: Partial<KeptRoster> = {}): KeptRoster => ({
  schedule: 'primary',
  source: sourceOf(calendar),
  etag: null,
  modified: null,
  readAt: now - 3_600_000,
  coversUntil: now + 50 * dayMs,
  times: [
    { fromAt: now - dayMs, untilAt: now + dayMs, level: 0, title: 'Ada Lovelace', attendees: [] },
    { fromAt: now + dayMs, untilAt: now + 2 * dayMs, level: 0, title: 'Zed', attendees: [] },
  ],
  notes: [],
  triedAt: now,
  failingSince: null,
  failures: 0,
  error: null,
  ...about,
});
const basis = (about: Partial<DeskBasis> = {}): DeskBasis => ({
  schedules: [calendar],
  people: [{ id: 'ada', name: 'Ada Lovelace', email: null, zone: 'Europe/Berlin' }],
  personIds: new Map([['ada', 'p-1']]),
  rosters: new Map([['primary', roster()]]),
  gone: new Map(),
  overrides: [],
  ...about,
});
const desk = (about: Partial<DeskBasis> = {}) => {
  const fixed = basis(about);
  return openDesk(() => fixed);
};

describe('the desk', () => {
  it('names people by their person ids, and the next handoff', () => {
    const { onCall, nextChange, zoneOf, standing } = desk();
    expect(onCall('primary', now)).toEqual({ people: ['p-1'], why: null });
    expect(nextChange('primary', now)).toEqual({ at: now + dayMs, from: ['p-1'], to: [] });
    expect(nextChange('nothing', now)).toBeNull();
    expect([zoneOf('p-1'), zoneOf('p-2')]).toEqual(['Europe/Berlin', null]);
    expect(JSON.stringify(standing('primary', now))).not.toContain('SECRET');
  });

  it.each([
    ['there is no such schedule', 'nothing', now, basis(), 'there is no schedule nothing'],
    [
      'the calendar names a stranger',
      'primary',
      now + dayMs,
      basis(),
      'the calendar of primary names Zed, whom Muster cannot call',
    ],
    ['nobody is planned', 'primary', now + 3 * dayMs, basis(), 'nobody is planned on primary then'],
    [
      'the copy does not reach so far',
      'primary',
      now + 60 * dayMs,
      basis(),
      'the calendar of primary was not followed so far',
    ],
    [
      'it was never read',
      'primary',
      now,
      basis({ rosters: new Map() }),
      'the calendar of primary has not been read yet',
    ],
    [
      'the copy is of another address',
      'primary',
      now,
      basis({ rosters: new Map([['primary', roster({ source: 'another' })]]) }),
      'the calendar of primary has not been read yet',
    ],
    [
      'it cannot be read, and never could',
      'primary',
      now,
      basis({
        rosters: new Map([
          ['primary', roster({ readAt: null, times: [], error: 'its server answers 500', failingSince: now })],
        ]),
      }),
      'the calendar of primary cannot be read: its server answers 500',
    ],
  ])('says why nobody is on call when %s', (_, schedule, at, of, why) => {
    expect(openDesk(() => of).onCall(schedule, at)).toEqual({ people: [], why });
  });

  it('calls nobody who has left, planned or by an override, and still says their name', () => {
    const one = {
      id: 'o',
      schedule: 'primary',
      personId: 'p-2',
      fromAt: now,
      untilAt: now + 1,
      setBy: 'p-2',
      setAt: now,
    };
    const gone = new Map([['p-2', 'Bob']]);
    expect(desk({ overrides: [one], gone }).onCall('primary', now).people).toEqual(['p-1']);
    expect(desk({ gone: new Map([['p-1', 'Ada']]) }).onCall('primary', now)).toEqual({
      people: [],
      why: 'the calendar of primary names Ada (who has left), whom Muster cannot call',
    });
    const two = [layer(['ada']), layer(['bob'])];
    const on = desk({ schedules: [rotation('primary', two)], gone: new Map([['bob', 'Bob']]) });
    expect(on.standing('primary', now)?.now).toMatchObject({ people: ['p-1'], unknown: ['Bob (who has left)'] });
  });

  it('says that it goes on with a copy, and since when', () => {
    const failing = roster({ failingSince: now, failures: 2, error: 'its server answers 500' });
    expect(desk({ rosters: new Map([['primary', failing]]) }).standing('primary', now)).toMatchObject({
      now: { people: ['p-1'] },
      copyOf: now - 3_600_000,
      error: 'its server answers 500',
    });
    expect(desk().standing('primary', now)).toMatchObject({ copyOf: null, error: null });
  });

  it('answers by what is so now: another configuration, roster or override counts at once', () => {
    let of = basis();
    const { onCall } = openDesk(() => of);
    expect(onCall('primary', now).people).toEqual(['p-1']);
    const one = {
      id: 'o',
      schedule: 'primary',
      personId: 'p-2',
      fromAt: now,
      untilAt: now + 1,
      setBy: 'p-2',
      setAt: now,
    };
    of = { ...of, overrides: [one] };
    expect(onCall('primary', now).people).toEqual(['p-2']);
    of = { ...of, schedules: [rotation('primary', [layer(['ada'])])], overrides: [] };
    expect(onCall('primary', now + 60 * dayMs).people).toEqual(['p-1']);
    of = { ...of, schedules: [] };
    expect(onCall('primary', now).why).toBe('there is no schedule primary');
  });

  it('is cheap to ask: a hundred thousand answers, of an hourly rotation of a year, within seconds', () => {
    const { onCall } = desk({ schedules: [rotation('primary', [layer(['ada', 'bob'], { turnFor: 3_600_000 })])] });
    const begun = performance.now();
    for (let i = 0; i < 100_000; i++) onCall('primary', now + i * 1_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
