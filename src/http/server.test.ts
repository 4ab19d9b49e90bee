import { connect } from 'node:net';
import { Writable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryReads } from '../../test/fakes/memory-reads.js';
import { registryOutage } from '../../test/fakes/registry-outage.js';
import type { Inbound } from '../chat/platform.js';
import type { Store } from '../store/port.js';
import { createLog } from './log.js';
import { createMetrics } from './metrics.js';
import { buildServer, type Parts } from './server.js';

const api = 'api-token-api-token-api-token';
const alerts = 'alerts-token-alerts-token';
type Asked = Parameters<Inbound['command']>[0];

const running: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

async function start(other: Partial<Omit<Parts, 'config'>> & { config?: Partial<Parts['config']> } = {}) {
  const store = memoryReads({
    timelines: [registryOutage()],
    postmortems: { 'i-42': '# Postmortem\n' },
  });
  const asked: Asked[] = [];
  const logged: string[] = [];
  const clock = { now: 1_000_000 };
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const app = buildServer({
    store: store as unknown as Store,
    inbound: {
      async command(input) {
        asked.push(input);
        if (input.text.includes('bug')) throw new Error('a bug');
        if (input.text.includes('full')) throw Object.assign(new Error('no space'), { code: 'SQLITE_FULL' });
        return input.text.includes('sev 9')
          ? { text: 'There is no sev9.', refusal: { code: 'misused' } }
          : { text: 'Done.' };
      },
    },
    identify: store.identify,
    now: () => clock.now,
    running: () => true,
    metrics: createMetrics(),
    log: createLog('debug', stream),
    ...other,
    config: { publicUrl: 'http://muster.test:7370', apiToken: null, alertsToken: null, ...other.config },
  });
  running.push(app);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const port = Number(new URL(url).port);
  const ask = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: 'manual', ...init });
  const command = (body: unknown, headers: Record<string, string> = {}) =>
    ask('/api/commands', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return { app, store, asked, logged, clock, url, port, ask, command };
}
const withTokens = { config: { apiToken: api, alertsToken: alerts } };

/** fetch sets Host by itself, so what a browser on a rebound name sends is written by hand. */
const raw = (port: number, lines: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
const asHost = (port: number, host: string): Promise<string> =>
  raw(port, ['GET /api/incidents HTTP/1.1', `Host: ${host}`, 'Connection: close']);

describe('open on loopback', () => {
  it('answers to its own names with its own port, and to no other (DNS rebinding)', async () => {
    const { port } = await start();
    for (const host of [
      `127.0.0.1:${port}`,
      `localhost:${port}`,
      `[::1]:${port}`,
      `127.3.2.1:${port}`,
      'muster.test:7370',
    ])
      expect(await asHost(port, host), host).toMatch(/^HTTP\/1.1 200/);
    for (const host of [
      'evil.test',
      `evil.test:${port}`,
      'localhost',
      '127.0.0.1:1',
      `localhost.evil.test:${port}`,
      `127.0.0.1.evil.test:${port}`,
      `x@localhost:${port}`,
      '',
    ])
      expect(await asHost(port, host), host).toMatch(/^HTTP\/1.1 403 .*"hint":"Use http:\/\/127.0.0.1/s);
  });

  it('does not serve what comes through a proxy', async () => {
    const { ask } = await start();
    const answer = await ask('/api/incidents', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ hint: expect.stringContaining('MUSTER_API_TOKEN') });
  });

  it('refuses every write from a foreign page, and takes one from its own or from no browser', async () => {
    const { command, asked, port } = await start();
    for (const origin of [
      'http://evil.test',
      'null',
      `http://evil.test:${port}`,
      `http://127.0.0.1:${port + 1}`,
      'garbage',
    ])
      expect((await command({ text: '/incident list' }, { origin })).status, origin).toBe(403);
    expect(asked).toEqual([]);
    expect((await command({ text: '/incident list' }, { origin: `http://127.0.0.1:${port}` })).status).toBe(200);
    expect((await command({ text: '/incident list' }, { origin: 'http://muster.test:7370' })).status).toBe(200);
    expect((await command({ text: '/incident list' })).status).toBe(200);
  });

  it('believes the user that is named, else the name kept by the web chat, else calls them local', async () => {
    const { command, asked } = await start();
    await command({ text: 'a', user: 'Ada L.' });
    await command({ text: 'b' }, { cookie: 'muster_name=Bob' });
    await command({ text: 'c' });
    expect(asked.map(({ personId }) => personId)).toEqual(['web-ada-l', 'web-bob', 'web-local']);
    const answer = await command({ text: 'd', user: '…' });
    expect(answer.status).toBe(400);
  });

  it('has nothing to sign in to', async () => {
    const { ask } = await start();
    const answer = await ask('/sign-in?next=/c/inc-1');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/c/inc-1']);
  });
});

describe('with tokens', () => {
  it('asks who is there, whatever the route and the name', async () => {
    const { ask, command, port, asked } = await start(withTokens);
    for (const path of ['/api/incidents', '/api/incidents/42', '/api/people', '/metrics'])
      expect((await ask(path)).status, path).toBe(401);
    const answer = await command({ text: 'x', user: 'ada' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(await answer.json()).toEqual({ error: expect.any(String), hint: expect.stringContaining('/sign-in') });
    expect(await asHost(port, 'evil.test')).toMatch(/^HTTP\/1.1 401/);
    expect(asked).toEqual([]);
  });

  it('does not take the wrong token, the alerts token, or a cookie with a name', async () => {
    const { ask } = await start(withTokens);
    const tries: Record<string, string>[] = [
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${alerts}` },
      { authorization: `Basic ${api}` },
      { cookie: 'muster_name=Ada' },
      { cookie: 'muster_session=x.y' },
    ];
    for (const headers of tries) expect((await ask('/api/incidents', { headers })).status).toBe(401);
  });

  it('takes the API token, which may act as somebody', async () => {
    const { ask, command, asked } = await start(withTokens);
    const authorization = `Bearer ${api}`;
    expect((await ask('/api/incidents', { headers: { authorization } })).status).toBe(200);
    await command({ text: 'a', user: 'Ada' }, { authorization });
    await command({ text: 'b' }, { authorization });
    expect(asked.map(({ personId }) => personId)).toEqual(['web-ada', 'web-api']);
  });

  it('gives figures to who holds the alerts token', async () => {
    const { ask } = await start(withTokens);
    expect((await ask('/metrics', { headers: { authorization: `Bearer ${alerts}` } })).status).toBe(200);
  });

  it('leaves health, the description and the doors of senders to anyone', async () => {
    const { ask } = await start({
      ...withTokens,
      doors: (app) => {
        app.post('/alerts/:name', async () => ({ taken: true }));
        app.get('/api/receipts/:receipt', async () => ({}));
      },
      rooms: (app) => {
        app.get('/c/:name', async () => 'a room');
      },
    });
    for (const path of ['/healthz', '/readyz', '/openapi.json']) expect((await ask(path)).status, path).toBe(200);
    expect((await ask('/alerts/x', { method: 'POST' })).status).toBe(200);
    expect((await ask('/api/receipts/r1')).status).toBe(401);
    expect((await ask('/api/receipts/r1', { headers: { authorization: `Bearer ${alerts}` } })).status).toBe(200);
    expect((await ask('/c/inc-1')).status).toBe(401);
  });
});

describe('signing in', () => {
  const form = (fields: Record<string, string>): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields) });
  async function signedIn(server: Awaited<ReturnType<typeof start>>): Promise<string> {
    const answer = await server.ask('/sign-in', form({ name: 'Ada', token: api, next: '/' }));
    return (answer.headers.get('set-cookie') ?? '').split(';')[0] as string;
  }

  it('leads a browser to the page and back to where it wanted', async () => {
    const { ask } = await start(withTokens);
    const away = await ask('/api/incidents?status=open', { headers: { accept: 'text/html' } });
    expect([away.status, away.headers.get('location')]).toEqual([
      303,
      '/sign-in?next=%2Fapi%2Fincidents%3Fstatus%3Dopen',
    ]);
    const page = await ask(away.headers.get('location') as string);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*nonce-.*form-action 'self'/);
    expect(await page.text()).toContain('value="/api/incidents?status=open"');
    const back = await ask('/sign-in', form({ name: 'Ada', token: api, next: '/api/incidents?status=open' }));
    expect([back.status, back.headers.get('location')]).toEqual([303, '/api/incidents?status=open']);
    expect(back.headers.get('set-cookie')).toMatch(
      /^muster_session=\S+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is refused with the wrong token, and shows neither it nor markup of the name', async () => {
    const { ask } = await start(withTokens);
    const answer = await ask('/sign-in', form({ name: '"><script>', token: 'guessed-token' }));
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    const page = await answer.text();
    expect(page).not.toMatch(/guessed-token|"><script>/);
  });

  it.each(['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '/a\r\nx: y'])(
    'never leads to %j',
    async (next) => {
      const { ask } = await start(withTokens);
      const answer = await ask('/sign-in', form({ name: 'Ada', token: api, next }));
      expect(answer.headers.get('location')).toBe('/');
    },
  );

  it('is a session under that name; a user in a body is not believed', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(200);
    await server.command({ text: 'x', user: 'Bob' }, { cookie });
    expect(server.asked[0]?.personId).toBe('web-ada');
    expect((await server.command({ text: 'x' }, { cookie, origin: 'http://evil.test' })).status).toBe(403);
  });

  it('ends after 12 hours, and with the token it was made with', async () => {
    const server = await start(withTokens);
    const cookie = await signedIn(server);
    const other = await start({ config: { apiToken: `${api}2`, alertsToken: alerts } });
    expect((await other.ask('/api/incidents', { headers: { cookie } })).status).toBe(401);
    server.clock.now += 12 * 3_600_000 - 1;
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(200);
    server.clock.now += 1;
    expect((await server.ask('/api/incidents', { headers: { cookie } })).status).toBe(401);
  });

  it('cannot be forged by changing the name in the cookie', async () => {
    const server = await start(withTokens);
    const [body = '', signature = ''] = (await signedIn(server)).replace('muster_session=', '').split('.');
    const changed = Buffer.from(Buffer.from(body, 'base64url').toString().replace('Ada', 'Bob')).toString('base64url');
    expect(
      (await server.ask('/api/incidents', { headers: { cookie: `muster_session=${changed}.${signature}` } })).status,
    ).toBe(401);
  });
});

describe('errors', () => {
  it('are always { error, hint }', async () => {
    const { ask, command } = await start();
    const json = { 'content-type': 'application/json' };
    const answers: [Response, number][] = [
      [await ask('/nothing/here'), 404],
      [await ask('/api/incidents/42', { method: 'DELETE' }), 405],
      [await ask('/api/commands'), 405],
      [await ask('/%ff'), 400],
      [await ask('/api/incidents/%E0%A4%A'), 400],
      [await ask('/api/commands', { method: 'POST', body: '{', headers: json }), 400],
      [await ask('/api/commands', { method: 'POST', body: '{"__proto__":{"a":1},"text":"x"}', headers: json }), 400],
      [await ask('/api/commands', { method: 'POST', body: 'text', headers: { 'content-type': 'text/plain' } }), 415],
      [await command({ text: 'x'.repeat(100_000) }), 413],
      [await command({ text: 'a bug' }), 500],
      [await command({ text: 'disk full' }), 503],
    ];
    for (const [answer, status] of answers) {
      expect(answer.status, answer.url).toBe(status);
      expect(await answer.json(), answer.url).toEqual({ error: expect.any(String), hint: expect.any(String) });
    }
  });

  it('say what is possible instead of a wrong method', async () => {
    const { ask } = await start();
    const answer = await ask('/api/incidents/42/timeline', { method: 'POST' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('tell the caller nothing about a bug but where to look', async () => {
    const { command, logged } = await start();
    const answer = await command({ text: 'a bug' });
    const { hint, error } = (await answer.json()) as { hint: string; error: string };
    expect(error + hint).not.toContain('a bug');
    expect(hint).toContain(answer.headers.get('x-request-id'));
    expect(logged.join('')).toContain('a bug');
  });

  it('are answered in the same form when it is not even HTTP', async () => {
    const { port } = await start();
    expect(await raw(port, ['NONSENSE'])).toMatch(/^HTTP\/1.1 400 .*"hint":/s);
    const large = await raw(port, ['GET / HTTP/1.1', `Host: localhost:${port}`, `X-Large: ${'x'.repeat(20_000)}`]);
    expect(large).toMatch(/^HTTP\/1.1 431 .*"hint":/s);
  });
});

describe('the log', () => {
  it('holds no credential', async () => {
    const { ask, logged, command } = await start(withTokens);
    await ask('/api/incidents?token=canary-1&status=x&api%5Fkey=canary-2', {
      headers: { authorization: 'Bearer canary-3', cookie: 'muster_session=canary-4' },
    });
    await command({ text: 'a bug' }, { authorization: `Bearer ${api}`, cookie: 'muster_session=canary-5' });
    expect(logged.join('')).toContain('token=[hidden]&status=x');
    expect(logged.join('')).not.toMatch(new RegExp(`canary|${api}`));
  });
});

describe('health', () => {
  it('is not ready, and says why, while the database cannot be written', async () => {
    const { store, ask } = await start();
    expect((await ask('/readyz')).status).toBe(200);
    store.broken = new Error('disk full');
    const answer = await ask('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: 'The database cannot be written.', hint: expect.any(String) },
    ]);
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('is not ready while no jobs run', async () => {
    const { ask } = await start({ running: () => false });
    expect((await ask('/readyz')).status).toBe(503);
  });
});

describe('figures', () => {
  it('time requests by route and count refused senders, without a label per invented name', async () => {
    const { ask } = await start({
      doors: (app) => {
        app.post<{ Params: { name: string } }>('/alerts/:name', async (request, reply) =>
          reply.code(request.params.name === 'generic' ? 415 : 404).send({}),
        );
      },
    });
    await ask('/api/incidents/42');
    await ask('/alerts/generic', { method: 'POST' });
    await ask('/alerts/invented', { method: 'POST' });
    const figures = await (await ask('/metrics')).text();
    expect(figures).toContain(
      'muster_http_request_duration_seconds_count{method="GET",route="/api/incidents/:number",status="200"} 1',
    );
    expect(figures).toContain('muster_alert_requests_refused_total{source="generic",status="415"} 1');
    expect(figures).toContain('muster_alert_requests_refused_total{source="unknown",status="404"} 1');
    expect(figures).not.toContain('invented');
    expect(figures).toContain('muster_jobs{state="waiting"} 0');
    expect(figures).toContain('process_cpu_seconds_total');
  });

  it('count alerts by what became of them, once the commit is durable', async () => {
    const metrics = createMetrics();
    const receipt = (outcome: 'opened' | 'repeat') => ({
      id: 'r',
      source: 'generic',
      receivedAt: 0,
      outcomes: [{ fingerprint: 'f', name: 'n', outcome, incidentId: null, why: '' }],
    });
    let full = false;
    const store = metrics.measured({
      commit: async () => {
        if (full) throw new Error('full');
      },
      nextNumber: async () => 7,
    } as unknown as Store);
    await store.commit([
      { stream: null, events: [], incident: null, receipts: [receipt('opened'), receipt('repeat')] },
    ]);
    full = true;
    await expect(
      store.commit([{ stream: null, events: [], incident: null, receipts: [receipt('opened')] }]),
    ).rejects.toThrow('full');
    const figures = await metrics.figures();
    expect(figures).toContain('muster_alerts_total{source="generic",outcome="opened"} 1');
    expect(figures).toContain('muster_commit_duration_seconds_count{result="stored"} 1');
    expect(figures).toContain('muster_commit_duration_seconds_count{result="failed"} 1');
    expect(await store.nextNumber()).toBe(7);
  });
});
