import { describe, expect, test } from 'vitest';
import { keysOf, plan } from '../../src/alerts/plan.js';
import type { Command } from '../../src/incident/commands.js';
import { alertOf, minute, noon, World } from './world.js';

const ada = { kind: 'person', personId: 'ada' } as const;
const firing = (given = {}) => alertOf({ startsAt: noon, ...given });
const critical = { severity: 'critical' };
const resolve: Command = { type: 'resolve', summary: null };
const close: Command = { type: 'close' };
const dismiss: Command = { type: 'dismiss', reason: 'known noise' };
const half = 30 * minute;

/** One alert fires at noon, and people end its incident at once. */
function ended(given: object, ...by: Command[]): { world: World; id: string } {
  const world = new World();
  world.take([firing(given)]);
  const [id] = world.incidents.keys() as Iterable<string>;
  for (const command of by) world.ask(id as string, command, noon, ada);
  return { world, id: id as string };
}
const what = (world: World, given: object, at: number) => world.take([firing(given)], at).receipts[0]?.outcomes[0];

describe('an alert that never cleared, reported after its incident has ended', () => {
  test.each([
    ['resolved', critical, [resolve], 'opened'],
    ['closed', critical, [resolve, close], 'opened'],
    ['dismissed', {}, [dismiss], 'triaged'],
  ] as const)('by being %s: a repeat within half an hour, then new', (status, given, by, outcome) => {
    const { world, id } = ended(given, ...by);
    expect(what(world, given, noon + half)).toMatchObject({
      outcome: 'repeat',
      why: 'known since 21 Nov 12:00 UTC, and its incident is over; reported again after 21 Nov 12:30 UTC, it is an incident anew',
    });
    expect(what(world, given, noon + half + 1)).toMatchObject({ outcome });
    expect(world.incidents.size).toBe(2);
    expect(world.incidents.get(id)).toMatchObject({ status, alerts: { firing: 1, total: 1 } });
    expect([...world.incidents.values()][1]?.impactStartedAt).toBe(noon + half + 1);
    const [episode, ...more] = world.episodes.values();
    expect(more).toEqual([]);
    expect(episode).toMatchObject({ startedAt: noon, lastSeenAt: noon + half + 1 });
    expect(episode?.incidentId).not.toBe(id);
    expect(what(world, given, noon + half + 2)?.outcome).toBe('repeat');
    expect(world.incidents.size).toBe(2);
  });

  test('its end goes to the incident it moved to', () => {
    const { world, id } = ended(critical, resolve, close);
    what(world, critical, noon + half + 1);
    const over = world.take([alertOf({ ...critical, status: 'resolved', startsAt: noon, endsAt: noon + 40 * minute })]);
    expect(over.incidents.map(({ incidentId }) => incidentId === id)).toEqual([false]);
    expect([...world.incidents.values()].map(({ alerts }) => alerts.firing)).toEqual([1, 0]);
  });

  test('a late end or a stale report opens nothing', () => {
    const { world } = ended(critical, resolve, close);
    const end = alertOf({ ...critical, status: 'resolved', startsAt: noon, endsAt: noon + minute });
    expect(world.take([end, firing(critical)], noon + 2 * half).receipts[0]?.outcomes.map((o) => o.outcome)).toEqual([
      'resolved',
      'repeat',
    ]);
    expect(world.incidents.size).toBe(1);
  });

  test('joins what is open of its group at once, and counts as evidence there', () => {
    const { world } = ended(critical, resolve, close);
    world.take([firing({ ...critical, fingerprint: 'f2' })], noon + minute);
    expect(what(world, critical, noon + 2 * minute)).toMatchObject({
      outcome: 'attached',
      why: expect.stringMatching(/^fires on although its incident has ended; belongs to what is open already/),
    });
    expect([...world.incidents.values()][1]).toMatchObject({
      alerts: { firing: 2, total: 2 },
      evidence: { alerts: 2 },
    });
  });

  test('waits for the end of the group’s last incident where its own is not loaded', () => {
    const { world } = ended(critical, resolve, close);
    world.take([firing({ ...critical, fingerprint: 'f2' })], noon + minute);
    const second = [...world.incidents.keys()][1] as string;
    for (const command of [resolve, close]) world.ask(second, command, noon + 10 * minute, ada);
    expect(what(world, critical, noon + half + 5 * minute)?.outcome).toBe('repeat');
    expect(what(world, critical, noon + half + 11 * minute)?.outcome).toBe('opened');
  });

  test('stays a repeat when nothing is known of its group', () => {
    const { world } = ended(critical, resolve, close);
    const batch = { receipt: 'r', source: 'alertmanager', receivedAt: noon + 9 * half, alerts: [firing(critical)] };
    expect(keysOf([batch]).groups).toEqual(['service:registry']);
    const planned = plan([batch], { episodes: [...world.episodes.values()], incidents: [] }, world.rules);
    expect([planned.receipts[0]?.outcomes[0]?.outcome, planned.incidents]).toEqual(['repeat', []]);
  });
});

describe('reported worse within the half hour', () => {
  test('opens a new incident when that is graver than what a person closed', () => {
    const { world, id } = ended({ severity: 'info' });
    world.take([firing({ fingerprint: 'f2', ...critical })]);
    world.ask(id, { type: 'changeSeverity', to: 'sev3', reason: 'a test' }, noon, ada);
    for (const command of [resolve, close]) world.ask(id, command, noon, ada);
    expect(what(world, critical, noon + minute)).toMatchObject({
      outcome: 'opened',
      why: expect.stringMatching(/^fires on although its incident has ended; opens an incident: sev1/),
    });
    expect(world.incidents.get(id)?.status).toBe('closed');
    expect(world.incidents.size).toBe(2);
  });

  test('stays a repeat when what a person closed was as grave', () => {
    const { world, id } = ended({ severity: 'info' });
    world.take([firing({ fingerprint: 'f2', ...critical })]);
    for (const command of [resolve, close]) world.ask(id, command, noon, ada);
    expect(world.incidents.get(id)?.severity).toBe('sev1');
    expect(what(world, critical, noon + minute)).toMatchObject({
      outcome: 'repeat',
      why: 'the same alert, reported worse; its incident is over; reported again after 21 Nov 12:30 UTC, it is an incident anew',
    });
    expect(world.incidents.size).toBe(1);
  });

  test('brings back what was only resolved', () => {
    const { world, id } = ended({ severity: 'info' });
    world.take([firing({ fingerprint: 'f2', ...critical })]);
    world.ask(id, resolve, noon, ada);
    expect(what(world, critical, noon + minute)?.outcome).toBe('attached');
    expect(world.incidents.get(id)?.status).toBe('investigating');
  });

  test('counts once where it brings back what was less grave', () => {
    const { world, id } = ended({ severity: 'info' });
    world.take([firing({ fingerprint: 'f2', ...critical })]);
    world.ask(id, { type: 'changeSeverity', to: 'sev3', reason: 'a test' }, noon, ada);
    world.ask(id, resolve, noon, ada);
    expect(what(world, critical, noon + minute)?.outcome).toBe('attached');
    expect(world.incidents.get(id)).toMatchObject({ status: 'investigating', alerts: { firing: 2, total: 2 } });
  });

  test('joins what is open of its group by one command', () => {
    const { world } = ended({ severity: 'info' }, dismiss);
    world.take([firing({ fingerprint: 'f2', ...critical })], noon + half + minute);
    const again = world.take([firing(critical)], noon + half + 2 * minute);
    expect(again.incidents.map(({ commands }) => commands.map(({ type }) => type))).toEqual([['attachAlerts']]);
  });
});
