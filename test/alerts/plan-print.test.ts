import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import type { Plan } from '../../src/alerts/plan.js';
import { planText, showPlan } from '../../src/alerts/plan-print.js';
import { alertOf, minute, noon, World } from './world.js';

const names = {
  playbook: (hash: string) => (hash === 'h1' ? 'Registry outage' : null),
  person: (id: string) => id.toUpperCase(),
  channel: (title: string) => `inc-1-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`,
};

function worldWith(playbook: boolean): World {
  const world = new World();
  if (playbook) world.rules.playbook = () => ({ hash: 'h1', reason: 'it matches service registry' });
  world.rules.policy = { ...world.rules.policy, invite: ['ada', 'bob'] };
  return world;
}

const textOf = (plan: Plan) => planText(showPlan(plan, names));

/** Plans without the core, as the command line does. */
const planned = (world: World, alerts: Alert[]) => {
  world.ask = () => {};
  return world.take(alerts);
};

test('a plan says per alert and per incident what would happen, why, and who would hear of it', () => {
  const text = textOf(
    planned(worldWith(true), [
      alertOf({ name: 'RegistryPushFails', severity: 'critical', startsAt: noon }),
      alertOf({ fingerprint: 'f2', name: 'Slow', service: 'wiki', startsAt: noon }),
      alertOf({
        fingerprint: 'f3',
        name: 'Gone',
        service: 'ci',
        status: 'resolved',
        startsAt: noon,
        endsAt: noon + minute,
      }),
    ]),
  );
  expect(text).toBe(`3 alerts
  RegistryPushFails  opened           opens an incident: sev1, because registry is tier 1 and an alert is labelled critical
  Slow               triaged          goes to the triage queue: sev3, because the worst label is warning and wiki is tier 3
  Gone               resolved-unseen  only its end was reported; kept in case the beginning arrives late

Opens an incident: registry: push fails
  Severity     sev1, because registry is tier 1 and an alert is labelled critical
  Alerts       1 new, 1 firing
  Playbook     Registry outage (it matches service registry)
  Channel      inc-1-registry-push-fails
  Updates      every 30 min
  Acknowledge  within 5 min
  Paged        1. ADA, BOB (named for sev1), when nobody acknowledges
  Invited      ADA, BOB
  Grouped by   service:registry

Goes to the triage queue: wiki: slow
  Severity    sev3, because the worst label is warning and wiki is tier 3
  Alerts      1 new, 1 firing
  Playbook    Registry outage (it matches service registry)
  Grouped by  service:wiki`);
});

test('for programs the same as values; what nobody promised is null', () => {
  const shown = showPlan(planned(worldWith(false), [alertOf({ startsAt: noon })]), names);
  expect(JSON.parse(JSON.stringify(shown))).toEqual({
    request: null,
    alerts: [
      {
        fingerprint: 'f1',
        name: 'PushFails',
        outcome: 'triaged',
        incidentId: 'id-2',
        why: expect.stringMatching(/^goes to the triage queue: sev3/),
      },
    ],
    incidents: [
      {
        incidentId: 'id-2',
        title: 'registry: push fails',
        groupKey: 'service:registry',
        becomes: 'triage',
        severity: 'sev3',
        reason: expect.any(String),
        newAlerts: 1,
        firing: 1,
        cleared: 0,
        playbook: null,
        updateEveryMs: null,
        acknowledgeWithinMs: null,
        channel: null,
        invited: [],
        paged: [],
      },
    ],
  });
});

test('what goes to an incident there is, and what changes nothing, says so', () => {
  const world = new World();
  world.take([alertOf({ startsAt: noon, severity: 'critical' })]);
  expect(textOf(world.take([alertOf({ startsAt: noon })]))).toMatch(
    /^1 alert\n.* repeat .*\n\nNo incident would change\.$/,
  );
  const cleared = alertOf({ status: 'resolved', startsAt: noon, endsAt: noon + minute });
  expect(textOf(world.take([cleared]))).toMatch(
    /\nGoes to what is there: registry: push fails\n {2}Cleared +1 alert\n?/,
  );
});

test('a storm is printed short', () => {
  const alerts = Array.from({ length: 1000 }, (_, i) => alertOf({ fingerprint: `f${i}`, startsAt: noon }));
  const text = textOf(planned(new World(), alerts));
  expect(text.split('\n').length).toBeLessThan(70);
  expect(text).toContain('… and 950 more');
});
