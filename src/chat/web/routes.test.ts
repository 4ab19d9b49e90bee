import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostileTexts } from '../../../test/contracts/chat.contract.js';
import { parseHtml } from '../../../test/fakes/html.js';
import { readStream } from '../../../test/fakes/stream.js';
import { type Card, paragraph, text } from '../../messages/card.js';
import type { Inbound } from '../platform.js';
import { nameOf } from './name.js';
import { openWebChat, type WebChat } from './platform.js';
import { webRoutes } from './routes.js';

let dir: string;
let app: FastifyInstance;
let chat: WebChat;
let url: string;
let commands: Parameters<Inbound['command']>[0][];
let said: { id: string; text: string }[];
let met: string[];
let channel: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'muster-web-'));
  chat = await openWebChat({ location: { kind: 'sqlite', file: path.join(dir, 'chat.db') }, now: Date.now });
  commands = [];
  said = [];
  met = [];
  await start();
  channel = await chat.openChannel({
    key: 'incident/i1',
    name: 'inc-1',
    title: 'Registry',
    purpose: '',
    private: false,
  });
});
afterEach(async () => {
  await app.close();
  await chat.close();
  await rm(dir, { recursive: true });
});

async function start(): Promise<void> {
  app = Fastify({ forceCloseConnections: true });
  await app.register(webRoutes, {
    chat,
    who: nameOf,
    met: async (name) => void met.push(name),
    heartbeatEveryMs: 50,
    inbound: {
      async command(input) {
        commands.push(input);
        return input.text.includes('refuse')
          ? { text: 'Not now: <b>no</b>', refusal: { code: 'no' } }
          : { text: `did ${input.text}` };
      },
    },
    onMessage: async (message) => void said.push(message),
  });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
}

const saying = (words: string, tone: Card['tone'] = 'neutral'): Card => ({
  tone,
  summary: words,
  blocks: [paragraph(text(words))],
});
const ada = { cookie: 'muster_name=Ada' };
const get = (at: string, headers: Record<string, string> = ada) => fetch(url + at, { headers, redirect: 'manual' });
const page = async (at: string, headers?: Record<string, string>) => parseHtml(await (await get(at, headers)).text());
const post = (at: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url + at, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...ada, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const form = (at: string, body: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(url + at, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...ada, accept: 'text/html', ...headers },
    body: new URLSearchParams(body),
  });

const follow = (query: string, headers: Record<string, string> = {}) =>
  readStream(`${url}/chat/web/stream?${query}`, { ...ada, ...headers });
const until = (holds: () => boolean) => expect.poll(holds, { interval: 10, timeout: 5_000 }).toBe(true);

test('a visitor without a name is asked once, and comes back to where they were going', async () => {
  const first = await get('/c/inc-1', {});
  expect(first.headers.get('location')).toBe('/chat/web/name?next=%2Fc%2Finc-1');
  const asked = await page('/chat/web/name?next=%2Fc%2Finc-1', {});
  expect(asked.tags.find((tag) => tag.attributes.name === 'name')?.attributes.value).toBe('on-call');
  const answered = await form('/chat/web/name', { name: ' Zoë  K. ', next: '/c/inc-1' }, { cookie: '' });
  expect(answered.headers.get('location')).toBe('/c/inc-1');
  expect(met).toEqual(['Zoë K.']);
  const cookie = answered.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/);
  await post('/chat/web/command', { channel, text: '/incident ack', id: 'c1' }, { cookie: cookie.split(';')[0]! });
  expect(commands[0]?.personId).toBe('zoë-k');
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', ''])(
  'a name never leads away: next=%j',
  async (next) => {
    expect((await form('/chat/web/name', { name: 'Ada', next })).headers.get('location')).toBe('/');
  },
);

test.each(['', '   ', '!!!', 'Muster', '\u202e\u200b'])('%j is no name', async (name) => {
  const answered = await form('/chat/web/name', { name, next: '/' });
  expect(answered.status).toBe(422);
  expect(answered.headers.get('set-cookie')).toBeNull();
});

test.each(hostileTexts)('hostile text stays text in every corner of the page: %s', async (words) => {
  const hostile = await chat.openChannel({
    key: 'incident/i2',
    name: 'inc-2',
    title: words,
    purpose: words,
    private: false,
  });
  const card: Card = {
    tone: 'sev1',
    summary: words,
    blocks: [
      { kind: 'heading', content: [text(words), { kind: 'strong', children: [text(words)] }] },
      { kind: 'code', text: words, language: words },
      { kind: 'quote', content: [{ kind: 'code', text: words }] },
      {
        kind: 'fields',
        fields: [{ label: words, value: [{ kind: 'person', personId: words, name: words, notify: true }] }],
      },
      { kind: 'list', ordered: true, items: [[{ kind: 'link', text: words, href: `https://x.example/${words}` }]] },
      { kind: 'note', content: [{ kind: 'link', text: words, href: 'javascript:alert(1)' }] },
      { kind: 'note', content: [{ kind: 'channel', channel: { to: 'person', personId: words }, label: words }] },
      {
        kind: 'buttons',
        buttons: [
          {
            label: words,
            command: words,
            incidentId: words,
            input: { label: words, placeholder: words, required: true },
          },
        ],
      },
    ],
  };
  await chat.post({ channel: hostile, key: 'pin', card, pin: true });
  await chat.post({ channel: hostile, key: 'k', card });
  await chat.say({ channel: hostile, personId: words, name: words, text: words, id: '1' });
  for (const at of ['/c/inc-2', '/']) {
    const { tags, text: shown } = await page(at);
    expect(shown).toContain(words);
    expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1);
    expect(tags.filter(({ name }) => name === 'img')).toEqual([]);
    for (const { attributes } of tags) {
      expect(Object.keys(attributes).filter((name) => /^on|^style$/.test(name))).toEqual([]);
      expect(attributes.href ?? '').not.toMatch(/^\s*javascript/i);
    }
  }
  const { texts, leave } = await follow(`channel=${hostile}`);
  await until(() => texts().length === 3);
  for (const shown of texts()) expect(shown).toContain(words);
  await leave();
});

test('every page has a policy with a nonce of its own', async () => {
  const nonces = [];
  for (const at of ['/', '/', '/c/inc-1', '/chat/web/name']) {
    const response = await get(at);
    const policy = response.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([A-Za-z0-9+/=]{22,})'/.exec(policy)?.[1];
    expect(policy).toBe(
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src 'self' data:`,
    );
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const { tags } = parseHtml(await response.text());
    const inline = tags.filter(({ name }) => name === 'script' || name === 'style');
    for (const tag of inline) expect(tag.attributes.nonce).toBe(nonce);
    nonces.push(nonce);
  }
  expect(new Set(nonces).size).toBe(4);
});

test('a private channel is there for its members only, on every way in', async () => {
  const secret = await chat.openChannel({
    key: 'incident/s',
    name: 'inc-9',
    title: 'Secret',
    purpose: '',
    private: true,
  });
  await chat.invite(secret, [{ personId: 'bob', name: 'Bob' }]);
  await chat.post({ channel: secret, key: 'k', card: saying('hush', 'sev1'), pin: true });
  for (const at of ['/c/inc-9', `/chat/web/stream?channel=${secret}`, '/chat/web/to/incident%2Fs']) {
    expect((await get(at)).status).toBe(404);
  }
  expect((await post('/chat/web/say', { channel: secret, text: 'hi', id: '1' })).status).toBe(404);
  expect((await post('/chat/web/command', { channel: secret, text: '/incident ack', id: '1' })).status).toBe(404);
  expect((await page('/')).text).not.toMatch(/Secret|hush/);
  const bob = await page('/', { cookie: 'muster_name=Bob' });
  expect(bob.text).toContain('hush');
  expect(commands).toEqual([]);
});

test('a reconnecting browser gets what it missed, edits included, and nothing twice', async () => {
  const edited = await chat.post({ channel, key: 'k1', card: saying('one') });
  await chat.post({ channel, key: 'k2', card: saying('two') });
  const first = await follow(`channel=${channel}&after=0`);
  await until(() => first.messages().length === 2);
  await chat.post({ channel, key: 'k3', card: saying('three') });
  await until(() => first.messages().length === 3);
  await first.leave();

  await chat.post({ channel, key: 'k4', card: saying('four') });
  await chat.edit({ channel, message: edited, card: saying('one, edited'), key: 'k1' });
  const second = await follow(`channel=${channel}&after=0`, { 'last-event-id': first.messages().at(-1)!.id! });
  await until(() => second.messages().length >= 2);
  await chat.post({ channel, key: 'k5', card: saying('five') });
  await until(() => second.messages().length >= 3);
  expect(second.texts().map((words) => /(one, edited|two|three|four|five)\s*$/.exec(words.trim())?.[1])).toEqual([
    'four',
    'one, edited',
    'five',
  ]);
  const ids = second.messages().map(({ id }) => Number(id));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  await second.leave();
});

test('250 missed messages arrive once each and in order', async () => {
  for (let n = 0; n < 250; n++) await chat.post({ channel, key: `k${n}`, card: saying(`no. ${n}.`) });
  const { texts, leave, messages } = await follow(`channel=${channel}&after=0`);
  await until(() => messages().length >= 250);
  expect(texts().map((words) => /no\. \d+/.exec(words)?.[0])).toEqual(
    Array.from({ length: 250 }, (_, n) => `no. ${n}`),
  );
  await leave();
});

test('a browser that knows more than the database is told to start over', async () => {
  const { seen, leave } = await follow(`channel=${channel}`, { 'last-event-id': '999999' });
  await until(() => seen.some(({ event }) => event === 'reload'));
  await leave();
});

test('the list of channels follows what happens elsewhere', async () => {
  const { seen, leave } = await follow(`channel=${channel}&after=${await chat.lastChange()}`);
  const other = await chat.openChannel({
    key: 'incident/i3',
    name: 'inc-3',
    title: 'DNS',
    purpose: '',
    private: false,
  });
  await chat.post({ channel: other, key: 'pin', card: saying('DNS: gone', 'sev2'), pin: true });
  await until(() => seen.some(({ data }) => data?.places?.includes('inc-3') === true && data.places.includes('sev2')));
  expect(seen.filter(({ event }) => event === 'message')).toEqual([]);
  await leave();
});

test('the stream has a heartbeat, and ends when the server stops', async () => {
  const { comments, ended } = await follow(`channel=${channel}`);
  await until(() => comments() >= 2);
  const startedAt = Date.now();
  await app.close();
  expect(await ended).toBe('closed by the server');
  expect(Date.now() - startedAt).toBeLessThan(1_000);
  await start();
});

test.each(['https://evil.example', 'null', 'http://127.0.0.1:1'])('a write from %s is refused', async (origin) => {
  for (const at of ['/chat/web/say', '/chat/web/command', '/chat/web/name']) {
    const refused = await post(at, { channel, text: '/incident ack', id: '1', name: 'x' }, { origin });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toEqual({ error: expect.any(String), hint: expect.any(String) });
  }
  expect(commands).toEqual([]);
  expect((await post('/chat/web/command', { channel, text: '/incident ack', id: '1' }, { origin: url })).status).toBe(
    200,
  );
});

test('the id of a double click reaches the inside each time, unchanged', async () => {
  const press = () => post('/chat/web/command', { channel, text: '/incident ack', id: 'same-id', incidentId: 'i1' });
  const [one, two] = await Promise.all([press(), press()]);
  expect(await one.json()).toMatchObject({
    text: 'did /incident ack',
    html: expect.stringContaining('Only you see this'),
  });
  expect(two.status).toBe(200);
  const expected = {
    id: 'same-id',
    text: '/incident ack',
    incidentId: 'i1',
    personId: 'ada',
    platform: 'web',
    channel,
  };
  expect(commands).toEqual([expected, expected]);
});

test('words said twice under one id are one message, stored before they are handed in', async () => {
  const speak = () => post('/chat/web/say', { channel, text: ' still failing\r\nfrom here ', id: 'say-1' });
  const answers = await Promise.all([speak(), speak()]);
  const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as { message: string }).message));
  expect(new Set(ids).size).toBe(1);
  const stored = await chat.messages(channel, 10);
  expect(stored.map(({ card, author }) => [card.summary, author])).toEqual([
    ['still failing\nfrom here', { personId: 'ada', name: 'Ada' }],
  ]);
  expect(new Set(said.map(({ id, text }) => `${id} ${text}`))).toEqual(new Set(['say-1 still failing\nfrom here']));
  expect(commands).toEqual([]);
});

test('/incident typed into the composer is a command and no message', async () => {
  await post('/chat/web/say', { channel, text: '/incident note 503 from both', id: '1' });
  expect(commands.map((command) => [command.text, command.channel])).toEqual([
    ['/incident note 503 from both', channel],
  ]);
  const mistyped = await (await post('/chat/web/say', { channel, text: '/inc ack', id: '2' })).json();
  expect(mistyped).toMatchObject({ refusal: { code: 'not-a-command' } });
  await post('/chat/web/say', { channel, text: '/etc/hosts is empty', id: '3' });
  expect((await chat.messages(channel, 10)).map(({ card }) => card.summary)).toEqual(['/etc/hosts is empty']);
});

test('without scripts a form leads back to the page, and the answer is on it for its asker alone', async () => {
  const fields = { channel, text: '/incident done', input: '503 from both', id: 'f1', incidentId: 'i1' };
  const pressed = await form('/chat/web/command', fields);
  expect(pressed.status).toBe(303);
  const back = pressed.headers.get('location') ?? '';
  expect(back).toBe('/c/inc-1?reply=f1');
  expect(commands[0]?.text).toBe('/incident done 503 from both');
  expect((await page(back)).text).toContain('did /incident done 503 from both');
  expect((await page(back, { cookie: 'muster_name=Bob' })).text).not.toContain('did /incident');
  await form('/chat/web/command', { channel, text: '/incident refuse', id: 'f2' });
  const { text: shown, tags } = await page('/c/inc-1?reply=f2');
  expect(shown).toContain('Not now: <b>no</b>');
  expect(tags.some(({ attributes }) => attributes.class === 'whisper refused')).toBe(true);
  const declared = await form('/chat/web/command', { text: '/incident declare', input: 'DNS is gone', id: 'f3' });
  expect(declared.headers.get('location')).toBe('/?reply=f3');
  expect(commands.at(-1)).toMatchObject({ text: '/incident declare DNS is gone', channel: null });
});

test('a pinned card is on top, and the one before returns to its place', async () => {
  await chat.post({ channel, key: 'p1', card: saying('first card', 'sev2'), pin: true });
  await chat.post({ channel, key: 'k', card: saying('talk') });
  const listening = await follow(`channel=${channel}&after=${await chat.lastChange()}`);
  await chat.post({ channel, key: 'p2', card: saying('second card', 'sev1'), pin: true });
  await until(() => listening.messages().length === 2);
  await listening.leave();
  const { text: shown, tags } = await page('/c/inc-1');
  expect(tags.filter(({ attributes }) => attributes.class?.startsWith('pinned'))).toHaveLength(1);
  expect(shown.indexOf('second card')).toBeLessThan(shown.indexOf('first card'));
  expect(shown.indexOf('first card')).toBeLessThan(shown.indexOf('talk'));
});

test.each([
  ['too large', '/chat/web/say', JSON.stringify({ text: 'x'.repeat(70_000) }), 'application/json', 413],
  ['no JSON', '/chat/web/say', '{', 'application/json', 400],
  ['no object', '/chat/web/command', '[1]', 'application/json', 400],
  ['no text', '/chat/web/say', '{"channel":"c","id":"1","text":" "}', 'application/json', 400],
  ['another type', '/chat/web/command', 'x', 'text/xml', 415],
])('a body that is %s is refused with a hint', async (_name, at, body, type, status) => {
  const answer = await fetch(url + at, { method: 'POST', headers: { ...ada, 'content-type': type }, body });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toEqual({ error: expect.any(String), hint: expect.any(String) });
});

test('nobody without a name reads the stream or writes', async () => {
  expect((await get(`/chat/web/stream?channel=${channel}`, {})).status).toBe(401);
  expect((await post('/chat/web/say', { channel, text: 'x', id: '1' }, { cookie: 'muster_name=%ff' })).status).toBe(
    401,
  );
});
