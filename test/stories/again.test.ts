import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addAlerts } from '../../src/cli/alerts.js';
import { runCommand } from '../cli/run.js';
import { databases, type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const rest = async (path: string, body?: object) => {
  const response = await fetch(new URL(path, told.bot.url), {
    ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, json: (await response.json()) as never };
};
/** Until what was taken last is kept. */
const kept = async (
  source: string,
  count: number,
): Promise<{ receipt: string; headers: object; body: string; outcomes: unknown[] }[]> => {
  await expect
    .poll(async () => (await told.bot.store.bodies({ source, limit: 500 })).length, { timeout: 5_000 })
    .toBe(count);
  return ((await rest(`/api/sources/${source}/requests`)).json as { requests: never[] }).requests;
};

describe.each(databases)('requests with alerts, on %s', (database) => {
  beforeEach(async () => {
    told = await story({ database, file: 'open-on-loopback: true\n' });
  });

  test('are kept with what became of them, and nothing in them is a secret', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const response = await fetch(new URL('/alerts/generic?token=very-secret-in-the-query', told.bot.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer very-secret',
        'x-my-api-key': 'very-secret',
        'x-from': 'cron',
      },
      body: JSON.stringify({ title: 'push fails', description: `the key is ${secret}`, severity: 'critical' }),
    });
    const { receipt } = (await response.json()) as { receipt: string };
    const [request] = await kept('generic', 1);
    expect(request).toMatchObject({
      receipt,
      headers: { 'content-type': 'application/json', 'x-my-api-key': '[hidden]', 'x-from': 'cron' },
      body: expect.stringContaining('push fails'),
      outcomes: [{ name: 'push fails', outcome: 'opened' }],
    });
    expect(JSON.stringify(request)).not.toMatch(/very-secret|ghp_a1B2/);
  });

  test('read again change nothing that is known, and make an alert of what was not understood', async () => {
    const { receipt } = await told.alerts('generic', { title: 'push fails', severity: 'critical' });
    await kept('generic', 1);
    const before = await told.incident(1);
    const again = await rest('/api/alerts/replay', { receipts: [receipt] });
    expect(again.json).toMatchObject({ replayed: [{ of: receipt, alerts: [{ outcome: 'repeat' }] }] });
    expect(await told.incident(1)).toEqual(before);

    const [body] = await told.bot.store.bodies({ source: 'generic', limit: 1 });
    if (!body) throw new Error('nothing is kept');
    await told.bot.store.keepBodies(
      [
        { ...body, id: 'old', source: 'nobody' },
        { ...body, id: 'big', body: null },
      ],
      500,
    );
    expect((await rest('/api/alerts/replay', { receipts: ['gone', 'old', 'big'] })).json).toEqual({
      replayed: [
        { of: 'gone', problem: 'It is not kept, or not for so long.' },
        { of: 'old', problem: 'There is no source nobody any more.' },
        { of: 'big', problem: 'Its body was too large to keep, or no text.' },
      ],
    });
    const fresh = { ...body, id: 'fresh', body: JSON.stringify({ title: 'pull fails', severity: 'critical' }) };
    await told.bot.store.keepBodies([fresh], 500);
    const planned = await rest('/api/alerts/replay', { receipts: ['fresh'], plan: true });
    expect(planned.json).toMatchObject({
      replayed: [{ alerts: [{ outcome: 'opened', why: expect.stringMatching(/^opens an incident: sev/) }] }],
    });
    expect((await told.get('/api/incidents')).json<{ total: number }>().total).toBe(1);
    await rest('/api/alerts/replay', { receipts: ['fresh'] });
    expect((await told.get('/api/incidents')).json<{ total: number }>().total).toBe(2);
  });

  test('are no more than the newest of each source', async () => {
    const body = { source: 'generic', method: 'POST', headers: {}, query: {}, body: '{}' };
    const all = Array.from({ length: 12 }, (_, n) => ({ ...body, id: `b${n}`, receivedAt: 1_000 + n }));
    await told.bot.store.keepBodies([...all, { ...all[0]!, id: 'other', source: 'grafana' }], 5);
    expect((await told.bot.store.bodies({ limit: 50 })).map(({ id }) => id)).toEqual([
      'b11',
      'b10',
      'b9',
      'b8',
      'b7',
      'other',
    ]);
    expect((await told.bot.store.bodies({ since: 1_010, limit: 50 })).map(({ id }) => id)).toEqual(['b11', 'b10']);
    expect(await told.bot.store.prune('bodies', 1_009, 10)).toBe(3);
  });
});

describe('for whoever owns a source', () => {
  let folder: string;
  beforeEach(async () => {
    told = await story();
    folder = mkdtempSync(join(tmpdir(), 'muster-again-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('a page says what came last and what became of it, and what was refused', async () => {
    await told.alerts('generic', { title: 'push fails', severity: 'critical', service: 'registry' });
    await fetch(new URL('/alerts/generic', told.bot.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    await kept('generic', 1);
    await rest('/api/sources/generic');
    const all = (await told.get('/sources')).text;
    expect(all).toMatch(/href="\/sources\/generic"[\s\S]*The body is not JSON/);
    expect(all).not.toContain('/sources/alertmanager');
    const page = (await told.get('/sources/generic')).text;
    expect(page).toMatch(/push fails<\/b> <a href="\/incidents\/1">#1<\/a>: opens an incident: sev1/);
    expect(page).toMatch(/Requests: 2, of which 1 refused/);
    expect((await told.get('/sources/nobody')).status).toBe(404);
  });

  test('the command line lists them, saves them for muster plan, and reads them again', async () => {
    const { receipt } = await told.alerts('generic', { title: 'push fails', severity: 'critical' });
    await kept('generic', 1);
    const env = { MUSTER_DATA: join(told.folder, 'data'), MUSTER_PUBLIC_URL: told.bot.url };
    const run = (...args: string[]) => runCommand(addAlerts, ['alerts', ...args], { folder, env });
    const since = ['--since', '366d'];
    expect((await run('list', ...since)).out).toMatch(new RegExp(`^\\S+Z  ${receipt}  generic  \\d+ characters\n$`));
    const saved = await run('save', join(folder, 'bodies'), ...since);
    expect(saved).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 requests written') });
    expect(readdirSync(join(folder, 'bodies', 'generic')).sort()).toEqual([`${receipt}.headers`, `${receipt}.json`]);
    expect(readFileSync(join(folder, 'bodies', 'generic', `${receipt}.headers`), 'utf8')).toMatch(
      /^POST \/alerts\/generic\n[\s\S]*content-type: application\/json/,
    );
    expect((await run('replay', receipt)).out).toMatch(
      new RegExp(`^${receipt} -> r\\S+\n  push fails  repeat  known since`),
    );
    expect(await run('replay', 'gone')).toMatchObject({ exitCode: 1, out: expect.stringContaining('not kept') });
    expect(await run('replay')).toMatchObject({ exitCode: 2 });
  });
});
