import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { judge } from '../../src/incident/severity.js';
import { isOpen } from '../../src/incident/state.js';
import { alertOf, minute, noon, World } from './world.js';

/** Everything that may not depend on the order in which reports came. */
function seen(world: World): unknown {
  const members = new Map<string, string[]>();
  const states = [...world.episodes.values()].map((episode) => {
    const name = `${episode.fingerprint} ${(episode.startedAt - noon) / minute}`;
    if (episode.incidentId) members.set(episode.incidentId, [...(members.get(episode.incidentId) ?? []), name].sort());
    const end = episode.endedAt === null ? 'firing' : (episode.endedAt - noon) / minute;
    return `${name} to ${end}${episode.incidentId ? '' : ', unseen'}`;
  });
  const incidents = [...world.incidents.values()].map((incident) => ({
    members: (members.get(incident.id) ?? []).join(', '),
    group: incident.groupKey,
    open: isOpen(incident),
    firing: incident.alerts.firing,
    declared: incident.number !== null,
    severity: incident.severity,
    proposed: incident.statusProposal?.status ?? null,
    judged: judge(incident.evidence, world.rules.ladder),
  }));
  return {
    states: states.sort(),
    incidents: incidents.sort((a, b) => (a.members < b.members ? -1 : 1)),
    firing: [...world.episodes.values()].filter((e) => e.state === 'firing').length,
  };
}

const at = (time: number): number => noon + time * minute;
const identities = fc.array(
  fc.record({
    service: fc.constantFrom('registry', 'wiki', null),
    severity: fc.constantFrom('critical', 'warning', null),
    host: fc.constantFrom('a', 'b', null),
  }),
  { minLength: 1, maxLength: 4 },
);
type Times = { status: 'firing' | 'resolved'; startsAt: number | null; endsAt: number | null };

/** Any interval at all, overlapping or not, with or without a start. */
const arbitrary: fc.Arbitrary<Times[]> = fc.array(
  fc.oneof(
    fc.record({ status: fc.constant('firing' as const), startsAt: fc.nat(12).map(at), endsAt: fc.constant(null) }),
    fc.tuple(fc.nat(12), fc.nat(4), fc.boolean()).map(([from, length, known]) => ({
      status: 'resolved' as const,
      startsAt: known ? at(from) : null,
      endsAt: at(from + length),
    })),
  ),
  { minLength: 1, maxLength: 7 },
);

/** What a sender does: it fires, says so again, clears; and again; with some reports lost. */
const realistic: fc.Arbitrary<Times[]> = fc
  .array(
    fc.record({
      quiet: fc.integer({ min: 1, max: 5 }),
      fires: fc.integer({ min: 1, max: 5 }),
      lost: fc.constantFrom('nothing', 'firing', 'end'),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((rounds) => {
    let now = 0;
    return rounds.flatMap(({ quiet, fires, lost }): Times[] => {
      const startsAt = at(now + quiet);
      const endsAt = at(now + quiet + fires);
      now += quiet + fires;
      return [
        ...(lost === 'firing' ? [] : [{ status: 'firing' as const, startsAt, endsAt: null }]),
        ...(lost === 'end' ? [] : [{ status: 'resolved' as const, startsAt, endsAt }]),
      ];
    });
  });

const inSomeOrder = (times: fc.Arbitrary<Times[]>) =>
  identities
    .chain((who) => fc.tuple(fc.constant(who), fc.tuple(...who.map(() => times))))
    .map(([who, all]) =>
      all.flatMap((own, i) =>
        own.map(
          (one): Alert => alertOf({ ...who[i], fingerprint: `f${i}`, name: `Name${i}`, groupHint: 'hint', ...one }),
        ),
      ),
    )
    .chain((reports) =>
      fc.record({
        reports: fc.constant(reports),
        // Every report at least once, some more often, in any order, cut into requests anywhere.
        order: fc
          .array(fc.nat(reports.length - 1), { maxLength: 8 })
          .chain((again) =>
            fc.shuffledSubarray([...reports.keys(), ...again], { minLength: reports.length + again.length }),
          ),
        requests: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 30, maxLength: 30 }),
      }),
    );

for (const [kind, times] of Object.entries({ arbitrary, realistic })) {
  test(`any order and duplication of ${kind} reports gives the same episodes, incidents and severity`, () => {
    fc.assert(
      fc.property(inSomeOrder(times), ({ reports, order, requests }) => {
        const straight = new World();
        const shuffled = new World();
        for (const [i, report] of reports.entries()) straight.take([report], noon + 20 * minute + i);
        let taken = 0;
        for (const [i, size] of requests.entries()) {
          const alerts = order.slice(taken, taken + size).map((index) => reports[index] as Alert);
          taken += size;
          if (alerts.length > 0) shuffled.take(alerts, noon + 20 * minute + i * 1000);
        }
        if (taken < order.length)
          shuffled.take(
            order.slice(taken).map((index) => reports[index] as Alert),
            noon + 21 * minute,
          );
        expect(seen(shuffled)).toEqual(seen(straight));
      }),
      { numRuns: 600 },
    );
  });
}
