import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeLink } from '../../src/access/links.js';
import { type Bot, openBot } from '../../src/bot.js';
import { addAudit } from '../../src/cli/audit.js';
import { addPeople } from '../../src/cli/people.js';
import { addToken } from '../../src/cli/token.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import { machine } from '../../src/people/viewer.js';
import { runCommand } from './run.js';

const file = `people:
  ada: { name: Ada Lovelace, email: ada@example.com }
  bob: { name: Bob Tables }
groups:
  platform: [ada, bob]
severities:
  sev1: { page: [ada, bob] }
services:
  registry: { owner: ada, second-owner: bob, tier: 1, approve: [ada] }
`;
const api = 'api-token-api-token-api-token';
let folder: string;
let env: Record<string, string>;
let bot: Bot;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-people-'));
  writeFileSync(join(folder, 'muster.yaml'), file);
  env = {
    MUSTER_DATA: join(folder, 'data'),
    MUSTER_PORT: '0',
    MUSTER_CONFIG: join(folder, 'muster.yaml'),
    MUSTER_API_TOKEN: api,
    MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
  };
  const config = readConfig(env, folder);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  bot = await openBot(config, { log: createLog('silent') });
});
afterEach(async () => {
  await bot.close();
  rmSync(folder, { recursive: true, force: true });
});

const muster = (...args: string[]) => runCommand(addPeople, ['people', ...args], { folder, env });
const token = async (): Promise<string> => {
  const { out } = await runCommand(addToken, ['token', 'issue', 'ada', '--name', 'laptop', '--json'], { folder, env });
  return JSON.parse(out).secret;
};
async function say(text: string, { secret = api, user }: { secret?: string; user?: string } = {}) {
  const answer = await fetch(`${bot.url}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ text, ...(user && { user }) }),
  });
  return { status: answer.status, ...((await answer.json()) as { text?: string; refusal?: { code: string } }) };
}
const incident = async (number: number) => (await bot.store.incident(machine, { number }))!;
async function begun(): Promise<void> {
  await say('/incident declare --sev 1 Pushes fail', { user: 'ada' });
  await say('/incident #1 take commander', { user: 'ada' });
  await say('/incident #1 take scribe', { user: 'bob' });
  await say('/incident #1 action Grow the disk @ada 2030-01-15', { user: 'bob' });
}

describe('somebody who leaves', () => {
  it('is shown with all they hold, and keeps it until --yes', async () => {
    await begun();
    await token();
    const { out, exitCode } = await muster('remove', 'ada');
    expect(exitCode).toBe(1);
    for (const words of [
      'commander of #1 Pushes fail',
      'laptop',
      'Grow the disk, due 2030-01-15, #1 Pushes fail',
      `${join(folder, 'muster.yaml')}:2:3 people: ada`,
      `${join(folder, 'muster.yaml')}:5:14 the group platform`,
      `${join(folder, 'muster.yaml')}:7:18 paged at sev1`,
      `${join(folder, 'muster.yaml')}:9:22 owner of registry`,
      'may approve for registry',
      'Nothing is changed.',
    ])
      expect(out).toContain(words);
    expect(out).not.toContain('scribe');
    expect((await incident(1)).roles.commander).toBeDefined();
    expect((await bot.store.person('ada'))?.goneAt).toBeNull();
  });

  it('is let in by no way any more, at once, while Muster runs', async () => {
    await begun();
    const secret = await token();
    const form = (fields: Record<string, string>) =>
      ({ method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' }) as const;
    const signedIn = await fetch(`${bot.url}/sign-in`, form({ token: secret }));
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] as string;
    const link = await makeLink(bot.store, { personId: 'ada', leadsTo: '/', now: Date.now() });
    const page = () => fetch(`${bot.url}/api/incidents`, { headers: { cookie } });
    expect([signedIn.status, (await page()).status]).toEqual([303, 200]);

    expect((await muster('remove', 'ada', '--yes')).exitCode).toBe(0);

    expect((await page()).status).toBe(401);
    expect((await say('/incident list', { secret })).status).toBe(401);
    for (const fields of [
      { token: secret } as Record<string, string>,
      { token: api, name: 'ada' },
      { token: api, name: 'ADA LOVELACE' },
    ])
      expect((await fetch(`${bot.url}/sign-in`, form(fields))).status).toBe(401);
    expect((await fetch(`${bot.url}/sign-in/${link}`, { method: 'POST', redirect: 'manual' })).status).toBe(404);
    expect((await say('/incident declare More', { user: 'ada' })).refusal?.code).toBe('left');
    const issue = await runCommand(addToken, ['token', 'issue', 'ada'], { folder, env });
    expect([issue.exitCode, issue.err]).toEqual([1, expect.stringContaining('has left')]);
  });

  it('has their roles released, which everybody in the channel reads, and others keep theirs', async () => {
    await begun();
    await muster('remove', 'ada', '--yes');
    bot.runner.wake();
    await expect.poll(async () => (await incident(1)).roles).toEqual({ scribe: 'bob' });
    const said = async () => {
      const [channel] = (await bot.web.channels('bob')).filter(({ name }) => name.startsWith('inc-1'));
      return JSON.stringify(await bot.web.messages(channel!.id, 99));
    };
    await expect.poll(said).toContain('Nobody commands now.');
    expect((await bot.store.verify()).problems).toEqual([]);
  });

  it('is neither invited nor paged nor offered, and the channel hears who could not be paged', async () => {
    await muster('remove', 'ada', '--yes');
    await say('/incident declare --sev 1 Pushes fail', { user: 'cleo' });
    const said = async () => {
      const [channel] = (await bot.web.channels('bob')).filter(({ name }) => name.startsWith('inc-1'));
      return channel ? JSON.stringify(await bot.web.messages(channel.id, 99)) : '';
    };
    await expect.poll(said).toContain('could not be paged');
    const pages = (await bot.web.channels('ada')).filter(({ key }) => key.startsWith('person/ada'));
    expect(pages).toEqual([]);
    expect((await say('/incident #1 assign scribe @ada', { user: 'bob' })).refusal?.code).toBe('unknown-person');
    expect(
      JSON.stringify(
        await (await fetch(`${bot.url}/api/people`, { headers: { authorization: `Bearer ${api}` } })).json(),
      ),
    ).not.toContain('Lovelace');
  });

  it('may be let in again, without what they held', async () => {
    const secret = await token();
    await muster('remove', 'ada', '--yes');
    expect((await muster('list')).out).toMatch(/Ada Lovelace {2}ada {2}ada@example.com {2}left \d/);
    expect((await muster('restore', 'ada')).exitCode).toBe(0);
    expect((await say('/incident list', { user: 'ada' })).refusal).toBeUndefined();
    expect((await say('/incident list', { secret })).status).toBe(401);
    expect((await muster('restore', 'ada')).exitCode).toBe(1);
    expect((await muster('remove', 'eve')).exitCode).toBe(1);
  });
});

it('tells all of it in the audit log, with who did it and without a secret', async () => {
  const secret = await token();
  await fetch(`${bot.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ token: 'guessed-token' }),
    redirect: 'manual',
  });
  await fetch(`${bot.url}/sign-in`, {
    method: 'POST',
    body: new URLSearchParams({ token: secret }),
    redirect: 'manual',
  });
  await muster('sign-out', 'ada');
  await muster('remove', 'ada', '--yes');
  await muster('restore', 'ada');
  const log = (...args: string[]) => runCommand(addAudit, ['audit', 'log', ...args], { folder, env });
  const { out } = await log();
  expect(out.split('\n').map((line) => line.replace(/^\S+ {2}/, '').replace(/shell\/\S+/, 'shell'))).toEqual([
    expect.stringMatching(/^token \w{8} \(laptop\) issued to Ada Lovelace · by shell$/),
    '1 sign-in refused, from 127.0.0.1 · by sign-in',
    'Ada Lovelace signed in by a token from 127.0.0.1 · by Ada Lovelace',
    'Ada Lovelace signed out everywhere · by shell',
    'Ada Lovelace removed: 0 roles, 1 token, 0 sessions · by shell',
    'Ada Lovelace may come in again · by shell',
    '',
  ]);
  const { events } = JSON.parse((await log('--json')).out);
  expect(events.map(({ type }: { type: string }) => type)).toContain('tokenIssued');
  expect(out + JSON.stringify(events)).not.toMatch(new RegExp(`${secret}|guessed-token`));
});
