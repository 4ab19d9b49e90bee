import { statfsSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Other, startServer, type TestServer } from '../../test/fakes/http-server.js';
import type { Store } from '../store/port.js';
import { createMetrics } from './metrics/metrics.js';

const api = 'api-token-api-token-api-token';
const alerts = 'alerts-token-alerts-token';

const running: TestServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
async function start(other: Other = {}): Promise<TestServer> {
  const server = await startServer(other);
  running.push(server);
  return server;
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
    const { command, actors } = await start();
    await command({ text: 'a', user: 'Ada L.' });
    await command({ text: 'b' }, { cookie: 'muster_name=Bob' });
    await command({ text: 'c' });
    expect(await actors()).toEqual(['Ada L.', 'Bob', 'local']);
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
    const { ask, command, actors } = await start(withTokens);
    const authorization = `Bearer ${api}`;
    expect((await ask('/api/incidents', { headers: { authorization } })).status).toBe(200);
    await command({ text: 'a', user: 'Ada' }, { authorization });
    await command({ text: 'b' }, { authorization });
    expect(await actors()).toEqual(['Ada', 'API']);
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

interface Ready {
  parts: Record<string, string>;
}

describe('health', () => {
  it('is not ready, and says which part fails, while the database cannot be written', async () => {
    const disk = { full: false };
    const { ask } = await start({
      ready: async () => {
        if (disk.full) throw new Error('disk full');
      },
    });
    expect(await (await ask('/readyz')).json()).toEqual({
      status: 'ok',
      parts: { database: 'ok', jobs: 'ok', disk: 'ok' },
      held: 0,
    });
    disk.full = true;
    await expect.poll(async () => (await ask('/readyz')).status).toBe(503);
    expect(await (await ask('/readyz')).json()).toEqual({
      error: 'The database cannot be written.',
      hint: expect.any(String),
      parts: { database: 'The database cannot be written.', jobs: 'ok', disk: 'ok' },
      held: null,
    });
    expect((await ask('/healthz')).status).toBe(200);
    disk.full = false;
    expect((await ask('/readyz')).status).toBe(200);
  });

  it('asks a database that is busy for a moment again before it says anything', async () => {
    let asked = 0;
    const { ask } = await start({
      ready: async () => {
        if (++asked === 1) throw new Error('busy');
      },
    });
    expect((await ask('/readyz')).status).toBe(200);
    expect(asked).toBe(2);
  });

  it('is not ready while no jobs run', async () => {
    const { ask } = await start({ running: () => false });
    const answer = await ask('/readyz');
    expect([answer.status, ((await answer.json()) as Ready).parts.jobs]).toEqual([503, 'The jobs are not running.']);
  });

  it('is not ready on a disk that is nearly full, and only again with some room to spare', async () => {
    const { bavail, bsize } = statfsSync('.');
    const disk = { folder: '.', atLeast: 0, atLeastBytes: () => disk.atLeast };
    const { ask } = await start({ disk });
    expect((await ask('/readyz')).status).toBe(200);
    disk.atLeast = bavail * bsize * 2;
    await expect.poll(async () => (await ask('/readyz')).status).toBe(503);
    expect(((await (await ask('/readyz')).json()) as Ready).parts.disk).toBe('The disk is nearly full.');
    disk.atLeast = bavail * bsize * 0.9;
    expect((await ask('/readyz')).status).toBe(503);
    disk.atLeast = bavail * bsize * 0.5;
    expect((await ask('/readyz')).status).toBe(200);
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
    await ask('/api/incidents/1');
    await ask('/alerts/generic', { method: 'POST' });
    await ask('/alerts/invented', { method: 'POST' });
    const figures = await (await ask('/metrics')).text();
    expect(figures).toContain(
      'muster_http_request_duration_seconds_count{method="GET",route="/api/incidents/:number",status="4xx"} 1',
    );
    expect(figures).toContain('muster_alert_requests_refused_total{source="generic",status="415"} 1');
    expect(figures).toContain('muster_alert_requests_refused_total{source="other",status="404"} 1');
    expect(figures).not.toContain('invented');
    expect(figures).toContain('muster_jobs{state="waiting",lane="incident",platform="none"} 0');
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
