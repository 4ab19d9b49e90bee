import { describe, expect, test } from 'vitest';
import { readAlerts, sourceOf, sources } from '../../src/alerts/sources.js';
import { noon, World } from './world.js';

const read = (body: unknown, kind = 'grafana') => {
  const { alerts } = readAlerts(sourceOf(kind)!, body, { source: kind, receivedAt: noon });
  return alerts[0]!;
};

describe('a body of a shape nobody knows', () => {
  const body = {
    eventType: 'threshold',
    alert: {
      alertName: 'Queue grows',
      Severity: 'CRITICAL',
      message: 'the queue of the runners has 900 jobs',
      state: 'ALARM',
      labels: { service: 'runners', host: 'ci-3' },
      html_url: 'https://ci.example.com/queue',
    },
  };

  test('tells what could be read, what did not fit, and what to send', () => {
    expect(read(body)).toMatchObject({
      status: 'firing',
      name: 'Queue grows',
      service: 'runners',
      host: 'ci-3',
      severity: null,
      labels: { severity: 'CRITICAL', status: 'ALARM' },
      links: [{ label: 'Source', href: 'https://ci.example.com/queue' }],
      groupHint: 'unknown shape',
    });
    expect(read(body).summary).toMatch(
      /^Queue grows: the queue of the runners has 900 jobs — It says severity CRITICAL, status ALARM\. .*alerts: .*generic\.md/,
    );
  });

  test('waits in the queue, however grave it says it is', () => {
    const world = new World();
    const outcome = (given: unknown) => world.take([read(given)]).receipts[0]?.outcomes[0]?.outcome;
    expect(outcome(body)).toBe('triaged');
    expect(outcome({ ...body, time: 2 })).toBe('repeat');
  });

  test('that says it is over resolves nothing', () => {
    const ended = { ...body, alert: { ...body.alert, state: 'resolved' } };
    expect(read(ended)).toMatchObject({ status: 'firing', fingerprint: read(body).fingerprint });
    expect(read(ended).labels.over).toContain('see whether');
  });

  test('another one is another entry', () => {
    expect(read({ title: 'a' }).fingerprint).not.toBe(read({ title: 'b' }).fingerprint);
    expect(read({ title: 'a', host: 'x' }).fingerprint).not.toBe(read({ title: 'a' }).fingerprint);
    expect(read([1]).fingerprint).not.toBe(read([2]).fingerprint);
  });

  test('may be anything', () => {
    for (const given of [
      null,
      1,
      'text',
      [],
      [[]],
      { title: { x: 1 } },
      { alerts: [null] },
      { url: 'javascript:alert(1)' },
    ])
      expect(read(given, 'generic')).toMatchObject({ status: 'firing', severity: null, links: [] });
  });
});

test('every source says that it does not know such a body', () => {
  // To a heartbeat whatever comes is a sign of life.
  for (const { kind } of sources.filter(({ kind }) => kind !== 'heartbeat'))
    expect([kind, read({ hello: 'world' }, kind).groupHint]).toEqual([kind, 'unknown shape']);
});
