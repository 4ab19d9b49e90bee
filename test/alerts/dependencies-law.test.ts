import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dependencySteering } from '../../src/alerts/dependencies/steering.js';
import { type Depends, deepest, topologyOf } from '../../src/alerts/dependencies/topology.js';
import { isOpen } from '../../src/incident/state.js';
import { dependenciesOf } from '../../src/incident/symptoms.js';
import { alertOf, minute, noon, World } from './world.js';

/** Any services without a circle: each depends on some of those before it. */
const dags: fc.Arbitrary<Depends[]> = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc.tuple(
    ...Array.from({ length: size }, (_, i) =>
      fc
        .record({
          dependsOn: fc.subarray(Array.from({ length: i }, (_, j) => `s${j}`)),
          tier: fc.constantFrom(1, 2, 3),
        })
        .map(({ dependsOn, tier }): Depends => ({ name: `s${i}`, dependsOn, tier, aliases: [] })),
    ),
  ),
);
const storms = dags.chain((services) =>
  fc.record({
    services: fc.constant(services),
    first: fc.array(fc.nat(services.length - 1), { maxLength: 4 }),
    later: fc
      .array(
        fc.record({
          of: fc.nat(services.length - 1),
          severity: fc.constantFrom('critical', 'warning', null),
          compromise: fc.boolean(),
        }),
        { minLength: 1, maxLength: 8 },
      )
      .chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(
            all.map((_, i) => i),
            { minLength: all.length },
          ),
        ),
      ),
  }),
);

function worldOf(services: readonly Depends[]): World {
  const world = new World();
  world.rules.ladder.tiers = Object.fromEntries(services.map(({ name, tier }) => [name, tier]));
  world.rules.topology = topologyOf(services);
  world.rules.steering = [dependencySteering(world.rules.topology, world.rules.ladder)];
  return world;
}

const storyOf = (
  {
    services,
    first,
    later: [all],
  }: {
    services: Depends[];
    first: number[];
    later: [{ of: number; severity: string | null; compromise: boolean }[], number[]];
  },
  order: readonly number[],
  apart: boolean,
): World => {
  const world = worldOf(services);
  for (const [i, of] of first.entries())
    world.take(
      [alertOf({ service: `s${of}`, fingerprint: `first ${of}`, name: 'First', severity: null })],
      noon + i * minute,
    );
  const alerts = order.map((i) => {
    const { of, severity, compromise } = all[i] as (typeof all)[number];
    return alertOf({
      service: `s${of}`,
      fingerprint: `then ${i}`,
      name: 'Then',
      severity,
      labels: compromise ? { compromise: 'true' } : {},
    });
  });
  if (apart) for (const alert of alerts) world.take([alert], noon + 20 * minute);
  else world.take(alerts, noon + 20 * minute);
  return world;
};

const homes = (world: World): unknown =>
  [...world.episodes.values()]
    .map(({ fingerprint, incidentId }) => [fingerprint, world.incidents.get(incidentId ?? '')?.groupKey])
    .sort();

test('whatever depends on what, an alert is in one incident, and its path is a real one to a service that fails', () => {
  fc.assert(
    fc.property(storms, (storm) => {
      const world = storyOf(storm, storm.later[1], false);
      const needs = new Map(storm.services.map(({ name, dependsOn }) => [name, dependsOn]));
      for (const episode of world.episodes.values()) {
        const home = world.incidents.get(episode.incidentId ?? '');
        if (!home) throw new Error(`${episode.fingerprint} is nowhere.`);
        if (home.groupKey === episode.groupKey) continue;
        expect(episode.labels.compromise).toBeUndefined();
        if (episode.fingerprint.startsWith('then')) expect(home.evidence.compromise).toBe(false);
        const { path = [] } = dependenciesOf(home).symptoms.find(({ service }) => service === episode.service) ?? {};
        expect(path[0]).toBe(episode.service);
        expect(`service:${path.at(-1)}`).toBe(home.groupKey);
        expect(path.length).toBeLessThanOrEqual(deepest * 2);
        for (const [i, each] of path.slice(1).entries()) expect(needs.get(path[i] as string)).toContain(each);
      }
      for (const { groupKey } of [...world.incidents.values()].filter(isOpen)) {
        expect([...world.incidents.values()].filter((each) => isOpen(each) && each.groupKey === groupKey)).toHaveLength(
          1,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test('the same alerts in any order in one request end in the same places, at the same severity', () => {
  fc.assert(
    fc.property(storms, (storm) => {
      const one = storyOf(
        storm,
        storm.later[0].map((_, i) => i),
        false,
      );
      const other = storyOf(storm, storm.later[1], false);
      expect(homes(other)).toEqual(homes(one));
      const severities = (world: World) =>
        [...world.incidents.values()]
          .map(({ groupKey, severity, dependencies }) => [
            groupKey,
            severity,
            dependencies?.symptoms.map(({ path }) => path),
          ])
          .sort();
      expect(severities(other)).toEqual(severities(one));
    }),
    { numRuns: 200 },
  );
});

test('where what fails is known already, it does not matter whether the symptoms come together or one after the other', () => {
  fc.assert(
    fc.property(storms, (storm) => {
      // Each goes to what is open before: none of them opens, or makes graver, what another would go to.
      const roots = storm.services
        .filter(({ dependsOn }) => dependsOn.length === 0)
        .map(({ name }) => Number(name.slice(1)));
      const known = {
        ...storm,
        first: roots,
        later: [
          storm.later[0].map((each) => ({ ...each, compromise: false, severity: null })),
          storm.later[1],
        ] as typeof storm.later,
      };
      const together = storyOf(known, known.later[1], false);
      const causesFirst = [...known.later[1]].sort(
        (a, b) => (known.later[0][a]?.of ?? 0) - (known.later[0][b]?.of ?? 0),
      );
      const oneByOne = storyOf(known, causesFirst, true);
      expect(homes(oneByOne)).toEqual(homes(together));
    }),
    { numRuns: 150 },
  );
});
