import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import { openStore } from '../../src/store/open.js';

const api = 'api-canary-0123456789abcdef';
const alerts = 'alerts-canary-0123456789abcdef';
const github = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
const wrong = 'wrong-canary-0123456789abcdef';

let folder: string;
let bot: Bot;
let lines: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-log-'));
  const env = { MUSTER_DATA: folder, MUSTER_PORT: '0', MUSTER_API_TOKEN: api, MUSTER_ALERTS_TOKEN: alerts };
  const config = readConfig(env, folder);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  lines = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).split('\n').filter(Boolean));
      done();
    },
  });
  bot = await openBot(config, { log: createLog('trace', stream) });
});
afterEach(async () => {
  await bot.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string>) =>
  fetch(`${bot.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    redirect: 'manual',
  });
const answered = (id: string | null) =>
  lines.map((line) => JSON.parse(line)).find(({ reqId, msg }) => reqId === id && msg === 'answered');

describe('the log of a Muster at work', () => {
  it('has no secret in it, wherever one came in and however far it got, at the chattiest level', async () => {
    const basic = `Basic ${Buffer.from(`muster:${wrong}`).toString('base64')}`;
    const alert = { alerts: [{ title: `Leaked ${github}`, service: 'registry', severity: 'critical' }] };
    const statuses = [
      (await post('/alerts/generic', alert, { authorization: `Bearer ${alerts}` })).status,
      (await post('/alerts/generic', alert, { authorization: `Bearer ${wrong}` })).status,
      (await post('/alerts/generic', alert, { authorization: basic })).status,
      (await post(`/alerts/generic?token=${wrong}&access_token=${wrong}&X-Amz-Signature=${wrong}`, alert, {})).status,
      (await post('/alerts/generic', alert, { 'x-gitlab-token': wrong, 'x-hub-signature-256': `sha256=${wrong}` }))
        .status,
      (await post('/alerts/generic', `{"token":"${github}`, { authorization: `Bearer ${alerts}` })).status,
      (await post('/api/commands', { text: `/incident declare ${github}` }, { authorization: `Bearer ${api}` })).status,
      (await post('/api/commands', { text: 'x' }, { cookie: `muster_session=${wrong}` })).status,
      (await fetch(`${bot.url}/sign-in/${wrong}`, { redirect: 'manual' })).status,
    ];
    expect(statuses.slice(0, 7)).toEqual([202, 401, 401, 401, 401, 400, 200]);
    // A bug with the secret in its words, as far down as one can be.
    await bot.store.close();
    expect(
      (await post('/api/commands', { text: `/incident note ${github}` }, { authorization: `Bearer ${api}` })).status,
    ).toBe(500);
    bot.app.log.error(
      { err: new Error(`cannot parse ${github}`), token: wrong, headers: { authorization: wrong } },
      'a bug',
    );
    const log = lines.join('\n');
    expect(lines.length).toBeGreaterThan(10);
    expect(log).toContain('a bug');
    expect(log).toContain('/alerts/generic?token=[hidden]');
    for (const secret of [api, alerts, wrong, github, Buffer.from(`muster:${wrong}`).toString('base64')])
      expect(log).not.toContain(secret);
  });

  it('has one line for each refused request, found by the id the caller got, and is silent when all is well', async () => {
    const refused = await post('/alerts/generic', {}, { authorization: `Bearer ${wrong}` });
    const taken = await post('/alerts/generic', { title: 'x' }, { authorization: `Bearer ${alerts}` });
    await expect
      .poll(() => answered(refused.headers.get('x-request-id')))
      .toMatchObject({
        level: 30,
        status: 401,
        req: { method: 'POST', url: '/alerts/generic' },
      });
    await expect.poll(() => answered(taken.headers.get('x-request-id'))).toMatchObject({ level: 20, status: 202 });
    const own = await fetch(`${bot.url}/healthz`, { headers: { 'x-request-id': 'mine-to-choose' } });
    expect(own.headers.get('x-request-id')).not.toBe('mine-to-choose');
  });
});

it('says nothing of the password when the database cannot be reached', async () => {
  const failed = await openStore({ kind: 'postgres', url: `postgres://muster:${wrong}@127.0.0.1:1/muster` }).catch(
    (error: Error) => error,
  );
  const seen: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      seen.push(String(chunk));
      done();
    },
  });
  createLog('info', stream).error({ err: failed }, 'could not start');
  expect(seen.join('')).toMatch(/PostgreSQL cannot be used: .*ECONNREFUSED/);
  expect(seen.join('')).not.toContain(wrong);
});
