import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.js';
import { alertOf, minute, noon, World } from '../world.js';

const flap = { times: 3, withinMs: 30 * minute, quietForMs: 15 * minute };
function world(): World {
  const own = new World();
  Object.assign(own.rules, { flap });
  return own;
}
const at = (minutes: number) => noon + minutes * minute;
const fires = (own: World, from: number, given: Partial<Alert> = {}) =>
  own.take([alertOf({ startsAt: at(from), ...given })], at(from));
const clears = (own: World, from: number, to: number, given: Partial<Alert> = {}) =>
  own.take([alertOf({ status: 'resolved', startsAt: at(from), endsAt: at(to), ...given })], at(to));
const commands = ({ incidents }: ReturnType<World['take']>) =>
  incidents.flatMap((each) => each.commands.map(({ type }) => type));
const incident = (own: World) => [...own.incidents.values()][0];
/** Beside it, so that the incident stays open. */
const beside = (own: World) => own.take([alertOf({ fingerprint: 'other', name: 'Other', startsAt: noon })]);
/** On and off `times` times, five minutes apart. */
function flaps(own: World, times: number, given: Partial<Alert> = {}): string[][] {
  return Array.from({ length: times }, (_, i) => [
    ...commands(fires(own, 5 * i, given)),
    ...commands(clears(own, 5 * i, 5 * i + 2, given)),
  ]);
}

test('from the third time on it is only counted, and its end waits', () => {
  const own = world();
  beside(own);
  expect(flaps(own, 5)).toEqual([
    ['attachAlerts', 'resolveAlerts'],
    ['attachAlerts', 'resolveAlerts'],
    ['attachAlerts', 'noteFlapping'],
    ['noteFlapping'],
    ['noteFlapping'],
  ]);
  expect(incident(own)).toMatchObject({
    alerts: { firing: 2, total: 6 },
    flapping: [{ name: 'PushFails', times: 5, since: noon }],
  });
  const episodes = [...own.episodes.values()].filter(({ fingerprint }) => fingerprint === 'f1');
  expect(episodes.map(({ state, damped }) => [state, damped?.until ?? null])).toEqual([
    ...Array(4).fill(['resolved', null]),
    ['resolved', at(22 + 15)],
  ]);
});

test('its end counts once it has been quiet for long enough', () => {
  const own = world();
  beside(own);
  flaps(own, 4);
  expect(commands(clears(own, 15, 17))).toEqual([]);
  const over = own.take([alertOf({ status: 'resolved', startsAt: at(15), endsAt: at(17) })], at(32));
  expect(commands(over)).toEqual(['noteFlapping', 'resolveAlerts']);
  expect(incident(own)).toMatchObject({ alerts: { firing: 1, total: 5 }, flapping: [] });
  expect([...own.episodes.values()].some(({ damped }) => damped)).toBe(false);
});

test('what clears by itself does not end and come back again and again', () => {
  const own = world();
  flaps(own, 6);
  expect([...own.incidents.values()]).toHaveLength(1);
  expect(incident(own)?.status).toBe('triage');
});

test('far enough apart it does not flap', () => {
  const own = world();
  beside(own);
  for (const from of [0, 20, 40, 60])
    expect([commands(fires(own, from)), commands(clears(own, from, from + 1))]).toEqual([
      ['attachAlerts'],
      ['resolveAlerts'],
    ]);
});

test('what is gravest by itself, or worse than before, is told like any other', () => {
  const grave = world();
  expect(flaps(grave, 4, { severity: 'critical' }).map((each) => each.at(0))).toEqual([
    'open',
    ...Array(3).fill('attachAlerts'),
  ]);
  const own = world();
  beside(own);
  flaps(own, 4, { severity: 'info' });
  expect(commands(fires(own, 20, { severity: 'warning' }))).toEqual(['attachAlerts', 'noteFlapping', 'resolveAlerts']);
  expect(incident(own)?.alerts).toMatchObject({ firing: 2, total: 6 });
});

test('an incident that a person ended hears of it again', () => {
  const own = world();
  beside(own);
  flaps(own, 4);
  const { id } = incident(own) as { id: string };
  own.ask(id, { type: 'dismiss', reason: 'noise' }, at(18), { kind: 'person', personId: 'ada' });
  expect(commands(fires(own, 20))).toContain('attachAlerts');
});

test('without the rule what waits counts with its next report', () => {
  const own = world();
  beside(own);
  flaps(own, 4);
  Object.assign(own.rules, { flap: null });
  expect(commands(clears(own, 15, 17))).toContain('resolveAlerts');
  expect(incident(own)?.alerts.firing).toBe(1);
});

test('whatever comes in whatever order, an incident never counts more or fewer that fire than do, or wait', () => {
  const report = fc.record({
    fires: fc.boolean(),
    from: fc.nat(40),
    length: fc.nat(3),
    alert: fc.constantFrom('a', 'b'),
    severity: fc.constantFrom('info', 'warning'),
  });
  fc.assert(
    fc.property(fc.array(report, { maxLength: 25 }), (reports) => {
      const own = world();
      beside(own);
      for (const [i, { fires: on, from, length, alert, severity }] of reports.entries()) {
        const times = on
          ? { startsAt: at(from) }
          : { status: 'resolved' as const, startsAt: at(from), endsAt: at(from + length) };
        own.take([alertOf({ fingerprint: alert, severity, ...times })], at(Math.max(from + length, 40) + i));
      }
      for (const each of own.incidents.values()) {
        const counted = [...own.episodes.values()].filter(
          ({ incidentId, state, damped }) => incidentId === each.id && (state === 'firing' || damped),
        );
        expect(each.alerts.firing).toBe(counted.length);
      }
    }),
    { numRuns: 500 },
  );
});
