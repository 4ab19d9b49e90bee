import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.js';
import type { Recent } from '../../../src/alerts/rules/storm.js';
import { stormSteering } from '../../../src/alerts/rules/storm.js';
import { recentAlerts } from '../../../src/engine/recent-alerts.js';
import { alertOf, minute, noon, World } from '../world.js';

const rule = { alerts: 50, groups: 10, withinMs: minute, overAfterMs: 10 * minute };
const nothing: Recent = { alerts: 0, groups: new Set() };

function stormy(recent: (source: string, now: number) => Recent = () => nothing): World {
  const world = new World();
  Object.assign(world.rules, { steering: [stormSteering(rule, world.rules.ladder, recent)] });
  return world;
}
const many = (count: number, services: number, given: Partial<Alert> = {}): Alert[] =>
  Array.from({ length: count }, (_, i) =>
    alertOf({
      fingerprint: `f${i}`,
      service: `s${i % services}`,
      name: i % 2 ? 'Slow' : 'Down',
      host: `h${i % 3}`,
      startsAt: noon,
      ...given,
    }),
  );
const groups = (world: World) => [...world.incidents.values()].map(({ groupKey }) => groupKey);
const storm = (world: World) => [...world.incidents.values()].find(({ groupKey }) => groupKey === 'storm:alertmanager');

test('too many alerts at once are one incident, counted by label', () => {
  const world = stormy();
  const planned = world.take(many(60, 4));
  expect(groups(world)).toEqual(['storm:alertmanager']);
  expect(storm(world)).toMatchObject({
    title: 'Alert storm from alertmanager',
    severity: 'sev2',
    alerts: { total: 60, firing: 60 },
    storm: {
      alerts: 60,
      counts: {
        service: { s0: 15, s1: 15, s2: 15, s3: 15 },
        severity: { warning: 60 },
        name: { Down: 30, Slow: 30 },
        host: { h0: 20, h1: 20, h2: 20 },
      },
      endedAt: null,
    },
  });
  expect(planned.receipts[0]?.outcomes[0]).toMatchObject({
    outcome: 'opened',
    why: expect.stringMatching(/^part of an alert storm: more than 50 alerts of alertmanager came within 1 min; opens/),
  });
});

test.each<[string, Alert[], number]>([
  ['as many as are allowed', many(50, 4), 4],
  ['many of few services', many(200, 2), 2],
  ['many of one', many(200, 1), 1],
  ['ten groups', many(10, 10), 10],
])('no storm: %s', (_, alerts, incidents) => {
  const world = stormy();
  world.take(alerts);
  expect([world.incidents.size, storm(world)]).toEqual([incidents, undefined]);
});

test('few alerts that would open too many incidents are a storm as well', () => {
  const world = stormy();
  world.take(many(11, 11));
  expect(groups(world)).toEqual(['storm:alertmanager']);
});

test('what came just before counts, of the same source only', () => {
  const recent = recentAlerts();
  const world = stormy((source, now) => recent.of(source, now, minute));
  const came = (alerts: Alert[], at: number) => {
    const { episodes, incidents } = world.take(alerts, at);
    recent.note(episodes, incidents, at);
  };
  for (const [i, alert] of many(10, 10).entries()) came([alert], noon + i);
  expect(world.incidents.size).toBe(10);
  came([alertOf({ fingerprint: 'x', service: 'x', source: 'grafana' })], noon + 20);
  expect(groups(world).at(-1)).toBe('service:x');
  came([alertOf({ fingerprint: 'late', service: 'late' })], noon + 2 * minute);
  expect(groups(world).at(-1)).toBe('service:late');
  for (const [i, alert] of many(12, 12, {}).entries())
    came([{ ...alert, fingerprint: `again${i}`, service: `n${i}` }], noon + 2 * minute + i);
  expect(groups(world).filter((key) => key?.startsWith('storm'))).toEqual(['storm:alertmanager']);
  expect(storm(world)?.alerts.total).toBe(3);
});

test('what is read again, with a time long gone, is no part of what comes now', () => {
  const recent = recentAlerts();
  const note = (world: World, count: number, at: number) => {
    const { episodes, incidents } = world.take(many(count, count), at);
    recent.note(episodes, incidents, at);
  };
  note(new World(), 40, noon);
  const before = noon - 60 * minute;
  expect(recent.of('alertmanager', before, minute)).toEqual({ alerts: 0, groups: new Set() });
  note(new World(), 9, before);
  expect(recent.of('alertmanager', noon, minute).alerts).toBe(40);
  expect(recent.of('alertmanager', noon + 2 * minute, minute).alerts).toBe(0);
});

test('what is gravest has an incident of its own, and what belongs to something open goes there', () => {
  const world = stormy();
  world.take([
    alertOf({ fingerprint: 'open', service: 's0', severity: 'critical' }),
    alertOf({ fingerprint: 'queued', service: 's1' }),
  ]);
  world.take([
    ...many(72, 6),
    alertOf({ fingerprint: 'grave', service: 'registry', severity: 'critical' }),
    alertOf({ fingerprint: 'leak', service: 'vault', labels: { compromise: 'true' } }),
  ]);
  expect(groups(world)).toEqual(
    expect.arrayContaining(['service:s0', 'storm:alertmanager', 'service:registry', 'service:vault']),
  );
  expect(world.incidents.size).toBe(5);
  expect([...world.incidents.values()].find(({ groupKey }) => groupKey === 'service:s1')?.alerts.total).toBe(1);
  expect(storm(world)?.alerts.total).toBe(60);
});

test('a storm goes on in its incident until nothing has come for a while, whatever comes then', () => {
  const world = stormy();
  world.take(many(60, 4));
  world.take([alertOf({ fingerprint: 'more', service: 'more' })], noon + 9 * minute);
  expect(storm(world)?.alerts.total).toBe(61);
  world.take([alertOf({ fingerprint: 'after', service: 'after' })], noon + 20 * minute);
  expect(groups(world)).toEqual(['storm:alertmanager', 'service:after']);
});

test('its end is said once nothing has come for a while, and not before', () => {
  const world = stormy();
  world.take(many(60, 4));
  const { id } = storm(world) as { id: string };
  world.ask(id, { type: 'endStorm', dueAt: noon + 9 * minute }, noon + 9 * minute);
  expect(storm(world)?.storm?.endedAt).toBe(null);
  world.ask(id, { type: 'endStorm', dueAt: noon + 10 * minute }, noon + 10 * minute);
  expect(storm(world)?.storm?.endedAt).toBe(noon + 10 * minute);
});

test('in any order it is the same storm', () => {
  const seen = (alerts: Alert[]) => {
    const world = stormy();
    world.take(alerts);
    return [groups(world).sort(), storm(world)?.storm?.counts];
  };
  const alerts = [...many(60, 6), alertOf({ fingerprint: 'grave', severity: 'critical' })];
  expect(seen([...alerts].reverse())).toEqual(seen(alerts));
});

test('of a thousand values most are counted together', () => {
  const world = stormy();
  world.take(many(300, 300));
  const counts = storm(world)?.storm?.counts.service ?? {};
  expect([Object.keys(counts).length, counts['']]).toEqual([51, 250]);
});
