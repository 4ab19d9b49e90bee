import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Story, story } from '../stories/story.js';

const general = 'general-token-for-this-test';
const key = 'R0123456789ABCDEF0123456789ABCDE';
const [genie, eu, api] = ['genie', 'eu', 'api'].map((name) => `${name}-token-for-this-test`) as [
  string,
  string,
  string,
];
const file = `sources:
  kuma: { kind: pagerduty-events-v2, default-service: checkout, tokens: [{ env: PD_KEY }] }
  shop: { kind: opsgenie-api, default-service: shop, tokens: [{ env: OG_KEY }] }
  prom-eu: { kind: prometheus, tokens: [{ env: PROM_TOKEN }] }
services:
  checkout: { tier: 2 }
  shop: { tier: 2 }
`;
let muster: Story;
beforeAll(async () => {
  muster = await story({
    file,
    env: { PD_KEY: key, OG_KEY: genie, PROM_TOKEN: eu, MUSTER_ALERTS_TOKEN: general, MUSTER_API_TOKEN: api },
  });
});
afterAll(() => muster.end());

interface Answered {
  status: string;
  dedup_key: string;
  message: string;
}
type Sent = { status: number; text: string; json: Answered; headers: Headers };
async function send(path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST'): Promise<Sent> {
  const answer = await fetch(`${muster.bot.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  await muster.bot.runner.untilIdle();
  return {
    status: answer.status,
    text,
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Answered,
    headers: answer.headers,
  };
}
const pd = (event: object, path = '/v2/enqueue') => send(path, { routing_key: key, ...event });
const og = (path: string, body: unknown, method = 'POST') =>
  send(path, body, { authorization: `GenieKey ${genie}` }, method);
const receipt = async (sent: Sent) => {
  const id = sent.headers.get('x-muster-receipt');
  const answer = await fetch(`${muster.bot.url}/api/receipts/${id}`, { headers: { authorization: `Bearer ${api}` } });
  return (await answer.json()) as { source: string; outcomes: { outcome: string; incidentId: string; why: string }[] };
};
const became = async (sent: Sent) => (await receipt(sent)).outcomes[0]?.outcome;
const timeline = async (sent: Sent) => {
  const { incidentId } = (await receipt(sent)).outcomes[0]!;
  return JSON.stringify(await muster.bot.store.timeline({ kind: 'machine' } as never, incidentId));
};

describe('PagerDuty Events v2', () => {
  const trigger = (more: object = {}) => ({
    event_action: 'trigger',
    dedup_key: 'disk/1',
    payload: { summary: 'The disk of db1 is full', source: 'db1', severity: 'critical', ...more },
  });

  it('begins, repeats and ends one alert under its routing key', async () => {
    const began = await pd(trigger());
    expect([began.status, began.json]).toEqual([
      202,
      { status: 'success', message: 'Event processed', dedup_key: 'disk/1' },
    ]);
    expect((await receipt(began)).source).toBe('kuma');
    expect(await became(began)).toBe('opened');
    expect(await became(await pd(trigger()))).toBe('repeat');
    expect(await became(await pd({ event_action: 'resolve', dedup_key: 'disk/1' }))).toBe('resolved');
  });

  it('gives an event without a key one that ends it, the same for every try', async () => {
    const { dedup_key: _, ...event } = trigger({ summary: 'The swap of db1 is full' });
    const first = await pd(event);
    const again = await pd(event);
    expect(first.json.dedup_key).toMatch(/^\w+$/);
    expect(again.json.dedup_key).toBe(first.json.dedup_key);
    expect([await became(first), await became(again)]).toEqual(['attached', 'repeat']);
    const ended = await pd({ event_action: 'Resolve', dedup_key: first.json.dedup_key, payload: null });
    expect(await became(ended)).toBe('resolved');
  });

  it('takes note of an acknowledgement on the incident, and does not acknowledge it', async () => {
    const began = await pd(trigger({ component: 'acked' }));
    const acked = await pd({ event_action: 'acknowledge', dedup_key: 'disk/1' });
    expect([acked.status, acked.json.dedup_key]).toEqual([202, 'disk/1']);
    expect(await became(acked)).toBe('attached');
    expect(await timeline(acked)).toContain('Acknowledged at its sender (kuma)');
    const { incidentId } = (await receipt(began)).outcomes[0]!;
    expect((await muster.bot.store.incident({ kind: 'machine' } as never, { id: incidentId }))?.acknowledgedAt).toBe(
      null,
    );
    expect(await became(await pd({ event_action: 'acknowledge', dedup_key: 'nothing/1' }))).toBe('ignored');
  });

  it('shows a change on what is open of its service, and else says why not', async () => {
    await pd({ ...trigger(), dedup_key: 'change/1' });
    const change = {
      payload: { summary: 'Deployed v2.1', source: 'argo' },
      links: [{ href: 'https://git.example/1' }],
    };
    const shown = await pd(change, '/v2/change/enqueue');
    expect([shown.status, shown.json]).toEqual([202, { status: 'success', message: 'Change event processed' }]);
    expect(await timeline(shown)).toContain('Change: Deployed v2.1 · from argo · https://git.example/1');
    const other = await pd(
      { payload: { ...change.payload, custom_details: { service: 'other' } } },
      '/v2/change/enqueue',
    );
    expect((await receipt(other)).outcomes[0]).toMatchObject({
      outcome: 'ignored',
      why: expect.stringContaining('no open'),
    });
  });

  it('shows a change on what people declared for its service', async () => {
    const declared = await send(
      '/api/commands',
      { text: '/incident declare --sev 2 --service git Pushes hang', user: 'ada' },
      { authorization: `Bearer ${api}` },
    );
    expect(declared.status).toBe(200);
    const change = { payload: { summary: 'Git upgraded', custom_details: { service: 'git' } } };
    expect(await timeline(await pd(change, '/v2/change/enqueue'))).toContain('Change: Git upgraded');
  });

  it.each([
    ['no action', { payload: { summary: 'x' } }, "'event_action' is missing"],
    ['an unknown action', { event_action: 'start' }, "'event_action' is not one of"],
    ['nothing to trigger', { event_action: 'trigger' }, "'payload' is missing"],
    ['no summary', { event_action: 'trigger', payload: { source: 'a' } }, "'payload.summary'"],
    ['no key to resolve', { event_action: 'resolve' }, "'dedup_key' is missing"],
  ])('refuses what can never be taken in its own words: %s', async (_, event, fault) => {
    const answer = await pd(event);
    expect([answer.status, answer.json]).toEqual([
      400,
      {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: [expect.stringContaining(fault)],
        error: expect.any(String),
        hint: expect.stringContaining(fault),
      },
    ]);
    expect((await pd(event, '/v2/change/enqueue')).status).toBe(_ === 'no action' ? 202 : 400);
  });

  it('is taken with the general token under the name of its kind, and from nobody else', async () => {
    const event = (routing_key?: string) => ({ ...trigger(), ...(routing_key && { routing_key }) });
    const taken = await send('/v2/enqueue', event(general));
    expect([taken.status, (await receipt(taken)).source]).toEqual([202, 'pagerduty-events-v2']);
    for (const wrong of [undefined, 'x', `${key}x`]) {
      const refused = await send('/v2/enqueue', event(wrong));
      expect([refused.status, refused.json.status]).toEqual([401, 'invalid event']);
    }
    expect((await send('/v2/enqueue', trigger(), { authorization: `Bearer ${key}` })).status).toBe(202);
    expect((await send('/alerts/kuma', event(key))).json).toMatchObject({ dedup_key: 'disk/1' });
    expect((await send('/alerts/pagerduty-events-v2', event(key))).status).toBe(401);
    expect((await send('/v2/enqueue', undefined, {}, 'GET')).status).toBe(405);
  });

  it('keeps no routing key with what it cannot read', async () => {
    const odd = await send('/alerts/kuma', { routing_key: key, odd: true });
    expect(odd.status).toBe(202);
    const { incidentId } = (await receipt(odd)).outcomes[0]!;
    const { alerts } = await muster.bot.store.alerts({ kind: 'machine' } as never, incidentId, {
      limit: 50,
      offset: 0,
    });
    expect(JSON.stringify(alerts)).toContain('odd');
    expect(JSON.stringify(alerts)).not.toContain(key);
  });
});

describe('the alert API of Opsgenie', () => {
  const strange = 'Shop / checkout, 100% down';

  it('creates, acknowledges, notes and closes by the alias in the path', async () => {
    const began = await og('/v2/alerts', { alias: strange, message: 'Shop is down', priority: 'P1' });
    expect([began.status, began.json]).toEqual([
      202,
      {
        result: 'Request will be processed',
        took: expect.any(Number),
        requestId: began.headers.get('x-muster-receipt'),
      },
    ]);
    expect((await receipt(began)).source).toBe('shop');
    expect(await became(began)).toBe('opened');
    const path = `/v2/alerts/${encodeURIComponent(strange)}`;
    const acked = await og(`${path}/acknowledge?identifierType=alias`, { user: 'ada', note: 'on it' });
    expect(await timeline(acked)).toContain('Acknowledged by ada at its sender (shop): on it');
    const noted = await og(`${path}/notes?identifierType=alias`, { user: 'ada', note: 'it is the disk' });
    expect(await timeline(noted)).toContain('Noted by ada at its sender (shop): it is the disk');
    expect(await became(await og(`${path}/message?identifierType=alias`, { message: 'new' }, 'PUT'))).toBe('ignored');
    expect(await became(await og(`${path}/close?identifierType=alias`, undefined))).toBe('resolved');
  });

  it('takes an alias of 512 characters and an alert without one', async () => {
    const alias = 'é'.repeat(512);
    await og('/v2/alerts', { alias, message: 'long' });
    expect(await became(await og(`/v2/alerts/${encodeURIComponent(alias)}/close`, {}))).toBe('resolved');
    const nameless = { message: 'without a name', entity: 'shop' };
    expect(await became(await og('/v2/alerts', nameless))).toBe('attached');
    expect(await became(await og('/v2/alerts', nameless))).toBe('repeat');
  });

  it('refuses what it does not take in words that its clients show', async () => {
    const nothing = await og('/v2/alerts', {});
    expect([nothing.status, nothing.json.message]).toEqual([400, expect.stringContaining('no message')]);
    const snooze = await og('/v2/alerts/a/snooze?identifierType=alias', { endTime: 'x' });
    expect([snooze.status, snooze.json.message]).toEqual([404, expect.stringContaining('close, acknowledge, notes')]);
    expect((await send('/v2/alerts', { message: 'x' })).status).toBe(401);
    expect((await send('/v2/alerts', { message: 'x' }, { authorization: 'GenieKey x' })).status).toBe(401);
    expect((await send('/v2/alerts', { message: 'x' }, { authorization: `GenieKey ${general}` })).status).toBe(202);
  });
});

describe('the API of Alertmanager', () => {
  const firing = (labels: object, more: object = {}) => [
    { labels: { alertname: 'PushFails', ...labels }, startsAt: '2026-11-21T11:50:00Z', generatorURL: '', ...more },
  ];
  const prom = (body: unknown, token = eu) => send('/api/v2/alerts', body, { authorization: `Bearer ${token}` });

  it('answers 200 with nothing, and takes the same labels for the same alert', async () => {
    const began = await prom(firing({ severity: 'critical', service: 'registry' }));
    expect([began.status, began.text]).toEqual([200, '']);
    expect((await receipt(began)).source).toBe('prom-eu');
    expect(await became(began)).toBe('opened');
    const again = firing({ service: 'registry', severity: 'critical', empty: '' });
    expect(await became(await prom(again))).toBe('repeat');
    const over = firing({ service: 'registry', severity: 'critical' }, { endsAt: '2026-11-21T11:59:00Z' });
    expect(await became(await prom(over))).toBe('resolved');
  });

  it('asks who is there, and refuses what is no list', async () => {
    expect((await send('/api/v2/alerts', firing({}))).status).toBe(401);
    expect((await prom(firing({}), genie)).status).toBe(401);
    expect((await prom({})).status).toBe(400);
    const basic = `Basic ${Buffer.from(`prom:${eu}`).toString('base64')}`;
    expect((await send('/api/v2/alerts', [], { authorization: basic })).status).toBe(200);
    expect((await send('/api/v2/alerts', undefined, {}, 'GET')).status).toBe(405);
  });
});

/** As Uptime Kuma 2.5.3 and Alertmanager 0.25 really sent them: the first line of the headers is the request's. */
describe('recorded senders, whose address and key alone were changed', () => {
  const recorded = (kind: string, name: string) => {
    const at = (end: string) => new URL(`../fixtures/sources/${kind}/${name}.${end}`, import.meta.url);
    const [request = '', ...lines] = readFileSync(at('headers'), 'utf8').split('\n');
    const headers = Object.fromEntries(
      lines.flatMap((line) => {
        const [, field = '', value = ''] = /^([\w-]+): (.*)$/.exec(line) ?? [];
        return field === '' || /^(?:host|connection|content-length|authorization)$/i.test(field)
          ? []
          : [[field.toLowerCase(), value]];
      }),
    );
    const path = /\/v2\/\S+/.exec(request)?.[0] ?? '';
    return { path, headers, body: readFileSync(at('json'), 'utf8') };
  };
  it.each([
    ['pagerduty-events-v2', 'captured-uptime-kuma-2.5.3.trigger', 'captured-uptime-kuma-2.5.3.resolve', ''],
    ['opsgenie-api', 'captured-alertmanager-0.25.create', 'captured-alertmanager-0.25.close', `GenieKey ${genie}`],
  ])('%s', async (kind, first, last, authorization) => {
    const replay = (name: string) => {
      const { path, headers, body } = recorded(kind, name);
      return send(path, body, { ...headers, ...(authorization && { authorization }) });
    };
    expect(await became(await replay(first))).toMatch(/opened|attached/);
    expect(await became(await replay(last))).toBe('resolved');
  });
});
