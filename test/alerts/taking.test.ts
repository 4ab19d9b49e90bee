import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/alerts/alert.js';
import type { Intake } from '../../src/alerts/intake.js';
import { sources } from '../../src/alerts/sources.js';
import { alertRoutes } from '../../src/http/alerts.js';
import { createLog } from '../../src/http/log.js';
import { machine } from '../../src/people/viewer.js';
import type { KeptBody } from '../../src/store/bodies-port.js';
import { type Story, story } from '../stories/story.js';
import { noon } from './world.js';

const token = 'general-token-for-this-test';
const bearer = { authorization: `Bearer ${token}` };
const json = { 'content-type': 'application/json' };
const fixture = (path: string): Buffer => readFileSync(new URL(`../fixtures/sources/${path}`, import.meta.url));
const ping = fixture('github/ping.json');
const signed = (body: Buffer, secret = token) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

let muster: Story;
beforeAll(async () => {
  muster = await story({ env: { MUSTER_ALERTS_TOKEN: token, MUSTER_API_TOKEN: 'api-token-for-this-test' } });
});
afterAll(() => muster.end());

const send = (path: string, body?: Buffer | string, headers: Record<string, string> = json, method = 'POST') =>
  fetch(`${muster.bot.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: new Uint8Array(Buffer.from(body)) }),
  });
const receiptOf = async (answer: Response): Promise<Receipt> => {
  const { receipt } = (await answer.json()) as { receipt: string };
  return (await muster.bot.store.receipt(receipt)) as Receipt;
};

describe('a method that a sender does not use', () => {
  it.each([
    ['alertmanager', 'POST'],
    ['uptime-kuma', 'POST, GET, PUT'],
    ['cloudevents', 'POST, OPTIONS'],
  ])('is answered with 405 and those of %s: %s', async (kind, allow) => {
    for (const method of ['HEAD', 'PATCH', 'DELETE', 'OPTIONS', 'GET'])
      if (!allow.includes(method)) {
        const answer = await send(`/alerts/${kind}`, undefined, bearer, method);
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allow]);
        expect((await send(`/alerts/${kind}`, undefined, {}, method)).status).toBe(401);
      }
  });
});

describe('a sender that signs', () => {
  it('needs no token where the signature fits, and nothing else opens where it does not', async () => {
    const statusOf = async (headers: object, body: Buffer = ping) =>
      (await send('/alerts/github', body, { ...json, 'x-github-event': 'ping', ...headers } as Record<string, string>))
        .status;
    expect(await statusOf(signed(ping))).toBe(202);
    expect(await statusOf(bearer)).toBe(202);
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ ...bearer, ...signed(ping, 'another secret of theirs') })).toBe(401);
    expect(await statusOf({ ...bearer, ...signed(ping) }, Buffer.from(`${ping} `))).toBe(401);
    expect(await statusOf({ ...signed(ping), 'content-encoding': 'gzip' }, gzipSync(ping))).toBe(202);
  });

  it('is refused for its body before it is asked who it is', async () => {
    expect((await send('/alerts/github', '{')).status).toBe(400);
    expect((await send('/alerts/alertmanager', '{')).status).toBe(401);
  });
});

describe('a delivery', () => {
  const deliver = (id: string, body: Buffer = ping, path = '/alerts/github') =>
    send(path, body, { ...json, ...bearer, 'x-github-event': 'ping', 'x-github-delivery': id });

  it('that comes again has the first receipt: in one turn, later, and after a restart', async () => {
    const run = fixture('github/workflow_job.completed.failure.json');
    const several = await Promise.all([1, 2, 3].map(() => deliver('d1', run)));
    const receipts = await Promise.all(several.map(receiptOf));
    const [first] = receipts;
    expect(new Set(receipts.map(({ id }) => id)).size).toBe(1);
    expect((await receiptOf(await deliver('d1', run))).id).toBe(first?.id);
    // What it says does not count any more.
    expect((await receiptOf(await deliver('d1'))).outcomes).toEqual(first?.outcomes);
    await muster.restart();
    expect((await receiptOf(await deliver('d1', run))).id).toBe(first?.id);
    expect((await receiptOf(await deliver('d2', run))).id).not.toBe(first?.id);
  });

  it('of another source under the same name is another one', async () => {
    const here = await receiptOf(await deliver('d3'));
    const there = await receiptOf(await deliver('d3', ping, '/alerts/gitea'));
    expect([here.source, there.source]).toEqual(['github', 'gitea']);
  });

  it('that is no alert has a receipt that says why', async () => {
    const answer = await deliver('d4');
    expect(await answer.clone().json()).toMatchObject({ accepted: 0 });
    const [outcome] = (await receiptOf(answer)).outcomes;
    expect(outcome).toMatchObject({ name: 'ping', outcome: 'ignored', incidentId: null, why: expect.any(String) });
  });
});

describe('a body', () => {
  const type = (name: string) => ({ ...bearer, 'content-type': name });

  it('is read as its sender writes it: a form, parts, a query, JSON by another name', async () => {
    const head = fixture('uptime-kuma/captured-2.5.3.form-data.down.headers').toString();
    const [, multipart = ''] = /content-type: (multipart\S+ \S+)/i.exec(head) ?? [];
    const [, query = ''] =
      /^GET \S+?(\?\S+)/.exec(fixture('uptime-kuma/captured-2.5.3.GET.down.headers').toString()) ?? [];
    const parts = fixture('uptime-kuma/captured-2.5.3.form-data.down.multipart');
    const names = async (answer: Response) => {
      expect(answer.status).toBe(202);
      return (await receiptOf(answer)).outcomes.map(({ name }) => name);
    };
    expect(await names(await send('/alerts/uptime-kuma', parts, type(multipart)))).toEqual(['Checkout API']);
    expect(await names(await send(`/alerts/uptime-kuma${query}`, undefined, bearer, 'GET'))).toEqual(['Checkout API']);
    const form = `payload=${encodeURIComponent(ping.toString())}`;
    const asForm = type('application/x-www-form-urlencoded');
    expect(await names(await send('/alerts/github', form, { ...asForm, 'x-github-event': 'ping' }))).toEqual(['ping']);
    const alerts = JSON.stringify([{ labels: { alertname: 'Any' } }]);
    expect((await send('/api/v2/alerts', alerts, bearer)).status).toBe(200);
    for (const each of ['text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded'])
      expect((await send('/api/v2/alerts', alerts, type(each))).status, each).toBe(200);
  });

  it('is refused as that form, and as no other', async () => {
    const status = async (path: string, body: string, as: string) => (await send(path, body, type(as))).status;
    expect(await status('/alerts/github', 'payload=%00', 'application/x-www-form-urlencoded')).toBe(400);
    expect(await status('/alerts/github', 'x', 'multipart/form-data; boundary=x')).toBe(415);
    expect(await status('/alerts/uptime-kuma', '--x\r\n', 'multipart/form-data; boundary=x')).toBe(400);
    expect(await status('/api/v2/alerts', '[{"labels":', 'text/plain')).toBe(400);
    expect(await status('/api/v2/alerts', '[{"labels":{"a":"\\u0000"}}]', 'text/plain')).toBe(400);
    expect(await status('/api/v2/alerts', `${'['.repeat(40)}${']'.repeat(40)}`, 'text/plain')).toBe(400);
    expect(await status('/api/v2/alerts', '', 'text/plain')).toBe(400);
  });
});

describe('a token in the address', () => {
  it('opens the door and is not kept with what came through it', async () => {
    const answer = await send(`/alerts/uptime-kuma?token=${token}&odd=1`, undefined, {}, 'GET');
    expect(answer.status).toBe(202);
    const { incidentId } = (await receiptOf(answer)).outcomes[0]!;
    const { alerts } = await muster.bot.store.alerts(machine, incidentId!, { limit: 10, offset: 0 });
    expect(JSON.stringify(alerts)).toContain('odd');
    expect(JSON.stringify(alerts)).not.toContain(token);
  });

  it('does not show in the log, under whatever name a sender has for it', () => {
    const said: string[] = [];
    const log = createLog('info', { write: (line: string) => void said.push(line) });
    const names = ['token', ...sources.flatMap(({ tokenQuery }) => tokenQuery ?? [])];
    for (const name of names)
      log.info({ req: { method: 'GET', url: `/alerts/x?${name}=aXq3Secret&odd=1` } }, 'answered');
    expect(said).toHaveLength(names.length);
    for (const line of said) {
      expect(line).toContain('odd=1');
      expect(line).not.toContain('aXq3Secret');
    }
  });
});

/** The routes alone, with a store in hand. */
async function doors(intake: Intake['intake'], missed: (source: string) => void = () => {}) {
  const kept: KeptBody[] = [];
  const app = fastify();
  const nothing = async (): Promise<null> => null;
  await app.register(alertRoutes, {
    engine: { intake, queueDepth: () => 0 },
    store: {
      incident: nothing,
      receipt: nothing,
      sourceFigures: nothing,
      addToSource: async () => {},
      keepBodies: async (bodies) => void kept.push(...bodies),
    },
    config: { alertsToken: null },
    clock: { now: () => noon },
    missed,
  });
  return { app, kept };
}

describe('what was taken', () => {
  it('is kept with what its path said, so that it can be read again', async () => {
    const { app, kept } = await doors(async ({ alerts }) => ({ accepted: alerts.length, receipt: 'r', outcomes: [] }));
    const payload = { source: 'x' };
    await app.inject({ method: 'POST', url: '/v2/alerts/disk%2F1/close?identifierType=alias', payload });
    await app.inject({ method: 'POST', url: '/v2/alerts', payload: '{ "message": "as it came" }' });
    await app.close();
    expect(kept.map(({ body }) => body)).toEqual([
      '{"source":"x","alias":"disk/1","action":"close"}',
      '{ "message": "as it came" }',
    ]);
  });
});

describe('what cannot be taken just now', () => {
  it('is told to whoever decides what has ended, under the name of its source', async () => {
    const missed: string[] = [];
    const { app } = await doors(
      () => Promise.reject(new Error('disk full')),
      (source) => missed.push(source),
    );
    const answer = await app.inject({ method: 'POST', url: '/api/v2/alerts', payload: [{ labels: { a: 'b' } }] });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect((await app.inject({ method: 'POST', url: '/api/v2/alerts', payload: {} })).statusCode).toBe(400);
    const pd = { event_action: 'resolve', dedup_key: 'a' };
    expect((await app.inject({ method: 'POST', url: '/v2/enqueue', payload: pd })).json()).toMatchObject({
      status: 'error',
    });
    expect(missed).toEqual(['prometheus', 'pagerduty-events-v2']);
    await app.close();
  });
});
