import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/alerts/plan.js';
import { plan } from '../../src/alerts/plan.js';
import { alertOf, minute, noon, World } from './world.js';

const outcomes = (planned: Plan) =>
  planned.receipts.flatMap((receipt) => receipt.outcomes.map(({ outcome }) => outcome));
const commands = (planned: Plan) => planned.incidents.flatMap((incident) => incident.commands.map(({ type }) => type));
const the = <T>(all: Iterable<T>): T => {
  const [one, ...more] = all;
  if (one === undefined || more.length > 0)
    throw new Error(`expected one, found ${more.length + (one === undefined ? 0 : 1)}`);
  return one;
};
const ada = { kind: 'person', personId: 'ada' } as const;
const firing = (given = {}) => alertOf({ startsAt: noon, ...given });
const cleared = (given = {}) => alertOf({ status: 'resolved', startsAt: noon, endsAt: noon + minute, ...given });

describe('grouping', () => {
  test('alerts of one service open one incident, named for the service', () => {
    const world = new World();
    const planned = world.take([
      firing({ fingerprint: 'a', name: 'RegistryPushFails', severity: 'critical', host: 'r1' }),
      firing({ fingerprint: 'b', name: 'RegistryPullFails', severity: 'critical', host: 'r2' }),
    ]);
    expect(outcomes(planned)).toEqual(['opened', 'opened']);
    const incident = the(world.incidents.values());
    expect(incident).toMatchObject({
      title: 'registry: push fails and 1 more',
      services: ['registry'],
      groupKey: 'service:registry',
      severity: 'sev1',
      alerts: { firing: 2, total: 2 },
    });
    expect(incident.evidence).toMatchObject({ alerts: 2, hosts: ['r1', 'r2'], worst: 'critical', tier: 1 });
  });

  test('without a service the source and its own grouping decide', () => {
    const world = new World();
    const of = (source: string, groupHint: string, fingerprint: string) =>
      firing({ service: null, source, groupHint, fingerprint });
    world.take([
      of('alertmanager', 'disk', 'a'),
      of('alertmanager', 'disk', 'b'),
      of('alertmanager', 'cpu', 'c'),
      of('generic', 'disk', 'd'),
    ]);
    expect([...world.incidents.values()].map(({ groupKey }) => groupKey)).toEqual([
      'source:alertmanager:disk',
      'source:alertmanager:cpu',
      'source:generic:disk',
    ]);
  });

  test('sev3 waits in triage; a graver alert of the same group brings it out', () => {
    const world = new World();
    expect(outcomes(world.take([firing()]))).toEqual(['triaged']);
    expect(the(world.incidents.values()).status).toBe('triage');
    expect(outcomes(world.take([firing({ fingerprint: 'f2', severity: 'critical' })]))).toEqual(['attached']);
    expect(the(world.incidents.values())).toMatchObject({ status: 'investigating', severity: 'sev1', number: 2 });
  });

  test('the same fingerprint from two sources is two alerts', () => {
    const world = new World();
    world.take([firing({ source: 'a' }), firing({ source: 'b' })]);
    expect(world.episodes.size).toBe(2);
  });
});

describe('repeats', () => {
  test('a repeat says nothing and writes nothing, until a minute has passed', () => {
    const world = new World();
    world.take([firing()], noon);
    const soon = world.take([firing(), firing()], noon + minute);
    expect([outcomes(soon), commands(soon), soon.episodes]).toEqual([['repeat', 'repeat'], [], []]);
    const later = world.take([firing()], noon + minute + 1);
    expect(later.episodes).toMatchObject([{ lastSeenAt: noon + minute + 1 }]);
    expect(commands(later)).toEqual([]);
  });

  test('a repeat without times does not make the episode longer or new', () => {
    const world = new World();
    for (let i = 0; i < 5; i++) world.take([alertOf()], noon + i * minute * 10);
    expect(the(world.episodes.values())).toMatchObject({ startedAt: noon, reported: { firing: [noon] } });
  });

  test('a repeat that is graver speaks again, and an alert still counts once', () => {
    const world = new World();
    world.take([firing()]);
    const planned = world.take([firing({ severity: 'critical' })]);
    expect(outcomes(planned)).toEqual(['attached']);
    expect(planned.receipts[0]?.outcomes[0]?.why).toBe(
      'the same alert, now reported worse: sev1, because registry is tier 1 and an alert is labelled critical',
    );
    expect(the(world.incidents.values())).toMatchObject({
      status: 'investigating',
      alerts: { firing: 1, total: 1 },
      evidence: { alerts: 1 },
    });
    expect(commands(world.take([firing({ severity: 'critical' }), firing()]))).toEqual([]);
  });

  test('an alert that flaps is evidence once', () => {
    const world = new World();
    for (let i = 0; i < 12; i++) {
      world.take([firing({ startsAt: noon + i * minute })]);
      world.take([cleared({ startsAt: noon + i * minute, endsAt: noon + i * minute + 1000 })]);
    }
    expect(the(world.incidents.values())).toMatchObject({
      evidence: { alerts: 1 },
      alerts: { total: 12 },
      severity: 'sev3',
    });
  });
});

describe('clearing', () => {
  test('an end closes what fires and tells the incident how many', () => {
    const world = new World();
    world.take([firing({ severity: 'critical' }), firing({ fingerprint: 'f2' })]);
    const planned = world.take([cleared(), cleared({ fingerprint: 'f2' }), cleared()]);
    expect(outcomes(planned)).toEqual(['resolved', 'resolved', 'repeat']);
    expect(planned.incidents[0]?.commands).toEqual([
      { type: 'resolveAlerts', count: 2, names: ['PushFails'], receipts: ['r1'] },
    ]);
    expect(the(world.incidents.values())).toMatchObject({
      status: 'investigating',
      alerts: { firing: 0 },
      statusProposal: { status: 'monitoring' },
    });
  });

  test('an end alone is kept without an incident; its beginning, arriving late, brings one with a cleared alert', () => {
    const world = new World();
    expect(outcomes(world.take([cleared({ severity: 'critical' })]))).toEqual(['resolved-unseen']);
    expect(world.incidents.size).toBe(0);
    const late = world.take([firing({ severity: 'critical' })]);
    expect(outcomes(late)).toEqual(['opened']);
    expect(late.receipts[0]?.outcomes[0]?.why).toMatch(
      /^opens an incident: sev1, because .*; it had cleared at 21 Nov 12:01 UTC already$/,
    );
    expect(the(world.incidents.values()).alerts).toMatchObject({ firing: 0, total: 1 });
    expect(the(world.episodes.values())).toMatchObject({ state: 'resolved', endedAt: noon + minute });
  });

  test('a firing report from before the known end changes nothing', () => {
    const world = new World();
    world.take([firing({ severity: 'critical' })]);
    world.take([cleared()]);
    const planned = world.take([firing({ startsAt: noon + 1000 })]);
    expect([outcomes(planned), commands(planned)]).toEqual([['ignored-stale'], []]);
    expect(the(world.episodes.values()).state).toBe('resolved');
  });

  test('firing after the known end is another episode of the same incident', () => {
    const world = new World();
    world.take([firing({ severity: 'critical' })]);
    world.take([cleared()]);
    expect(outcomes(world.take([firing({ startsAt: noon + minute + 1 })]))).toEqual(['attached']);
    expect(world.episodes.size).toBe(2);
    expect(the(world.incidents.values()).alerts).toMatchObject({ firing: 1, total: 2 });
  });

  test('an end without times ends what fires now; said again it is no news', () => {
    const world = new World();
    world.take([alertOf()]);
    const end = alertOf({ status: 'resolved' });
    expect(outcomes(world.take([end], noon + minute))).toEqual(['resolved']);
    expect(outcomes(world.take([end], noon + 2 * minute))).toEqual(['repeat']);
    expect(the(world.episodes.values())).toMatchObject({ startedAt: noon, endedAt: noon + minute });
  });

  test('without times it can fire again in the same millisecond, and after the clock was set back', () => {
    const world = new World();
    const end = alertOf({ status: 'resolved' });
    world.take([alertOf()]);
    world.take([end]);
    expect(outcomes(world.take([alertOf()]))).toEqual(['attached']);
    expect(outcomes(world.take([end], noon - 60 * minute))).toEqual(['resolved']);
    expect(outcomes(world.take([alertOf()], noon - 59 * minute))).toEqual(['attached']);
    expect([...world.episodes.values()].map(({ state }) => state)).toEqual(['resolved', 'resolved', 'firing']);
  });

  test('a start in the year 9999 is not believed, so that it can clear', () => {
    const world = new World();
    world.take([firing({ startsAt: Date.UTC(9999, 0) })]);
    expect(outcomes(world.take([cleared({ startsAt: null, endsAt: noon + minute })], noon + minute))).toEqual([
      'resolved',
    ]);
    expect(the(world.episodes.values())).toMatchObject({ startedAt: noon, endedAt: noon + minute });
  });

  test('a report between two episodes makes them one', () => {
    const world = new World();
    world.take([firing({ severity: 'critical' }), cleared()]);
    world.take([firing({ startsAt: noon + 5 * minute })]);
    const planned = world.take([cleared({ startsAt: noon + 1000, endsAt: noon + 6 * minute })], noon + 7 * minute);
    expect(planned.episodesGone).toHaveLength(1);
    expect(the(world.episodes.values())).toMatchObject({
      startedAt: noon,
      endedAt: noon + 6 * minute,
      state: 'resolved',
    });
    expect(the(world.incidents.values()).alerts.firing).toBe(0);
  });

  test('an end alone that turns out to belong to a known episode brings no second alert', () => {
    const world = new World();
    world.take([cleared({ startsAt: noon - 5 * minute, endsAt: noon - 4 * minute })]);
    world.take([firing({ severity: 'critical' })]);
    const planned = world.take([cleared({ startsAt: noon - 4 * minute, endsAt: noon + minute })]);
    expect(commands(planned)).toEqual(['resolveAlerts']);
    expect(the(world.episodes.values())).toMatchObject({
      startedAt: noon - 5 * minute,
      incidentId: the(world.incidents.keys()),
    });
    expect(the(world.incidents.values()).alerts).toMatchObject({ firing: 0, total: 1 });
  });

  test('older than the eight newest episodes is not looked at', () => {
    const world = new World();
    for (let i = 1; i <= 9; i++) world.take([cleared({ startsAt: noon + i * minute, endsAt: noon + i * minute + 1 })]);
    expect(outcomes(world.take([cleared({ startsAt: noon, endsAt: noon + 1 })]))).toEqual(['ignored-stale']);
    expect(world.episodes.size).toBe(9);
  });
});

describe('what had ended', () => {
  const later = (fingerprint: string, after: number) => firing({ fingerprint, startsAt: noon + after });

  test('a resolved incident takes alerts for half an hour, then a new one opens', () => {
    for (const [after, incidents] of [
      [30, 1],
      [31, 2],
    ] as const) {
      const world = new World();
      world.take([firing({ severity: 'critical' })]);
      const { id } = the(world.incidents.values());
      world.ask(id, { type: 'resolve', summary: null }, noon, ada);
      world.take([later('f2', after * minute)], noon + after * minute);
      expect([after, world.incidents.size]).toEqual([after, incidents]);
      if (incidents === 1) expect(world.incidents.get(id)?.status).toBe('investigating');
    }
  });

  test('what a person closed stays closed: a new one opens at once', () => {
    const world = new World();
    world.take([firing({ severity: 'critical' })]);
    const { id } = the(world.incidents.values());
    world.ask(id, { type: 'resolve', summary: null }, noon, ada);
    world.ask(id, { type: 'close' }, noon, ada);
    expect(outcomes(world.take([later('f2', minute)], noon + minute))).toEqual(['triaged']);
    expect(world.incidents.size).toBe(2);
    expect(world.incidents.get(id)?.status).toBe('closed');
  });

  test('what cleared by itself comes back', () => {
    const world = new World();
    world.take([firing()]);
    world.take([cleared()]);
    expect(the(world.incidents.values())).toMatchObject({ status: 'dismissed', outcome: { automatic: true } });
    expect(outcomes(world.take([later('f2', minute * 2)], noon + minute * 2))).toEqual(['attached']);
    expect(the(world.incidents.values()).status).toBe('triage');
  });

  test('what a person dismissed stays quiet for half an hour, unless it gets grave', () => {
    const world = new World();
    world.take([firing()]);
    const { id } = the(world.incidents.values());
    world.ask(id, { type: 'dismiss', reason: 'known noise' }, noon, ada);
    const quiet = world.take([later('f2', minute)], noon + minute);
    expect(outcomes(quiet)).toEqual(['dismissed']);
    expect(quiet.receipts[0]?.outcomes[0]?.why).toBe(
      'the same was dismissed just now ("known noise"), and it is still sev3',
    );
    expect(world.incidents.get(id)?.status).toBe('dismissed');
    expect(outcomes(world.take([{ ...later('f3', minute), severity: 'critical' }], noon + minute))).toEqual([
      'attached',
    ]);
    expect(world.incidents.get(id)).toMatchObject({ status: 'investigating', severity: 'sev1' });
  });
});

test('several requests of one tick are planned together, each with its own receipt', () => {
  const world = new World();
  const batch = (receipt: string, fingerprint: string) => ({
    receipt,
    source: 'alertmanager',
    receivedAt: noon,
    alerts: [firing({ fingerprint }), firing({ fingerprint: 'shared' })],
  });
  const planned = world.takeAll([batch('r1', 'a'), batch('r2', 'b')]);
  expect(planned.receipts.map(({ id, outcomes }) => [id, outcomes.map(({ outcome }) => outcome)])).toEqual([
    ['r1', ['opened', 'opened']],
    ['r2', ['opened', 'repeat']],
  ]);
  expect(planned.incidents[0]?.commands).toMatchObject([
    { type: 'open', alerts: { count: 3, firing: 3, receipts: ['r1', 'r2'] } },
  ]);
});

test('the cost of a plan grows with the number of alerts, not with its square', () => {
  const world = new World();
  const shapes = {
    'one group': (i: number) => firing({ fingerprint: `f${i}`, host: `h${i % 500}` }),
    'a group each': (i: number) => firing({ fingerprint: `f${i}`, service: `s${i}` }),
    'one alert, always another start': (i: number) => firing({ startsAt: noon - i * 1000 }),
    'one alert, flapping': (i: number) =>
      (i % 2 ? cleared : firing)({ startsAt: noon - (i >> 1) * 9000, endsAt: noon - (i >> 1) * 9000 + 500 }),
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const took = (count: number) => {
      const alerts = Array.from({ length: count }, (_, i) => shape(i));
      const since = performance.now();
      plan(
        [{ receipt: 'r', source: 'alertmanager', receivedAt: noon, alerts }],
        { episodes: [], incidents: [] },
        world.rules,
      );
      return performance.now() - since;
    };
    took(5_000);
    // 8 times as many: 64 times the time if it were quadratic.
    const [few, many] = [Math.min(took(5_000), took(5_000)), took(40_000)];
    expect([name, many / few < 30 || many < 200]).toEqual([name, true]);
  }
});
