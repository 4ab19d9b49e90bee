import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compromiseOf, evidenceOf, gradeOf } from '../../src/alerts/evidence.js';
import { genericSchema } from '../../src/alerts/sources/generic.js';
import { readAlerts, sourceOf, sources } from '../../src/alerts/sources.js';
import { instant } from '../../src/alerts/times.js';
import { nameWords, titleOf } from '../../src/alerts/title.js';
import { address, bounded, line, lines } from '../../src/alerts/words.js';
import { builtInLadder } from '../../src/config/defaults.js';
import { noon, World } from './world.js';

const folder = new URL('../fixtures/alertmanager/', import.meta.url);
const fixture = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const read = (kind: string, body: unknown) =>
  readAlerts(sourceOf(kind)!, body, { source: kind, receivedAt: noon }).alerts;

describe('alertmanager', () => {
  test('the status is read per alert, links and labels are kept', () => {
    const [db1, db2] = read('alertmanager', fixture('captured-0.25.grouped2.mixed-one-resolved.json'));
    expect(db1).toMatchObject({
      source: 'alertmanager',
      fingerprint: '8d6b2659d88928c6',
      status: 'resolved',
      startsAt: Date.parse('2026-11-21T08:09:22.689Z'),
      endsAt: Date.parse('2026-11-21T08:10:25.703Z'),
      name: 'DiskWillFillIn4Hours',
      summary: 'Disk on db1 fills in <4 h & counting',
      service: 'postgres',
      host: 'db1:9100',
      severity: 'critical',
      groupHint: 'alertname=DiskWillFillIn4Hours, cluster=prod-eu',
    });
    expect(db1?.links).toEqual([
      { label: 'Graph', href: 'http://prometheus.example.org/graph?g0.expr=x%3C1&g0.tab=1' },
      { label: 'Alertmanager', href: 'http://alertmanager.example.org/am' },
      { label: 'Runbook', href: 'https://runbooks.example.org/disk' },
    ]);
    expect(db2).toMatchObject({ status: 'firing', endsAt: null, severity: 'warning' });
    expect(db2?.links.map(({ label }) => label)).toEqual(['Alertmanager']);
  });

  test('an alert without a fingerprint or a status of its own gets them', () => {
    const [one] = read('alertmanager', fixture('prometheus-msteams.prom_post_request.json'));
    expect(one).toMatchObject({
      status: 'firing',
      service: 'docker_nodes',
      startsAt: Date.parse('2018-03-07T11:33:21.873Z'),
      endsAt: null,
    });
    expect(one?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(read('alertmanager', fixture('prometheus-msteams.prom_post_request.json'))[0]?.fingerprint).toBe(
      one?.fingerprint,
    );
  });

  test('an end in the year 1 is none; without group labels the name groups', () => {
    const [one] = read('alertmanager', fixture('zulip.single_alert.json'));
    expect(one).toMatchObject({
      status: 'resolved',
      endsAt: null,
      host: 'andromeda',
      service: null,
      groupHint: 'High CPU Temperature',
    });
  });

  test('alerts that Alertmanager left out are noted', () => {
    const alerts = read('alertmanager', fixture('captured-0.25.truncatedAlerts3.json'));
    for (const { annotations } of alerts) expect(annotations.truncated).toMatch(/^Alertmanager left 3 more alerts/);
  });

  test('every captured body has its shape, and what it has not is not dropped', () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
      for (const alert of read('alertmanager', fixture(name)))
        expect([name, alert.name]).not.toEqual([name, expect.stringMatching(/^Unknown/)]);
    }
    const newer = {
      ...fixture('captured-0.25.bearer-auth.json'),
      notification_reason: 'repeat',
      alerts: [{ labels: { alertname: 'X' }, extra: {} }],
    };
    expect(read('alertmanager', newer)).toMatchObject([{ name: 'X' }]);
    const older = { ...newer, version: '3', groupKey: 5216802543, truncatedAlerts: '2', groupLabels: null };
    expect(read('alertmanager', older)).toMatchObject([{ name: 'X', annotations: { truncated: expect.any(String) } }]);
  });

  test('firing, half cleared, cleared: the captured sequence is one incident from open to calm', () => {
    const world = new World();
    for (const name of ['firing', 'mixed-one-resolved', 'all-resolved']) {
      world.take(
        read('alertmanager', fixture(`captured-0.25.grouped2.${name}.json`)),
        Date.parse('2026-11-21T08:11:00Z'),
      );
    }
    const [incident, ...more] = world.incidents.values();
    expect(more).toEqual([]);
    expect(incident).toMatchObject({
      title: 'postgres: disk will fill in 4 hours',
      severity: 'sev2',
      alerts: { firing: 0, total: 2 },
    });
  });
});

describe('generic', () => {
  test('a title is enough', () => {
    expect(read('generic', { title: 'Registry push fails' })).toMatchObject([
      {
        status: 'firing',
        name: 'Registry push fails',
        summary: 'Registry push fails',
        service: null,
        severity: null,
        startsAt: null,
        groupHint: 'Registry push fails',
      },
    ]);
  });

  test('one alert or a list; times, service and severity as given', () => {
    const one = {
      title: 'push fails',
      status: 'resolved',
      service: 'registry',
      severity: 'CRITICAL',
      host: 'r1',
      description: 'two\nlines',
      url: 'https://ci.example.org/1',
      startsAt: '2026-11-21T12:00:00+01:00',
      endsAt: '2026-11-21T11:05:00Z',
      labels: { n: 1, ok: true },
    };
    const read1 = read('generic', one);
    expect(read1).toMatchObject([
      {
        status: 'resolved',
        severity: 'critical',
        startsAt: noon - 3_600_000,
        endsAt: noon - 55 * 60_000,
        summary: 'two lines',
        labels: { n: '1', ok: 'true' },
        annotations: { description: 'two\nlines' },
        links: [{ label: 'Source', href: 'https://ci.example.org/1' }],
      },
    ]);
    expect(read('generic', { alerts: [one, one] })).toEqual([...read1, ...read1]);
  });

  test('the fingerprint comes from service, title and labels, whatever their order, and nothing else', () => {
    const print = (given: object) =>
      read('generic', { title: 'x', service: 's', labels: { a: '1', b: '2' }, ...given })[0]?.fingerprint;
    expect(print({ labels: { b: '2', a: '1' }, description: 'other', severity: 'info', status: 'resolved' })).toBe(
      print({}),
    );
    for (const given of [{ title: 'y' }, { service: 't' }, { labels: { a: '1' } }])
      expect(print(given)).not.toBe(print({}));
    expect(print({ fingerprint: 'mine' })).toBe('mine');
  });

  test('the published schema is the one in the docs', () => {
    const published = readFileSync(new URL('../../docs/sources/generic.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(genericSchema())));
  });
});

describe('a body of another shape', () => {
  test('becomes one alert without severity that says what did not fit', () => {
    // To a heartbeat whatever comes is a sign of life.
    for (const { kind } of sources.filter(({ kind }) => kind !== 'heartbeat')) {
      const [alert, ...more] = read(kind, { hello: 'world' });
      expect(more).toEqual([]);
      expect(alert).toMatchObject({
        name: `Unknown alert shape from ${kind}`,
        severity: null,
        status: 'firing',
        annotations: { body: '{"hello":"world"}' },
      });
      expect(alert?.summary).toMatch(kind === 'generic' ? /title: / : kind === 'alertmanager' ? /alerts: / : /./);
      expect(read(kind, { hello: 'world' })[0]?.fingerprint).toBe(alert?.fingerprint);
      expect(read(kind, { hello: 'you' })[0]?.fingerprint).not.toBe(alert?.fingerprint);
    }
  });

  test('a list says which of its alerts did not fit', () => {
    expect(read('generic', { alerts: [{ title: 'x' }, { status: 'firing' }] })[0]?.summary).toContain('alerts.1.title');
  });

  test('it waits in triage', () => {
    const world = new World();
    expect(world.take(read('generic', [])).receipts[0]?.outcomes).toMatchObject([{ outcome: 'triaged' }]);
  });
});

describe('text from outside', () => {
  test('becomes one line that neither reorders, hides nor breaks', () => {
    expect(line(' a\u0000b\u202ec\r\n\td\u200be\ud800f\ufeff ', 100)).toBe('abc de\ufffdf');
    expect(lines('a\r\nb\u0007\tc\u2028d', 100)).toBe('a\nb\tc\nd');
    expect(line('ünïcode ✓ 👩‍🚒 €', 100)).toBe('ünïcode ✓ 👩‍🚒 €');
  });

  test('is cut visibly and never in the middle of a character', () => {
    expect(line('abcdef', 4)).toBe('abc…');
    for (let length = 2; length < 12; length++) expect(line('👩👩👩👩👩👩👩', length)).toMatch(/^(?:👩)*…$/u);
    expect(line('x'.repeat(1e6), 10)).toBe('xxxxxxxxx…');
  });

  test('labels are bounded in number and length', () => {
    const many = bounded(
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 'v'.repeat(5000)])),
      64,
      1024,
    );
    expect([Object.keys(many).length, many.k0?.length]).toEqual([64, 1024]);
    expect(Object.keys(bounded(JSON.parse('{"__proto__":"x","a":null,"b":"c"}'), 64, 10))).toEqual(['b']);
  });

  test('only http and https are links', () => {
    expect(
      [
        'https://a.example/x',
        'HTTP://a.example',
        'javascript:alert(1)',
        '//a.example',
        'data:text/html,x',
        '',
        null,
      ].map(address),
    ).toEqual(['https://a.example/x', 'http://a.example/', null, null, null, null, null]);
  });

  test('only whole RFC 3339 instants are times', () => {
    const texts = [
      '2026-11-21T12:00:00Z',
      '2026-11-21T12:00:00.123456789+00:00',
      '0001-01-01T00:00:00Z',
      '2026',
      '1',
      '2026-13-01T00:00:00Z',
      '',
      null,
      undefined,
    ];
    expect(texts.map(instant)).toEqual([noon, noon + 123, null, null, null, null, null, null, null]);
  });
});

test('severity words of senders in ours', () => {
  expect(['CRITICAL', 'page', 'high', 'P1', 'error', 'warning', 'info', 'none', 'ticket', null].map(gradeOf)).toEqual([
    'critical',
    'critical',
    'critical',
    'critical',
    'warning',
    'warning',
    'info',
    'none',
    'none',
    'none',
  ]);
});

test('a compromised credential is known by its labels, not by prose', () => {
  expect(compromiseOf({ compromise: 'true' }, 'X')).toBe(true);
  expect(compromiseOf({ category: 'credential' }, 'X')).toBe(true);
  expect(compromiseOf({ type: 'secret-leak' }, 'X')).toBe(true);
  for (const name of ['SecretLeaked', 'compromised_credential', 'Token exposed', 'CredentialsLeak'])
    expect([name, compromiseOf({}, name)]).toEqual([name, true]);
  for (const name of ['MemoryLeak', 'SecretExpiresSoon', 'TokenRefreshFails'])
    expect([name, compromiseOf({ description: 'secret leaked' }, name)]).toEqual([name, false]);
  expect(compromiseOf({ compromise: 'false' }, 'X')).toBe(false);
});

test('the tier is that of the catalogue, and a service named like a property has none', () => {
  const tierOf = (service: string | null) =>
    evidenceOf({ service, host: null, severity: null, labels: {}, name: 'X' }, builtInLadder()).tier;
  expect([tierOf('registry'), tierOf('constructor'), tierOf(null)]).toEqual([1, null, null]);
});

test('titles read well', () => {
  expect(
    ['RegistryPushFails', 'HTTPErrorRateHigh', 'disk_will_fill', 'High5xxRate', 'A sentence As Is', 'k8sNodeDown'].map(
      nameWords,
    ),
  ).toEqual([
    'registry push fails',
    'HTTP error rate high',
    'disk will fill',
    'high 5xx rate',
    'A sentence As Is',
    'k8s node down',
  ]);
  const about = { service: 'registry', host: 'r1', alerts: 1 };
  expect(titleOf(['RegistryPushFails'], about)).toBe('registry: push fails');
  expect(titleOf(['Registry push fails'], about)).toBe('registry: push fails');
  expect(titleOf(['registry'], about)).toBe('registry: registry');
  expect(titleOf(['CpuHot'], { ...about, service: null })).toBe('Cpu hot on r1');
  expect(titleOf(['x'.repeat(200)], about).length).toBe(120);
});
