import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.js';
import { intakeRouting } from '../../../src/bot/intake-rules.js';
import { readConfig } from '../../../src/config/read.js';
import { alertOf, minute, noon, World } from '../world.js';

/** A world under the `intake:` of this text. */
function under(text: string): World {
  const folder = mkdtempSync(join(tmpdir(), 'intake-'));
  writeFileSync(join(folder, 'muster.yaml'), `open-on-loopback: true\n${text}`);
  const config = readConfig({}, folder);
  if (Array.isArray(config)) throw new Error(config.map(({ where, what }) => `${where} ${what}`).join('\n'));
  const world = new World();
  const routing = intakeRouting(config);
  Object.assign(world.rules, {
    steering: [routing.rules, routing.windows],
    groupKey: routing.groupKey,
    ladder: config.ladder,
  });
  return world;
}
const rule = (text: string, more = ''): World =>
  under(`intake:\n  rules:\n    - { ${text}, because: the reason }\n${more}`);
const outcome = (world: World, alert: Partial<Alert>, at = noon) =>
  world.take([alertOf({ startsAt: at, ...alert })], at).receipts[0]?.outcomes[0];
const incidents = (world: World) => [...world.incidents.values()];

describe('what becomes of an alert that fits a rule', () => {
  test('open: at least as grave as the rule says, with its reason', () => {
    const world = rule('name: payments, when: { labels: { team: payments } }, then: { open: sev2 }');
    expect(outcome(world, { severity: 'info', labels: { team: 'payments' } })).toMatchObject({
      outcome: 'opened',
      why: expect.stringContaining('intake rule "payments": the reason; opens an incident: sev2'),
    });
    expect(incidents(world)[0]).toMatchObject({
      severity: 'sev2',
      severityReason: 'intake rule "payments" says at least sev2: the reason',
    });
    expect(outcome(world, { fingerprint: 'f2', service: 'wiki', severity: 'info' })?.outcome).toBe('triaged');
  });

  test('open: what the ladder finds graver stays graver', () => {
    const world = rule('then: { open: sev2 }');
    outcome(world, { severity: 'critical' });
    expect(incidents(world)[0]).toMatchObject({ severity: 'sev1' });
  });

  test('open-as: as grave as the rule says, whatever it says of itself', () => {
    const world = rule('then: { open-as: sev2 }');
    outcome(world, { severity: 'critical' });
    expect(incidents(world)[0]).toMatchObject({ severity: 'sev2', services: ['registry'] });
  });

  test('queue: it opens nothing by itself, and goes with what is open', () => {
    const world = rule('when: { severity: critical }, then: queue');
    expect(outcome(world, { severity: 'critical' })).toMatchObject({
      outcome: 'triaged',
      why: expect.stringContaining('sev3, because intake rule 1 leaves it to the queue: the reason'),
    });
    for (let i = 0; i < 20; i++) outcome(world, { severity: 'critical', fingerprint: `g${i}` });
    expect(incidents(world)).toMatchObject([{ number: null, severity: 'sev3', alerts: { total: 21 } }]);
  });

  test('queue: another alert of the group that does not fit opens what waits there', () => {
    const world = rule('when: { name: Noise }, then: queue');
    outcome(world, { severity: 'critical', name: 'Noise' });
    outcome(world, { severity: 'critical', fingerprint: 'f2' });
    expect(incidents(world)).toMatchObject([{ severity: 'sev1', number: expect.any(Number) }]);
  });

  test('queue: the same alert, worse and no longer fitting, opens', () => {
    const world = rule('when: { severity: warning }, then: queue');
    outcome(world, { severity: 'warning' });
    outcome(world, { severity: 'critical' });
    expect(incidents(world)).toMatchObject([{ severity: 'sev1' }]);
  });

  test('queue: the same alert, worse and still fitting, stays in the queue', () => {
    const world = rule('then: queue');
    outcome(world, { severity: 'warning' });
    outcome(world, { severity: 'critical' });
    expect(incidents(world)).toMatchObject([{ severity: 'sev3', number: null }]);
  });

  test('ignore: nobody is told, its end is kept, and later reports ask again', () => {
    const world = rule('when: { labels: { env: /^(dev|test)$/ } }, then: ignore');
    const dev = { labels: { env: 'dev' }, severity: 'critical' };
    expect(outcome(world, dev)).toMatchObject({
      outcome: 'ignored',
      why: 'intake rule 1: the reason',
      incidentId: null,
    });
    expect(incidents(world)).toEqual([]);
    const over = world.take([alertOf({ ...dev, status: 'resolved', startsAt: noon, endsAt: noon + minute })]);
    expect(over.receipts[0]?.outcomes[0]?.outcome).toBe('resolved');
    expect([...world.episodes.values()]).toMatchObject([
      { state: 'resolved', endedAt: noon + minute, incidentId: null },
    ]);
    expect(outcome(world, { ...dev, labels: { env: 'production' } }, noon + 5 * minute)?.outcome).toBe('opened');
  });

  test('ignore: a repeat of what is ignored writes nothing', () => {
    const world = rule('then: ignore');
    outcome(world, {});
    expect(world.take([alertOf({ startsAt: noon })], noon + 1000).episodes).toEqual([]);
  });

  test('attach: goes to what is open of the other service; nothing is: its own way', () => {
    const world = rule('when: { service: proxy }, then: { attach: registry }');
    expect(outcome(world, { service: 'proxy', fingerprint: 'p1' })?.why).toContain('nothing is open of registry');
    expect(incidents(world).map(({ groupKey }) => groupKey)).toEqual(['service:proxy']);
    outcome(world, { severity: 'critical' });
    expect(outcome(world, { service: 'proxy', fingerprint: 'p2' })).toMatchObject({
      outcome: 'attached',
      why: expect.stringMatching(/^intake rule 1: the reason; belongs to what is open already, "registry/),
    });
    expect(incidents(world)).toHaveLength(2);
  });

  test('the first that fits decides, and usual lets through', () => {
    const world = under(`intake:
  rules:
    - { when: { name: /Push/ }, because: pushes matter }
    - { then: ignore, because: all else is noise }
`);
    expect(outcome(world, {})).toMatchObject({
      outcome: 'triaged',
      why: expect.stringMatching(/^intake rule 1: pushes/),
    });
    expect(outcome(world, { name: 'Other', fingerprint: 'f2' })?.outcome).toBe('ignored');
  });

  test.each(['ignore', 'queue', '{ attach: wiki }', '{ open-as: sev3 }'])(
    'a suspected compromise is heard all the same: %s',
    (then) => {
      const world = rule(`then: ${then}`);
      outcome(world, { service: 'wiki', fingerprint: 'w', severity: 'info', labels: { compromise: 'no' } });
      expect(outcome(world, { labels: { compromise: 'true' } })).toMatchObject({
        outcome: 'opened',
        why: expect.stringContaining('the reason; this may be a compromise, which is heard all the same'),
      });
      expect(incidents(world).find(({ groupKey }) => groupKey === 'service:registry')).toMatchObject({
        severity: 'sev1',
      });
    },
  );
});

describe('what a rule looks at', () => {
  const fits = (when: string, alert: Partial<Alert>, at = noon): boolean =>
    outcome(
      rule(
        `when: { ${when} }, then: ignore`,
        'sources:\n  grafana-lab: { kind: grafana }\nservices:\n  registry: { tier: 1 }\n',
      ),
      alert,
      at,
    )?.outcome === 'ignored';
  test.each<[string, Partial<Alert>, boolean]>([
    ['source: alertmanager', {}, true],
    ['source: grafana', {}, false],
    ['source: grafana', { source: 'grafana-lab' }, true],
    ['source: [grafana-lab]', { source: 'grafana-lab' }, true],
    ['source: grafana-lab', { source: 'grafana' }, false],
    ['service: [wiki, registry]', {}, true],
    ['service: reg', {}, false],
    ['service: /^reg/', {}, true],
    ['service: registry', { service: null }, false],
    ['severity: warning', {}, true],
    ['severity: warning', { severity: 'p3' }, true],
    ['severity: p3', { severity: 'warning' }, false],
    ['severity: P3', { severity: 'p3' }, true],
    ['severity: none', { severity: null }, true],
    ['severity: none', { severity: 'critical' }, false],
    ['name: PushFails', {}, true],
    ['name: /fails/', {}, false],
    ['name: /fails/i', {}, true],
    ['summary: "/push(es)? fail/"', {}, true],
    ['host: /^ci-/', { host: 'ci-1' }, true],
    ['host: /^ci-/', {}, false],
    ['labels: { team: core, code: 500 }', { labels: { team: 'core', code: '500' } }, true],
    ['labels: { team: core, code: 500 }', { labels: { team: 'core' } }, false],
    ['labels: { toString: /./ }', {}, false],
    ['tier: 1', {}, true],
    ['tier: [2, 3]', {}, false],
    ['tier: 1', { service: null }, false],
  ])('%s', (when, alert, expected) => {
    expect(fits(when, alert)).toBe(expected);
  });

  // 21 November 2026 is a Saturday; Berlin is an hour ahead of UTC.
  test.each<[string, string, boolean]>([
    ['between: "12:00-13:00"', '2026-11-21T12:00Z', true],
    ['between: "12:00-13:00"', '2026-11-21T13:00Z', false],
    ['between: "12:00-13:00", zone: Europe/Berlin', '2026-11-21T12:00Z', false],
    ['between: "12:00-13:00", zone: Europe/Berlin', '2026-07-21T10:30Z', true],
    ['between: "22:00-06:00"', '2026-11-21T23:00Z', true],
    ['between: "22:00-06:00"', '2026-11-21T05:59Z', true],
    ['between: "22:00-06:00"', '2026-11-21T06:00Z', false],
    ['between: "22:00-06:00", days: [fri]', '2026-11-21T05:00Z', true],
    ['between: "22:00-06:00", days: [sat]', '2026-11-21T05:00Z', false],
    ['between: "22:00-06:00", days: [sat]', '2026-11-22T05:00Z', true],
    ['days: [sat, sun]', '2026-11-21T12:00Z', true],
    ['days: [mon]', '2026-11-21T12:00Z', false],
    ['days: [sun], zone: Europe/Berlin', '2026-11-21T23:30Z', true],
  ])('%s at %s', (when, at, expected) => {
    expect(fits(when, {}, Date.parse(at))).toBe(expected);
  });

  test('unless leaves alone what fits it too', () => {
    const world = rule('when: { severity: warning }, unless: { service: registry }, then: ignore');
    expect(outcome(world, {})?.outcome).toBe('triaged');
    expect(outcome(world, { service: 'wiki', fingerprint: 'f2' })?.outcome).toBe('ignored');
  });

  test('what was ignored for the night is looked at when the night ends', () => {
    const world = rule('when: { between: "22:00-06:10" }, then: ignore');
    outcome(world, {}, Date.parse('2026-11-21T23:07Z'));
    const [episode] = world.episodes.values();
    expect(new Date(episode?.held?.until ?? 0).toISOString()).toBe('2026-11-22T06:10:00.000Z');
    expect(outcome(world, { startsAt: episode?.startedAt ?? null }, episode?.held?.until ?? 0)?.outcome).toBe(
      'triaged',
    );
  });
});

describe('what belongs together', () => {
  test('alerts are grouped by what the configuration says, else as usual', () => {
    const world = under('intake: { group: { by: ["label:team", host] } }');
    outcome(world, { fingerprint: 'a', host: 'h1', labels: { team: 'core x' } });
    outcome(world, { fingerprint: 'b', host: 'h1', labels: { team: 'core x' }, service: 'wiki' });
    outcome(world, { fingerprint: 'c', host: 'h2', labels: { team: 'core x' } });
    outcome(world, { fingerprint: 'd' });
    expect(incidents(world).map(({ groupKey, alerts }) => [groupKey, alerts.total])).toEqual([
      ['label:team:core%20x host:h1', 2],
      ['label:team:core%20x host:h2', 1],
      ['service:registry', 1],
    ]);
  });

  test('a rule may group what fits it in its own way', () => {
    const world = rule('when: { source: alertmanager }, group: { by: [name] }');
    outcome(world, { fingerprint: 'a' });
    outcome(world, { fingerprint: 'b', service: 'wiki' });
    expect(incidents(world).map(({ groupKey }) => groupKey)).toEqual(['name:PushFails']);
  });

  test('what comes long after the last alert of its group is an incident of its own, and goes on there', () => {
    const world = under('intake: { group: { window: 2h } }');
    const at = (hours: number) => noon + hours * 60 * minute;
    const where = (fingerprint: string, hours: number) => {
      const into = outcome(world, { fingerprint, severity: 'critical' }, at(hours))?.incidentId;
      return incidents(world).findIndex(({ id }) => id === into);
    };
    expect([where('a', 0), where('b', 1), where('c', 3), where('d', 3.5), where('e', 6), where('f', 7.9)]).toEqual([
      0, 0, 0, 0, 1, 1,
    ]);
    expect(where('g', 11)).toBe(2);
    expect(where('h', 14)).toBe(3);
    expect(where('i', 17)).toBe(3);
    expect(incidents(world).map(({ groupKey }) => groupKey)).toEqual([
      'service:registry',
      'service:registry (2)',
      'service:registry (3)',
      'service:registry (4)',
    ]);
  });
});
