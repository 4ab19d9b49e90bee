import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { addToken } from '../../src/cli/token.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import { runCommand } from './run.js';

const file = 'people:\n  ada: { name: Ada Lovelace, email: ada@example.com }\n';
let folder: string;
let env: Record<string, string>;
let bot: Bot;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-token-'));
  writeFileSync(join(folder, 'muster.yaml'), file);
  env = {
    MUSTER_DATA: join(folder, 'data'),
    MUSTER_PORT: '0',
    MUSTER_CONFIG: join(folder, 'muster.yaml'),
    MUSTER_API_TOKEN: 'api-token-api-token-api-token',
    MUSTER_ALERTS_TOKEN: 'alerts-token-alerts-token',
  };
  const config = readConfig(env, folder);
  if (Array.isArray(config)) throw new Error(JSON.stringify(config));
  bot = await openBot(config, { log: createLog('error') });
});
afterEach(async () => {
  await bot.close();
  rmSync(folder, { recursive: true, force: true });
});

const muster = (...args: string[]) => runCommand(addToken, ['token', ...args], { folder, env });
async function issued(...args: string[]): Promise<{ secret: string; id: string }> {
  const { out, exitCode, err } = await muster('issue', ...args, '--json');
  expect([exitCode, err]).toEqual([0, '']);
  const { secret, token } = JSON.parse(out);
  return { secret, id: token.id };
}
const asked = (secret: string, body: object = { text: '/incident list' }) =>
  fetch(`${bot.url}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify(body),
  });
const declaredBy = async (number: number) => {
  const { incidents } = await bot.store.incidents({ kind: 'machine' }, { limit: 9, offset: 0 });
  const actor = incidents.find((each) => each.number === number)?.declaredBy;
  return actor?.kind === 'person' ? ((await bot.store.person(actor.personId))?.name ?? null) : null;
};

describe('muster token, while Muster runs', () => {
  it('opens the API at once, as the person it was issued to and nobody else', async () => {
    const { secret } = await issued('ada', '--name', 'laptop');
    expect((await asked(secret, { text: '/incident declare Pushes fail', user: 'Bob' })).status).toBe(200);
    expect(await declaredBy(1)).toBe('Ada Lovelace');
    expect((await bot.store.people()).map(({ name }) => name)).toEqual(['Ada Lovelace']);
  });

  it('acts as anybody where it was issued so', async () => {
    const { secret } = await issued('ada@example.com', '--act-as');
    await asked(secret, { text: '/incident declare Pushes fail', user: 'Bob' });
    await asked(secret, { text: '/incident declare Pulls fail' });
    expect([await declaredBy(1), await declaredBy(2)]).toEqual(['Bob', 'Ada Lovelace']);
  });

  it('is refused at once when revoked, and so are the sessions it opened', async () => {
    const { secret, id } = await issued('Ada Lovelace');
    const form = { method: 'POST', body: new URLSearchParams({ token: secret }), redirect: 'manual' } as const;
    const signedIn = await fetch(`${bot.url}/sign-in`, form);
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] as string;
    const page = async () => (await fetch(`${bot.url}/api/incidents`, { headers: { cookie } })).status;
    expect([signedIn.status, (await asked(secret)).status, await page()]).toEqual([303, 200, 200]);
    expect((await muster('revoke', id)).out).toContain('is revoked');
    expect([(await asked(secret)).status, await page()]).toEqual([401, 401]);
    expect((await fetch(`${bot.url}/sign-in`, form)).status).toBe(401);
    expect((await muster('revoke', id)).exitCode).toBe(1);
  });

  it('is kept as a digest, shown once, listed with its holder and state, and on the system stream', async () => {
    const { secret, id } = await issued('ada', '--name', 'ci', '--expires', 'never');
    const { out } = await muster('list');
    expect(out).toBe(`${id}  Ada Lovelace  ci  for ever\n`);
    expect(await bot.store.token(secret)).toBeNull();
    await muster('revoke', id);
    expect((await muster('list')).out).toMatch(/revoked \d+ \w+ \d{4}/);
    const events = await bot.store.systemEvents(0, 99);
    expect(events.map(({ type, actor }) => [type, actor])).toEqual([
      ['tokenIssued', { kind: 'machine', name: expect.stringMatching(/^shell\/.+/) }],
      ['tokenRevoked', { kind: 'machine', name: expect.stringMatching(/^shell\/.+/) }],
    ]);
    expect(JSON.stringify(events)).not.toContain(secret);
  });

  it('refuses nobody, a bad duration, and a name nobody has unless it is new', async () => {
    const nobody = await muster('issue', 'eve');
    expect([nobody.exitCode, nobody.err]).toEqual([1, expect.stringContaining('nobody is called eve')]);
    expect((await muster('issue', 'ada', '--expires', 'soon')).exitCode).toBe(2);
    expect((await muster('issue', 'ada', '--expires', 'soon')).err).toContain('30d');
    const { secret } = await issued('Eve', '--new');
    await asked(secret, { text: '/incident declare Pushes fail' });
    expect(await declaredBy(1)).toBe('Eve');
  });
});
