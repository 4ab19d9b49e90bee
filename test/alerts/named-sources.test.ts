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
    expect(await get('/api/sources/us')).toMatchObject({ hint: 'Known: alertmanager, generic, eu, ours.' });
  });

  it('without tokens is opened by the general one, and keeps to its limits', async () => {
    const alerts = [1, 2, 3].map((n) => ({ title: `x${n}` }));
    expect((await post('ours', old, { alerts })).status).toBe(401);
    expect((await post('ours', general, { alerts })).status).toBe(413);
    expect((await post('ours', general, { alerts: alerts.slice(1) })).status).toBe(202);
  });

  it('can come and go while Muster runs', async () => {
    await muster.write(file.replace('  ours:', '  theirs:'));
    expect((await post('theirs', general, { title: 'x' })).status).toBe(202);
    expect((await post('ours', general, { title: 'x' })).status).toBe(404);
  });
});
