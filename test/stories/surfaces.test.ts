import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueToken } from '../../src/access/tokens.js';
import { verbs } from '../../src/commands/verbs.js';
import { machine } from '../../src/people/viewer.js';
import { routesOf } from '../permissions/routes-of.js';
import { type Story, story } from './story.js';

const env = {
  MUSTER_API_TOKEN: 'api-token-api-token-api-token',
  MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
  MUSTER_FEED_TOKEN: 'feed-token-feed-token-feed',
  EU_TOKEN: 'eu-token-eu-token-eu-token',
};
const file = `sources:
  prometheus-eu: { kind: alertmanager, tokens: [{ env: EU_TOKEN }] }
people:
  ada: { name: Ada }
  bob: { name: Bob }
`;
const words = ['Signing key in a public log', 'The key is burnt', 'We rotate the key', 'Mallory pasted it'];

let told: Story;
let keys: Record<'ada' | 'bob' | 'shared' | 'alerts' | 'source' | 'feed' | 'nobody', string | null>;
let secrets: RegExp;
let hidden: { id: string; channel: string };

const json = (caller: string | null, body?: object): RequestInit => ({
  redirect: 'manual',
  ...(body && { method: 'POST', body: JSON.stringify(body) }),
  headers: {
    accept: 'application/json',
    ...(body && { 'content-type': 'application/json' }),
    ...(caller && { authorization: `Bearer ${caller}` }),
  },
});
const ask = (path: string, caller: string | null, body?: object) => fetch(`${told.bot.url}${path}`, json(caller, body));
async function say(caller: string | null, text: string, incident?: number): Promise<string> {
  const answer = await ask('/api/commands', caller, { text, ...(incident && { incident }) });
  await told.bot.runner.untilIdle();
  return answer.text();
}

/** All of an answer that a caller could read; of a stream, what comes within a second and a half. */
async function readable(answer: Response): Promise<string> {
  const head = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return `${head}\n${await answer.text()}`;
  const reader = answer.body!.getReader();
  setTimeout(() => reader.cancel(), 1_500);
  await say(keys.ada, '/incident #2 note Mallory pasted it');
  let all = head;
  for (let part = await reader.read(); !part.done; part = await reader.read())
    all += new TextDecoder().decode(part.value);
  return all;
}

beforeAll(async () => {
  told = await story({ env, file });
  const { store } = told.bot;
  const token = async (personId: string): Promise<string> => {
    const wanted = { personId, name: 'test', actAs: false, expiresAt: null };
    return (await issueToken(store, wanted, { actor: { kind: 'machine', name: 'test' }, now: told.now() })).secret;
  };
  keys = {
    ada: await token('ada'),
    bob: await token('bob'),
    shared: env.MUSTER_API_TOKEN,
    alerts: env.MUSTER_ALERTS_TOKEN,
    source: env.EU_TOKEN,
    feed: env.MUSTER_FEED_TOKEN,
    nobody: null,
  };
  await say(keys.bob, '/incident declare --sev 2 Builds are slow');
  await say(keys.ada, `/incident declare --private --sev 1 ${words[0]}`);
  for (const line of [
    `impact ${words[1]}`,
    `update ${words[2]}`,
    `note ${words[3]}`,
    'take commander',
    'playbook compromised-credential',
    `suggest ${words[1]}`,
  ])
    await say(keys.ada, `/incident ${line}`, 2);
  await told.forward({ hours: 2 });
  for (const line of ['resolve It is rotated', 'close', 'reopen It leaks again'])
    await say(keys.ada, `/incident ${line}`, 2);
  const incident = await told.incident(2);
  hidden = { id: incident.id, channel: incident.channels.web!.channel };
  secrets = new RegExp(
    [...words, 'It is rotated', hidden.id, hidden.channel, 'inc-2\\b', '"number": ?2\\b', '#2\\b'].join('|'),
  );
}, 60_000);
afterAll(() => told.end());

interface Surface {
  ask(caller: string | null): Promise<Response>;
  /** It shows the incident to those in it. Else it shows nothing of one incident to anybody. */
  shows: boolean;
}
const get = (path: string | (() => string), shows = true): Surface => ({
  ask: (caller) => ask(typeof path === 'string' ? path : path(), caller),
  shows,
});
const post = (path: string, body: () => object, shows = true): Surface => ({
  ask: (caller) => ask(path, caller, body()),
  shows,
});
const id = () => crypto.randomUUID();

/** Every route there is. A new one belongs here, with what it shows of a private incident, before it is let out. */
const surfaces: Record<string, Surface> = {
  'GET /': get('/'),
  'GET /healthz': get('/healthz', false),
  'GET /readyz': get('/readyz', false),
  'GET /readyz/chat/:platform': get('/readyz/chat/x', false),
  'GET /metrics': get('/metrics', false),
  'GET /openapi.json': get('/openapi.json', false),
  'GET /sign-in': get('/sign-in?next=/incidents/2', false),
  'POST /sign-in': post('/sign-in', () => ({}), false),
  'GET /sign-in/:secret': get('/sign-in/none', false),
  'POST /sign-in/:secret': post('/sign-in/none', () => ({}), false),
  'GET /sign-in/oidc': get('/sign-in/oidc', false),
  'GET /sign-in/oidc/callback': get('/sign-in/oidc/callback', false),
  'POST /sign-out': post('/sign-out', () => ({}), false),
  'POST /sign-out/everywhere': post('/sign-out/everywhere', () => ({}), false),
  'GET /status': get('/status', false),
  'GET /public': get('/public', false),
  'GET /public/feed.atom': get('/public/feed.atom', false),
  'GET /public/incidents/:number': get('/public/incidents/2', false),
  'GET /unsubscribe/:link': get('/unsubscribe/none', false),
  'POST /unsubscribe/:link': post('/unsubscribe/none', () => ({}), false),
  'GET /api/incidents': get('/api/incidents'),
  'GET /api/incidents/:number': get('/api/incidents/2'),
  'GET /api/incidents/:number/timeline': get('/api/incidents/2/timeline'),
  'GET /api/incidents/:number/timeline/:seq': get('/api/incidents/2/timeline/1'),
  'GET /api/incidents/:number/alerts': get('/api/incidents/2/alerts', false),
  'GET /api/incidents/:number/postmortem': get('/api/incidents/2/postmortem'),
  'GET /api/incidents/:number/playbook.patch': get('/api/incidents/2/playbook.patch'),
  'GET /api/people': get('/api/people', false),
  'GET /api/oncall': get('/api/oncall', false),
  'POST /api/commands': post('/api/commands', () => ({ text: '/incident timeline', incident: 2 })),
  'GET /api/receipts/:id': get('/api/receipts/r-hidden'),
  'GET /api/sources/:source': get('/api/sources/prometheus-eu', false),
  'GET /api/sources': get('/api/sources', false),
  'GET /api/sources/:source/requests': get('/api/sources/prometheus-eu/requests'),
  'GET /sources': get('/sources', false),
  'GET /sources/:source': get('/sources/prometheus-eu'),
  'POST /api/plan': post('/api/plan', () => ({ source: 'generic', body: { title: 'x' } }), false),
  'POST /api/alerts/replay': post('/api/alerts/replay', () => ({ receipts: ['r-hidden'] }), false),
  'POST /v2/enqueue': post('/v2/enqueue', () => ({}), false),
  'POST /v2/change/enqueue': post('/v2/change/enqueue', () => ({}), false),
  'POST /v2/alerts': post('/v2/alerts', () => ({}), false),
  'POST /v2/alerts/:alias/:action': post('/v2/alerts/f/close', () => ({}), false),
  'PUT /v2/alerts/:alias/:action': get('/v2/alerts/f/close', false),
  'DELETE /v2/alerts/:alias': get('/v2/alerts/f', false),
  'POST /api/v2/alerts': post('/api/v2/alerts', () => ({}), false),
  'POST /alerts/:name/:key/:routing': post('/alerts/prometheus-eu/key/routing', () => ({}), false),
  'GET /incidents/:number/dependencies': get('/incidents/2/dependencies', false),
  'GET /incidents/:number/dependencies.svg': get('/incidents/2/dependencies.svg', false),
  'GET /alerts/generic/schema.json': get('/alerts/generic/schema.json', false),
  'GET /alerts/:name': get('/alerts/prometheus-eu', false),
  'POST /alerts/:name': post('/alerts/prometheus-eu', () => ({}), false),
  'PUT /alerts/:name': get('/alerts/prometheus-eu', false),
  'PATCH /alerts/:name': get('/alerts/prometheus-eu', false),
  'DELETE /alerts/:name': get('/alerts/prometheus-eu', false),
  'OPTIONS /alerts/:name': get('/alerts/prometheus-eu', false),
  'GET /incidents/:number': get('/incidents/2'),
  'GET /incidents/:number/timeline': get('/incidents/2/timeline'),
  'GET /incidents/:number/postmortem': get('/incidents/2/postmortem'),
  'GET /incidents/:number/status': get('/incidents/2/status', false),
  'GET /c/:name': get('/c/inc-2'),
  // `/chat/web/to/*`
  'GET /*': get(() => `/chat/web/to/incident/${hidden.id}`),
  'GET /chat/web/name': get('/chat/web/name', false),
  'POST /chat/web/name': post('/chat/web/name', () => ({ name: 'Ada' }), false),
  'GET /chat/web/stream': get(() => `/chat/web/stream?channel=${hidden.channel}`),
  'POST /chat/web/say': post('/chat/web/say', () => ({ channel: hidden.channel, text: words[3], id: id() })),
  'POST /chat/web/keep': post('/chat/web/keep', () => ({ channel: hidden.channel, message: 'm1', id: id() }), false),
  'POST /chat/web/command': post('/chat/web/command', () => ({
    text: '/incident timeline',
    incidentId: hidden.id,
    id: id(),
  })),
  'GET /feed.atom': get('/feed.atom', false),
  // The secret is the permission: whoever has none reads of nothing.
  'GET /ack/:secret': get('/ack/none', false),
  'POST /ack/:secret': post('/ack/none', () => ({}), false),
};

describe('a private incident', () => {
  it('has a row here for every route there is', () => {
    const routes = routesOf(told.bot.app.printRoutes({ commonPrefix: false }));
    expect(routes.length).toBeGreaterThan(30);
    expect(Object.keys(surfaces).sort()).toEqual(routes.sort());
  });

  it.each(Object.keys(surfaces))('is shown by %s to those in it at most', async (route) => {
    if (/receipts|requests|\/sources\/:source$/.test(route)) await seedReceipt();
    const { ask: asks, shows } = surfaces[route]!;
    for (const [who, key] of Object.entries(keys)) {
      const text = await readable(await asks(key));
      if (who !== 'ada') expect(text, `${route} for ${who}`).not.toMatch(secrets);
      else if (shows) expect(text, `${route} for Ada`).toMatch(secrets);
    }
  });

  it('is not in the list of channels that a stream sends', async () => {
    const texts = await Promise.all(
      [keys.ada, keys.bob].map(async (key) => readable(await ask('/chat/web/stream?channel=', key))),
    );
    expect(texts[0]).toMatch(secrets);
    expect(texts[1]).toContain('event: places');
    expect(texts[1]).not.toMatch(secrets);
  });

  it('is in no channel that others read', async () => {
    await told.forward({ hours: 4 });
    for (const name of ['stakeholders', 'triage', 'operators'])
      for (const { text } of (await told.channel(name).catch(() => [])) ?? []) expect(text).not.toMatch(secrets);
    const direct = await told.bot.web.channels('bob');
    for (const channel of direct.filter(({ key }) => key.startsWith('person/')))
      expect(JSON.stringify(await told.bot.web.messages(channel.id, 99))).not.toMatch(secrets);
  });

  it.each(verbs.map(({ name }) => name))('is out of reach of /incident %s for others', async (name) => {
    const { examples } = verbs.find((verb) => verb.name === name)!;
    const before = (await told.bot.store.timeline(machine, hidden.id)).length;
    for (const line of [name, ...examples]) {
      for (const text of [`/incident #2 ${line}`, `/incident ${line} #2`])
        expect(withoutEcho(await say(keys.bob, text), text)).not.toMatch(secrets);
      const inPlace = await ask('/api/commands', keys.bob, { text: `/incident ${line}`, incident: 2 });
      expect([inPlace.status, secrets.test(await inPlace.text())]).toEqual([404, false]);
    }
    expect((await told.bot.store.timeline(machine, hidden.id)).length).toBe(before);
  });
});

/** That somebody's own words come back to them tells them nothing. */
const withoutEcho = (answer: string, typed: string): string =>
  answer.replaceAll(JSON.stringify(typed).slice(1, -1), '').replaceAll('#2', '');

/** As if alerts had been attached to it. */
async function seedReceipt(): Promise<void> {
  const { store } = told.bot;
  const request = { method: 'POST', headers: {}, query: {}, body: '{}' };
  await store.keepBodies([{ id: 'r-hidden', source: 'prometheus-eu', receivedAt: 1, ...request }], 9);
  if (await store.receipt('r-hidden')) return;
  await told.bot.store.commit([
    {
      stream: null,
      events: [],
      incident: null,
      receipts: [
        {
          id: 'r-hidden',
          source: 'prometheus-eu',
          receivedAt: 1,
          outcomes: [
            {
              fingerprint: 'f',
              name: 'Alert',
              outcome: 'attached',
              incidentId: hidden.id,
              why: `belongs to "${words[0]}"`,
            },
          ],
        },
      ],
    },
  ]);
}
