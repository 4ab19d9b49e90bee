import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Story, story } from '../stories/story.js';

const [old, next, general, api] = ['old', 'next', 'general', 'api'].map((name) => `${name}-token-for-this-test`) as [
  string,
  string,
  string,
  string,
];
const file = `sources:
  eu:
    kind: alertmanager
    default-service: registry
    tokens:
      - { env: EU_OLD, until: 2026-11-21T13:00Z }
      - { env: EU_NEXT, from: 2026-11-21T11:00Z }
  ours: { kind: generic, limits: { alerts-per-request: 2 } }
  slow: { kind: generic, limits: { alerts-per-minute: 60 } }
  lab: { kind: generic, default-severity: Critical, service-from: [team, app] }
services:
  registry: { tier: 2, aliases: [harbor] }
`;
const firing = (service?: string) => ({
  version: '4',
  groupKey: '{}',
  status: 'firing',
  receiver: 'muster',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://am.example.com',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'PushFails', severity: 'critical', ...(service && { service }) },
      annotations: {},
      startsAt: '2026-11-21T11:59:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: service ?? 'none',
    },
  ],
});

let muster: Story;
beforeEach(async () => {
  muster = await story({
    file,
    env: { EU_OLD: old, EU_NEXT: next, MUSTER_API_TOKEN: api, MUSTER_ALERTS_TOKEN: general },
  });
});
afterEach(() => muster.end());

const post = (name: string, token: string, body: unknown = firing()) =>
  fetch(`${muster.bot.url}/alerts/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
const get = async (path: string) =>
  (await fetch(`${muster.bot.url}${path}`, { headers: { authorization: `Bearer ${api}` } })).json();

describe('a named source', () => {
  it('takes both tokens while one follows the other, and no other', async () => {
    expect((await post('eu', old)).status).toBe(202);
    expect((await post('eu', next)).status).toBe(202);
    const refused = await post('eu', general);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ hint: expect.stringContaining('a token of eu') });
    expect((await post('alertmanager', next)).status).toBe(401);
    expect((await post('alertmanager', general)).status).toBe(202);
    await muster.forward({ hours: 1 });
    expect((await post('eu', old)).status).toBe(401);
    expect((await post('eu', next)).status).toBe(202);
  });

  it('reads its own kind, gives alerts without a service its own, and knows services by their other names', async () => {
    await post('eu', next);
    await post('eu', next, firing('harbor'));
    await muster.bot.runner.untilIdle();
    const { alerts } = (await get('/api/incidents/1/alerts')) as { alerts: { source: string; service: string }[] };
    expect(alerts.map(({ source, service }) => `${source} ${service}`)).toEqual(['eu registry', 'eu registry']);
  });

  it('has figures of its own', async () => {
    await post('eu', next);
    await post('eu', general);
    expect(await get('/api/sources/eu')).toMatchObject({
      name: 'eu',
      requests: 2,
      refused: 1,
      lastRefusal: { status: 401 },
      outcomes: { opened: 1 },
    });
    expect(await get('/api/sources/us')).toMatchObject({
      hint: expect.stringMatching(/^Known: .*, alertmanager, .*, eu, ours, slow, lab\.$/),
    });
  });

  it('without tokens is opened by the general one, and keeps to its limits', async () => {
    const alerts = [1, 2, 3].map((n) => ({ title: `x${n}` }));
    expect((await post('ours', old, { alerts })).status).toBe(401);
    expect((await post('ours', general, { alerts })).status).toBe(413);
    expect((await post('ours', general, { alerts: alerts.slice(1) })).status).toBe(202);
  });

  it('sends no more in a minute than it may, and the operators hear of it once', async () => {
    const many = Array.from({ length: 60 }, (_, n) => ({ title: `x${n}`, service: 'wiki' }));
    expect((await post('slow', general, { alerts: many })).status).toBe(202);
    for (const title of ['a', 'b']) {
      const refused = await post('slow', general, { title });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    }
    expect((await post('ours', general, { title: 'x' })).status).toBe(202);
    expect(await get('/api/sources/slow')).toMatchObject({ requests: 3, refused: 2 });
    await expect
      .poll(async () => {
        await muster.bot.runner.untilIdle();
        return (await muster.channel('operators')).flatMap(
          ({ text }) => text.match(/^Alerts of slow[\s\S]*?from slow\./) ?? [],
        );
      })
      .toEqual([expect.stringContaining('More than 60 alerts a minute come from slow.')]);
    await muster.forward({ seconds: 1 });
    expect((await post('slow', general, { title: 'a' })).status).toBe(202);
  });

  it('may say what its alerts do not: how grave they are, and which label names the service', async () => {
    await post('lab', general, { title: 'x', service: 'other', labels: { app: 'harbor' } });
    await muster.bot.runner.untilIdle();
    const { alerts } = (await get('/api/incidents/1/alerts')) as { alerts: { severity: string; service: string }[] };
    expect(alerts).toMatchObject([{ severity: 'critical', service: 'registry' }]);
  });

  it('can come and go while Muster runs', async () => {
    await muster.write(file.replace('  ours:', '  theirs:'));
    expect((await post('theirs', general, { title: 'x' })).status).toBe(202);
    expect((await post('ours', general, { title: 'x' })).status).toBe(404);
  });
});
