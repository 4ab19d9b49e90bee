import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import type { Intake } from '../../src/alerts/intake.js';
import { alertLimits } from '../../src/alerts/limits.js';
import { alertRoutes } from '../../src/http/alerts.js';
import type { SourceFigures, Store } from '../../src/store/port.js';
import { noon } from './world.js';

const captured = readFileSync(
  new URL('../fixtures/alertmanager/captured-0.25.grouped2.firing.json', import.meta.url),
  'utf8',
);
const json = { 'content-type': 'application/json' };
const token = 'a-token-of-forty-characters-long-enough!';

let app: FastifyInstance;
let url: string;
let taken: { source: string; alerts: Alert[] }[];
let depth: number;
let store: (() => Promise<void>) | null;
const written = new Map<string, SourceFigures>();

async function open(alertsToken: string | null = null): Promise<void> {
  taken = [];
  depth = 0;
  store = null;
  written.clear();
  const engine: Intake = {
    async intake({ source, alerts }) {
      if (store) await store();
      taken.push({ source, alerts });
      return { accepted: alerts.length, receipt: `r${taken.length}`, outcomes: [] };
    },
    queueDepth: () => depth,
  };
  const figures: Pick<Store, 'receipt' | 'incident' | 'sourceFigures' | 'addToSource'> = {
    incident: async () => null,
    receipt: async (id) => (id === 'r1' ? { id, source: 'generic', receivedAt: noon, outcomes: [] } : null),
    sourceFigures: async (name) => written.get(name) ?? null,
    async addToSource(name, { requests, refused, lastRefusal, lastSeenAt }) {
      const before = written.get(name);
      written.set(name, {
        name,
        lastSeenAt: lastSeenAt ?? before?.lastSeenAt ?? null,
        requests: (before?.requests ?? 0) + requests,
        refused: (before?.refused ?? 0) + refused,
        lastRefusal: lastRefusal ?? before?.lastRefusal ?? null,
        outcomes: {},
      });
    },
  };
  app = fastify({ bodyLimit: 1024 * 1024 });
  await app.register(alertRoutes, { engine, store: figures, config: { alertsToken }, clock: { now: () => noon } });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
}
beforeEach(() => open());
afterEach(() => app.close());

async function post(path: string, body: string | Buffer | undefined, headers: Record<string, string> = json) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

const nested = (depth: number): string => `{"title":"x","labels":${'['.repeat(depth)}${']'.repeat(depth)}}`;
const zeros = (bytes: number): Buffer => Buffer.alloc(bytes, 0x20);
const gzip = { ...json, 'content-encoding': 'gzip' };

const hostile: [string, number, string | Buffer | undefined, Record<string, string>?][] = [
  ['nothing at all', 400, undefined],
  ['an empty body', 400, ''],
  ['cut-off JSON', 400, '{"title":"x"'],
  ['an unclosed string', 400, '{"title":"x'],
  ['text after the JSON', 400, '{"title":"x"} x'],
  ['a root that is a string', 400, '"x"'],
  ['a root that is a number', 400, '1'],
  ['a root that is null', 400, 'null'],
  ['depth 33', 400, nested(32)],
  ['depth 1,000,000 of lists', 400, '['.repeat(1_000_000)],
  ['depth 150,000 of objects', 400, '{"a":'.repeat(150_000)],
  ['invalid UTF-8', 400, Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
  ['half a UTF-8 character', 400, Buffer.from([...Buffer.from('{"title":"'), 0xe2, 0x82, ...Buffer.from('"}')])],
  ['a surrogate in UTF-8', 400, Buffer.from([...Buffer.from('{"title":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')])],
  ['UTF-16', 400, Buffer.from('{"title":"x"}', 'utf16le')],
  ['an escaped NUL', 400, '{"title":"a\\u0000b"}'],
  ['a raw NUL', 400, '{"title":"a\0b"}'],
  ['an escaped NUL in a key', 400, '{"title":"x","labels":{"a\\u0000":"b"}}'],
  ['a raw control character', 400, '{"title":"a\u0001b"}'],
  ['__proto__', 400, '{"title":"x","__proto__":{"admin":true}}'],
  ['an escaped __proto__', 400, '{"title":"x","labels":{"\\u005f_proto__":{"admin":true}}}'],
  ['__proto__ deep in a list', 400, '{"alerts":[{"title":"x","labels":[[{"__proto__":1}]]}]}'],
  ['constructor.prototype', 400, '{"title":"x","constructor":{"prototype":{"admin":true}}}'],
  ['a length that cannot be compared', 400, '{"title":{"length":{"toString":1}}}'],
  ['an escaped constructor.prototype', 400, '{"\\u0063onstructor":{"prototype":{}}}'],
  ['1e400', 400, '{"title":"x","labels":{"n":1e400}}'],
  ['-1E+400', 400, '{"title":"x","labels":{"n":-1E+400}}'],
  ['400 digits', 400, `{"title":"x","labels":{"n":${'9'.repeat(400)}}}`],
  ['a single quote', 400, "{'title':'x'}"],
  ['gzip that is not gzip', 400, 'plain', gzip],
  ['gzip cut off', 400, gzipSync('{"title":"x"}').subarray(0, 20), gzip],
  ['deflate that is not deflate', 400, 'plain', { ...json, 'content-encoding': 'deflate' }],
  ['2 MiB', 413, zeros(2 * 1024 * 1024)],
  ['20 MiB', 413, zeros(20 * 1024 * 1024)],
  ['a gzip bomb of 100 MB', 413, gzipSync(zeros(100 * 1024 * 1024)), gzip],
  ['a deflate bomb of 100 MB', 413, deflateSync(zeros(100 * 1024 * 1024)), { ...json, 'content-encoding': 'deflate' }],
  ['10,001 alerts', 413, gzipSync(JSON.stringify({ alerts: Array(10_001).fill({ title: 'x' }) })), gzip],
  ['a list of a million', 413, gzipSync(`[${'1,'.repeat(1_000_000)}1]`), gzip],
  [
    'a million labels that are no strings',
    413,
    gzipSync(`{"title":"x","labels":{${'"a":[],'.repeat(1_000_000)}"b":1}}`),
    gzip,
  ],
  ['no content type', 415, '{"title":"x"}', { 'content-type': '' }],
  ['text/plain', 415, '{"title":"x"}', { 'content-type': 'text/plain' }],
  ['a form', 415, 'title=x', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a multipart form', 415, 'x', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['UTF-16 by charset', 415, '{"title":"x"}', { 'content-type': 'application/json; charset=utf-16' }],
  ['Latin-1 by charset', 415, '{"title":"x"}', { 'content-type': 'application/json;charset="ISO-8859-1"' }],
  ['Brotli', 415, '{"title":"x"}', { ...json, 'content-encoding': 'br' }],
  ['two encodings', 415, '{"title":"x"}', { ...json, 'content-encoding': 'gzip, gzip' }],
  ['an encoding named like a property', 415, '{"title":"x"}', { ...json, 'content-encoding': 'constructor' }],
];

describe('a hostile body is refused, stores nothing, and the next one is served', () => {
  for (const source of ['generic', 'alertmanager']) {
    test.each(hostile)(`${source}: %s is answered with %i`, async (_name, status, body, headers) => {
      const answer = await post(`/alerts/${source}`, body, headers);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual({ error: expect.any(String), hint: expect.any(String) });
      expect(taken).toEqual([]);
      expect((await post('/alerts/alertmanager', captured)).status).toBe(202);
      expect(({} as Record<string, unknown>).admin).toBeUndefined();
    });
  }

  test('what is unusual but harmless is taken', async () => {
    const bodies: [string | Buffer, Record<string, string>?][] = [
      ['\ufeff{"title":"with a byte order mark"}'],
      ['{"title":"x","title":"the last of two keys counts"}'],
      [nested(31)],
      ['{"title":"1e400 in a text, and __proto__","labels":{"constructor":"x","n":"1e999"}}'],
      ['{"title":"x","labels":{"n":1e30,"hash":"8d6b2659e88928c6"}}'],
      [gzipSync('{"title":"x"}'), gzip],
      [deflateSync('{"title":"x"}'), { ...json, 'content-encoding': 'Deflate' }],
      ['{"title":"x"}', { 'content-type': 'Application/JSON; Charset="UTF-8"' }],
      ['{"title":"x"}', { 'content-type': 'application/vnd.acme.alert+json' }],
      ['[]'],
      ['{}'],
    ];
    for (const [body, headers] of bodies)
      expect([body, (await post('/alerts/generic', body, headers)).status]).toEqual([body, 202]);
    const names = taken.map(({ alerts }) => alerts[0]?.name);
    expect(names[1]).toBe('the last of two keys counts');
    // Well-formed JSON of another shape is taken too; it waits for a person.
    expect(names.at(-1)).toBe('Unknown alert shape from generic');
  });

  test('a sender that breaks off or declares too much leaves nothing behind', async () => {
    const port = Number(new URL(url).port);
    const raw = (head: string, then: 'end' | 'wait') =>
      new Promise<string>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.write(head));
        let answer = '';
        socket.on('data', (chunk) => {
          answer += chunk;
        });
        socket.on('close', () => resolve(answer));
        socket.on('error', () => resolve(answer));
        if (then === 'end') setTimeout(() => socket.destroy(), 50);
      });
    const head = 'POST /alerts/generic HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    await raw(`${head}Content-Length: 100\r\n\r\n{"title":`, 'end');
    expect(await raw(`${head}Content-Length: 999999999\r\n\r\n{"title":`, 'wait')).toMatch(
      /^HTTP\/1.1 413 [\s\S]*connection: close/i,
    );
    expect(taken).toEqual([]);
    expect((await post('/alerts/generic', '{"title":"x"}')).status).toBe(202);
  });
});

test('a captured Alertmanager body is answered with 202 and a receipt once it is stored', async () => {
  let stored = false;
  store = async () => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    stored = true;
  };
  const answer = await post('/alerts/alertmanager', captured);
  expect(stored).toBe(true);
  expect([answer.status, answer.body]).toEqual([202, { accepted: 2, receipt: 'r1' }]);
  expect(taken[0]?.alerts.map((alert) => alert.fingerprint)).toEqual(['8d6b2659d88928c6', '0018e72d381407b8']);
});

test('what cannot be stored is answered with 503 and Retry-After, never with 202', async () => {
  store = () => Promise.reject(new Error('disk full'));
  const answer = await post('/alerts/alertmanager', captured);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('5');
  store = null;
  expect((await post('/alerts/alertmanager', captured)).status).toBe(202);
});

test('when more waits than can be stored, the rest is answered with 503 before its body is read', async () => {
  depth = 2 * alertLimits.requests + 1;
  const answer = await post('/alerts/generic', '{"title":"x"}');
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(taken).toEqual([]);
});

test('a source that storms leaves room for the others', async () => {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let waiting = 0;
  store = () => {
    waiting++;
    return held;
  };
  const many = gzipSync(JSON.stringify({ alerts: Array.from({ length: 6_000 }, (_, i) => ({ title: `t${i}` })) }));
  const storm = [post('/alerts/generic', many, gzip), post('/alerts/generic', many, gzip)];
  await expect.poll(() => waiting, { timeout: 10_000 }).toBe(2);
  expect((await post('/alerts/generic', '{"title":"x"}')).status).toBe(503);
  store = null;
  expect((await post('/alerts/alertmanager', captured)).status).toBe(202);
  release();
  expect((await Promise.all(storm)).map(({ status }) => status)).toEqual([202, 202]);
  expect((await post('/alerts/generic', '{"title":"x"}')).status).toBe(202);
});

test('an unknown source is told which ones there are', async () => {
  const answer = await post('/alerts/nagios', '{"title":"x"}');
  expect(answer.status).toBe(404);
  expect(answer.body.hint).toMatch(
    /^Known: (?:[a-z0-9-]+, )*alertmanager, (?:[a-z0-9-]+, )*generic, (?:[a-z0-9-]+, )*zabbix\.$/,
  );
  expect((await post('/alerts/__proto__', '{"title":"x"}')).status).toBe(404);
});

test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is answered with 405 and what to use', async (method) => {
  const answer = await fetch(`${url}/alerts/alertmanager`, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
});

test('with a token set, only who has it may send; as bearer or as the basic password', async () => {
  await app.close();
  await open(token);
  const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
  const wrong = [
    '',
    'Bearer',
    'Bearer x',
    `Bearer ${token.slice(1)}`,
    basic('muster:x'),
    basic(token),
    `Token ${token}`,
    'Basic %%%',
  ];
  for (const authorization of wrong) {
    const answer = await post('/alerts/generic', '{"title":"x"}', { ...json, authorization });
    expect([authorization, answer.status]).toEqual([authorization, authorization === basic(token) ? 202 : 401]);
    if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/Bearer/);
  }
  for (const authorization of [`bearer  ${token}`, basic(`anyone:${token}`)]) {
    expect((await post('/alerts/generic', '{"title":"x"}', { ...json, authorization })).status).toBe(202);
  }
});

test('receipts and figures can be read; refusals are counted per source', async () => {
  await post('/alerts/generic', '{"title":"x"}');
  await post('/alerts/generic', '{');
  await post('/alerts/generic', 'x', { 'content-type': 'text/plain' });
  const read = async (path: string) => {
    const answer = await fetch(url + path);
    return { status: answer.status, body: await answer.json() };
  };
  expect(await read('/api/receipts/r1')).toMatchObject({ status: 200, body: { source: 'generic' } });
  expect((await read('/api/receipts/r9')).status).toBe(404);
  expect(await read('/api/sources/generic')).toMatchObject({
    status: 200,
    body: { requests: 3, refused: 2, lastSeenAt: noon, lastRefusal: { at: noon, status: 415 } },
  });
  expect((await read('/api/sources/alertmanager')).body).toMatchObject({ requests: 0, lastSeenAt: null });
  expect((await read('/api/sources/nagios')).status).toBe(404);
  expect(written.has('nagios')).toBe(false);
});

test('figures not yet written are written when the server closes', async () => {
  await post('/alerts/generic', '{');
  await app.close();
  expect(written.get('generic')?.refused).toBe(1);
});
