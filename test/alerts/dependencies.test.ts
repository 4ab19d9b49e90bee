import { describe, expect, it } from 'vitest';
import { dependencySteering } from '../../src/alerts/dependencies/steering.js';
import { type Depends, topologyOf } from '../../src/alerts/dependencies/topology.js';
import { isOpen } from '../../src/incident/state.js';
import { dependenciesOf } from '../../src/incident/symptoms.js';
import { alertOf, minute, noon, World } from './world.js';

const service = (name: string, dependsOn: string[] = [], more: Partial<Depends> = {}): Depends => ({
  name,
  dependsOn,
  aliases: [],
  tier: 3,
  ...more,
});
const shop = [
  service('storage'),
  service('registry', ['storage'], { aliases: ['Registry EU'] }),
  service('api', ['registry'], { tier: 2 }),
  service('web', ['api'], { tier: 1 }),
  service('wiki', []),
];

function worldOf(services: readonly Depends[] = shop): World {
  const world = new World();
  world.rules.ladder.tiers = Object.fromEntries(services.map(({ name, tier }) => [name, tier]));
  world.rules.topology = topologyOf(services);
  world.rules.steering = [dependencySteering(world.rules.topology, world.rules.ladder)];
  return world;
}
const of = (name: string, more: Parameters<typeof alertOf>[0] = {}) =>
  alertOf({ service: name, fingerprint: `${name}-down`, name: `${name}Down`, groupHint: name, ...more });
const open = (world: World) => [...world.incidents.values()].filter(isOpen);
const whys = (plan: ReturnType<World['take']>) => plan.receipts.flatMap(({ outcomes }) => outcomes);
const me = { kind: 'person', personId: 'ann' } as const;

describe('an alert of a service that depends on one with an open incident', () => {
  it('goes there as a symptom, by any number of steps, and its receipt says which way', () => {
    const world = worldOf();
    world.take([of('registry')]);
    const [told] = whys(world.take([of('web', { severity: null })], noon + minute));
    expect(told).toMatchObject({ outcome: 'attached' });
    expect(told?.why).toContain('web → api → registry');
    expect(open(world)).toHaveLength(1);
    expect(dependenciesOf(open(world)[0] as never).symptoms).toMatchObject([
      { service: 'web', path: ['web', 'api', 'registry'], tier: 1 },
    ]);
  });

  it('goes to the nearest, and to its own before all', () => {
    const world = worldOf();
    world.take([of('api')]);
    world.take([of('storage')], noon + minute);
    world.take([of('web'), of('registry'), of('api', { fingerprint: 'another' })], noon + 2 * minute);
    const members = open(world).map(({ groupKey, alerts }) => [groupKey, alerts.total]);
    expect(members).toEqual([
      ['service:api', 3],
      ['service:storage', 2],
    ]);
  });

  it('goes there when both come at once, in whatever order', () => {
    for (const alerts of [
      [of('registry'), of('web'), of('api')],
      [of('web'), of('api'), of('registry')],
    ]) {
      const world = worldOf();
      world.take(alerts);
      expect(open(world)).toHaveLength(1);
      expect(open(world)[0]).toMatchObject({
        groupKey: 'service:registry',
        title: expect.stringContaining('registry'),
      });
      expect(dependenciesOf(open(world)[0] as never).symptoms.map(({ path }) => path)).toEqual([
        ['api', 'registry'],
        ['web', 'api', 'registry'],
      ]);
    }
  });

  it('opens its own when what is open is private, a drill, or a suspected compromise', () => {
    for (const change of [
      { visibility: 'private' as const },
      { drill: true },
      { evidence: { alerts: 1, services: [], hosts: [], worst: 'none' as const, tier: null, compromise: true } },
    ]) {
      const world = worldOf();
      world.take([of('registry')]);
      const [first] = open(world);
      Object.assign(first as object, change);
      world.take([of('web')], noon + minute);
      expect(open(world).map(({ groupKey }) => groupKey)).toEqual(['service:registry', 'service:web']);
    }
  });

  it('is never taken for a symptom when it may be a compromise', () => {
    const world = worldOf();
    world.take([of('registry')]);
    world.take([of('web', { labels: { compromise: 'true' } })], noon + minute);
    expect(open(world).map(({ groupKey, severity }) => [groupKey, severity])).toEqual([
      ['service:registry', 'sev3'],
      ['service:web', 'sev1'],
    ]);
    const together = worldOf();
    together.take([of('web'), of('registry', { labels: { compromise: 'true' } })]);
    expect(open(together)).toHaveLength(2);
  });

  it('by another name of the same service is the same service', () => {
    const world = worldOf();
    world.take([of('registry')]);
    world.take([of('Registry EU')], noon + minute);
    expect(open(world)).toHaveLength(1);
    expect(open(world)[0]?.dependencies).toBeUndefined();
    const other = worldOf();
    other.take([of('Registry EU')]);
    other.take([of('api')], noon + minute);
    expect(open(other)).toHaveLength(1);
  });
});

describe('a symptom that is graver than what it is a symptom of', () => {
  const grave = of('web', { severity: 'critical' });

  it('raises it, though somebody has it in hand, and says why', () => {
    const world = worldOf();
    world.take([of('registry', { severity: 'critical' })]);
    const [parent] = open(world);
    expect(parent?.severity).toBe('sev2');
    world.ask(parent?.id as string, { type: 'acknowledge' }, noon, me);
    const [told] = whys(world.take([grave], noon + minute));
    expect(told?.why).toContain('sev1, because web (tier 1) shows symptoms: ');
    expect(open(world)[0]).toMatchObject({ severity: 'sev1', acknowledgeDueAt: null });
    expect(open(world)[0]?.severityReason).toMatch(/^web \(tier 1\) shows symptoms: /);
  });

  it('declares what waits in the triage queue', () => {
    const world = worldOf();
    world.take([of('registry')]);
    expect(open(world)[0]?.number).toBeNull();
    world.take([grave], noon + minute);
    expect(open(world)[0]).toMatchObject({ severity: 'sev1', status: 'investigating' });
    expect(open(world)[0]?.number).not.toBeNull();
  });

  it('leaves what a person decided after it had shown, and raises it for another service', () => {
    const world = worldOf([...shop, service('shop', ['registry'], { tier: 1 })]);
    world.take([of('registry', { severity: 'critical' })]);
    world.take([grave], noon + minute);
    const id = open(world)[0]?.id as string;
    world.ask(id, { type: 'changeSeverity', to: 'sev3', reason: 'only the mirror' }, noon + 2 * minute, me);
    world.take([of('web', { severity: 'critical', fingerprint: 'more' })], noon + 3 * minute);
    expect(open(world)[0]).toMatchObject({ severity: 'sev3', severityProposal: { severity: 'sev1' } });
    world.take([of('shop', { severity: 'critical' })], noon + 4 * minute);
    expect(open(world)[0]).toMatchObject({ severity: 'sev1' });
  });

  it('of a lesser tier proposes it where somebody has it in hand', () => {
    const world = worldOf();
    world.take([of('registry', { severity: 'warning' })]);
    const id = open(world)[0]?.id as string;
    world.ask(
      id,
      {
        type: 'declare',
        incidentId: id,
        title: null,
        severity: null,
        reason: null,
        services: [],
        visibility: 'public',
        drill: false,
        policy: world.rules.policy,
        playbook: null,
      },
      noon,
      me,
    );
    world.take([of('api', { severity: 'critical' })], noon + minute);
    expect(open(world)[0]).toMatchObject({ severity: 'sev3', severityProposal: { severity: 'sev2' } });
  });

  it('raises it when it gets worse later', () => {
    const world = worldOf();
    world.take([of('registry', { severity: 'critical' }), of('web', { severity: null })]);
    const id = open(world)[0]?.id as string;
    world.incidents.set(id, {
      ...(world.incidents.get(id) as never as object),
      severity: 'sev2',
      severitySetBy: 'machine',
    } as never);
    world.ask(id, { type: 'acknowledge' }, noon, me);
    world.take([grave], noon + minute);
    expect(open(world)[0]).toMatchObject({ severity: 'sev1' });
  });
});

describe('after what failed is mended', () => {
  const settle = 10 * minute;
  function mended(alerts = [of('registry'), of('api'), of('web', { severity: null })]): World {
    const world = worldOf();
    world.take(alerts);
    const id = [...world.incidents.keys()][0] as string;
    world.ask(id, { type: 'resolve', summary: null }, noon + minute, me);
    return world;
  }

  it('symptoms that fire on come back as their own only when it has settled', () => {
    const world = mended();
    const [told] = whys(world.take([of('web', { severity: null })], noon + settle));
    expect(told).toMatchObject({ outcome: 'repeat' });
    expect(told?.why).toContain('if it still fires after 21 Nov 12:11 UTC');
    expect(open(world)).toHaveLength(0);
    world.take([of('web', { severity: null })], noon + minute + settle);
    expect(open(world).map(({ groupKey }) => groupKey)).toEqual(['service:web']);
  });

  it('those that clear until then never do', () => {
    const world = mended();
    world.take([of('web', { severity: null, status: 'resolved', endsAt: noon + 5 * minute })], noon + 5 * minute);
    world.take([of('api')], noon + minute + settle);
    expect(open(world).map(({ groupKey }) => groupKey)).toEqual(['service:api']);
  });

  it('a symptom that gets graver than what ended is heard at once', () => {
    const world = mended();
    world.take([of('web', { severity: 'critical' })], noon + 3 * minute);
    expect(open(world)).toMatchObject([{ groupKey: 'service:web', severity: 'sev1' }]);
  });

  it('the same alert firing anew waits too, whatever its tier, and says until when', () => {
    const world = mended();
    world.take([of('web', { severity: null, status: 'resolved', endsAt: noon + 2 * minute })], noon + 2 * minute);
    const [told] = whys(world.take([of('web', { severity: null, startsAt: noon + 3 * minute })], noon + 3 * minute));
    expect(told).toMatchObject({ outcome: 'suppressed', incidentId: null });
    expect(told?.why).toContain(
      'has just ended, and web depends on it (web → api → registry): looked at again at 21 Nov 12:11',
    );
    world.take([of('web', { severity: null, startsAt: noon + 3 * minute })], noon + minute + settle);
    expect(open(world).map(({ groupKey }) => groupKey)).toEqual(['service:web']);
  });

  it('a new alert waits where it would only have gone to the queue, and calls people where it would', () => {
    const world = mended();
    const told = whys(
      world.take(
        [
          of('api', { fingerprint: 'new', severity: 'warning' }),
          of('api', { fingerprint: 'grave', severity: 'critical' }),
          of('web', { fingerprint: 'tier 1', severity: null }),
        ],
        noon + 3 * minute,
      ),
    );
    expect(told.map(({ outcome }) => outcome)).toEqual(['suppressed', 'opened', 'attached']);
    expect(open(world).map(({ groupKey }) => groupKey)).toEqual(['service:api']);
  });

  it('all of them stay where they are when it goes on', () => {
    const world = mended();
    const id = [...world.incidents.keys()][0] as string;
    world.ask(id, { type: 'reopen', reason: 'not yet' }, noon + 2 * minute, me);
    world.take([of('web', { severity: null }), of('api')], noon + settle + 5 * minute);
    expect(open(world)).toHaveLength(1);
    expect(open(world)[0]?.id).toBe(id);
  });
});

describe('symptoms that came before their cause', () => {
  it('and the incident of the cause are told of each other, once', () => {
    const world = worldOf();
    world.take([of('web')]);
    world.take([of('registry')], noon + minute);
    const [web, registry] = open(world);
    expect(dependenciesOf(web as never).related).toMatchObject([
      { incidentId: registry?.id, path: ['web', 'api', 'registry'], upstream: true },
    ]);
    expect(dependenciesOf(registry as never).related).toMatchObject([{ incidentId: web?.id, upstream: false }]);
    const plan = world.take([of('registry', { fingerprint: 'another' })], noon + 2 * minute);
    expect(plan.incidents.flatMap(({ commands }) => commands.map(({ type }) => type))).toEqual(['attachAlerts']);
  });

  it('are not told of a suspected compromise, nor of what is private', () => {
    const world = worldOf();
    world.take([of('web')]);
    Object.assign(open(world)[0] as object, { visibility: 'private' });
    world.take([of('registry')], noon + minute);
    expect(open(world).map((each) => each.dependencies)).toEqual([undefined, undefined]);
  });
});
