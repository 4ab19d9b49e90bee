import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/chat/platform.js';
import { addAudit } from '../../src/cli/audit.js';
import { addCheck } from '../../src/cli/check.js';
import { addDoctor } from '../../src/cli/doctor.js';
import { addJobs } from '../../src/cli/jobs.js';
import { type Story, story } from '../stories/story.js';
import { runCommand } from './run.js';

const ends: (() => unknown)[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-doctor-'));
  chmodSync(folder, 0o750);
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function started(about: Parameters<typeof story>[0] = {}): Promise<Story> {
  const muster = await story({ at: Date.now(), ...about });
  ends.push(() => muster.end());
  return muster;
}

/** As somebody would ask beside this Muster. */
const beside = (muster: Story, env: Record<string, string> = {}) => ({
  folder: muster.folder,
  env: {
    MUSTER_DATA: join(muster.folder, 'data'),
    MUSTER_PORT: new URL(muster.bot.url).port,
    ...env,
  },
});
interface Told {
  level: string;
  about: string;
  what: string;
  fix?: string;
}
async function ask(where: { folder: string; env?: Record<string, string> }) {
  const { out, exitCode } = await runCommand(addDoctor, ['doctor', '--json'], where);
  const { findings } = JSON.parse(out) as { findings: Told[] };
  const said = findings.filter(({ level }) => level !== 'ok').map(({ about, what }) => `${about}: ${what}`);
  const of = (about: string): Told[] => findings.filter((each) => each.about === about);
  return { findings, said, of, exitCode };
}
/** Backups are not what these are about, nor is who may look into a folder of a test. */
const other = (said: string[]) => said.filter((line) => !/^backups: |Every user of this machine/.test(line));

describe('muster doctor', () => {
  it('finds nothing wrong with a Muster at work, and changes nothing', async () => {
    const muster = await started();
    const before = await muster.bot.store.systemPosition();
    const { said, of, exitCode, findings } = await ask(beside(muster));
    expect(other(said)).toEqual([]);
    expect(exitCode).toBe(0);
    expect(of('running')[0]?.what).toContain(muster.bot.url);
    expect(of('ready')[0]?.level).toBe('ok');
    expect(findings.length).toBeGreaterThan(10);
    expect(await muster.bot.store.systemPosition()).toEqual(before);
    const { out } = await runCommand(addDoctor, ['doctor'], beside(muster));
    expect(out).toMatch(/^ok {7}Node: v\d+/m);
    expect(out).toMatch(/^warning {2}backups: None are planned\.\n {9}-> Say where and when/m);
    expect(out).toMatch(/things looked at: 0 problems, (1 warning|\d warnings)\.\n$/);
  });

  it('works without a database and without a running Muster, and says so', async () => {
    const env = { MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '1' };
    const { of, exitCode } = await ask({ folder, env });
    expect(of('database')[0]?.what).toContain('There is none yet');
    expect(of('data folder')[0]?.what).toContain('is not there yet');
    expect(of('running')[0]?.what).toContain('Nothing answers at http://127.0.0.1:1');
    expect(exitCode).toBe(0);
  });

  it('says where the settings are wrong', async () => {
    writeFileSync(join(folder, 'muster.yaml'), 'zonse: []\n');
    const { said, exitCode } = await ask({ folder });
    expect(said[0]).toMatch(/^settings: .*muster\.yaml:1:1: There is no key "zonse"/);
    expect(exitCode).toBe(1);
  });

  it('tells of secrets and data that others may read', async () => {
    for (const name of ['api', 'alerts', 'eu']) writeFileSync(join(folder, name), `${name}-token-for-this-test`);
    chmodSync(join(folder, 'alerts'), 0o640);
    mkdirSync(join(folder, 'data'), { mode: 0o755 });
    writeFileSync(join(folder, 'muster.yaml'), 'sources:\n  eu: { kind: generic, tokens: [{ file: eu }] }\n');
    const env = {
      MUSTER_DATA: join(folder, 'data'),
      MUSTER_PORT: '1',
      MUSTER_API_TOKEN_FILE: join(folder, 'api'),
      MUSTER_ALERTS_TOKEN_FILE: join(folder, 'alerts'),
    };
    const { of, exitCode } = await ask({ folder, env });
    expect(of('secrets').map(({ what, fix }) => `${what} ${fix}`)).toEqual([
      expect.stringMatching(/\/api \(MUSTER_API_TOKEN_FILE\) can be read or changed by others\. chmod 640 \S+\/api$/),
      expect.stringMatching(/\/eu \(a token of eu\) can be read/),
    ]);
    expect(of('data folder').some(({ what }) => /Every user of this machine/.test(what))).toBe(true);
    expect(exitCode).toBe(1);
  });

  it('tells of a damaged database, a disk without room, and playbooks that cannot be used', async () => {
    const muster = await started();
    await muster.stop();
    const file = join(muster.folder, 'data', 'muster.db');
    truncateSync(file, 50_000);
    mkdirSync(join(muster.folder, 'books'));
    writeFileSync(
      join(muster.folder, 'books', 'git.md'),
      '---\ntitle: Git\nreviewed: 2020-01-01\nreview-every: 30d\n---\n- [ ] No heading\n  - Rolle: none\n',
    );
    writeFileSync(join(muster.folder, 'muster.yaml'), 'open-on-loopback: true\ndisk-at-least: 1000000\n');
    const env = {
      MUSTER_DATA: join(muster.folder, 'data'),
      MUSTER_PORT: '1',
      MUSTER_PLAYBOOKS: join(muster.folder, 'books'),
    };
    const { of, exitCode } = await ask({ folder: muster.folder, env });
    expect(of('database')[0]).toMatchObject({
      level: 'problem',
      what: expect.stringMatching(/is damaged/),
      fix: expect.stringContaining('muster restore'),
    });
    expect(of('disk')[0]).toMatchObject({
      level: 'problem',
      what: expect.stringMatching(/are left; at least 977 GB are wanted/),
    });
    expect(of('playbooks')[0]).toMatchObject({ level: 'problem', fix: 'muster check says where.' });
    expect(exitCode).toBe(1);
  });

  it.skipIf(process.getuid?.() !== 0)('tells of files that a command run as another user has left behind', async () => {
    const muster = await started();
    await muster.stop();
    chownSync(join(muster.folder, 'data', 'muster.db'), 65_534, 65_534);
    const { of } = await ask({
      folder: muster.folder,
      env: { MUSTER_DATA: join(muster.folder, 'data'), MUSTER_PORT: '1' },
    });
    expect(of('data folder')).toContainEqual({
      level: 'problem',
      about: 'data folder',
      what: expect.stringMatching(/^muster\.db.* belong to somebody else/),
      fix: expect.stringMatching(/^chown --reference=/),
    });
  });

  it('tells whether the public address leads here, elsewhere, or to something else', async () => {
    const muster = await started();
    const elsewhere = await started();
    const stranger = createServer((_, response) => response.end('<h1>It works!</h1>'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    ends.push(() => stranger.close());
    const at = (url: string) => ask(beside(muster, { MUSTER_PUBLIC_URL: url })).then(({ of }) => of('public-url')[0]);
    expect(await at(muster.bot.url.replace('127.0.0.1', 'localhost'))).toMatchObject({ level: 'ok' });
    expect(await at(elsewhere.bot.url)).toMatchObject({
      level: 'warning',
      what: expect.stringContaining('another Muster'),
    });
    expect(await at(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}`)).toMatchObject({
      level: 'problem',
      what: expect.stringContaining('is not Muster (200)'),
    });
    expect(await at('http://127.0.0.1:1')).toMatchObject({
      level: 'problem',
      what: expect.stringContaining('does not answer'),
    });
  });
});

/** A Muster that had to give up one message. */
async function withGivenUp(
  database: 'SQLite' | 'PostgreSQL',
): Promise<{ muster: Story; key: string; where: ReturnType<typeof beside> }> {
  const muster = await started({ database });
  const { web } = muster.bot;
  const post = web.post.bind(web);
  web.post = async (given) => {
    if (given.key.includes('stakeholders')) throw new DeliveryError('no such channel', { permanent: true });
    return post(given);
  };
  await muster.say('ada', '/incident declare --sev 1 Registry is down');
  web.post = post;
  const [job] = await muster.bot.store.jobs({ state: 'quarantined', limit: 5 });
  if (!job) throw new Error('nothing was given up');
  const url: Record<string, string> = muster.databaseUrl === null ? {} : { DATABASE_URL: muster.databaseUrl };
  return { muster, key: job.key, where: beside(muster, url) };
}

describe.each(['SQLite', 'PostgreSQL'] as const)('muster jobs, on %s', (database) => {
  it('lists what was given up, tries it again beside a running Muster, or forgets it', async () => {
    const { muster, key, where } = await withGivenUp(database);
    const jobs = (...args: string[]) => runCommand(addJobs, ['jobs', ...args], where);
    expect((await jobs('list')).out).toMatch(new RegExp(`^quarantined ${key}, due .*, tried 1x: no such channel\n$`));
    const { said } = await ask(where);
    expect(other(said)).toEqual([expect.stringMatching(`jobs: ${key} was given up: no such channel`)]);
    expect(await jobs('retry', 'no/such')).toMatchObject({ exitCode: 1, err: expect.stringContaining('no/such') });
    expect(await jobs('retry', key)).toMatchObject({ exitCode: 0, out: `${key}: it is tried again.\n` });
    expect((await jobs('list')).out).toBe('None was given up.\n');
    await muster.forward({ seconds: 1 });
    expect((await muster.channel('stakeholders')).some(({ text }) => text.includes('Registry is down'))).toBe(true);
    expect((await jobs('drop', key)).exitCode).toBe(1);
  });
});

it('drops what nobody wants any more', async () => {
  const { muster, key, where } = await withGivenUp('SQLite');
  const { out } = await runCommand(addJobs, ['jobs', 'drop', key, '--json'], where);
  expect(JSON.parse(out)).toEqual({ ok: true, key });
  await muster.forward({ minutes: 1 });
  expect(await muster.bot.store.jobs({ state: 'quarantined', limit: 5 })).toEqual([]);
});

describe('a database that is older than this Muster', () => {
  it('is migrated by nobody who only looks', async () => {
    const muster = await started();
    await muster.stop();
    const file = join(muster.folder, 'data', 'muster.db');
    const database = new Sqlite(file);
    database.exec('DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)');
    const names = () => database.prepare('SELECT name FROM migrations').pluck().all();
    const before = names();
    const where = { folder: muster.folder, env: { MUSTER_DATA: join(muster.folder, 'data'), MUSTER_PORT: '1' } };
    const { of } = await ask(where);
    expect(of('database')[0]).toMatchObject({ level: 'problem', fix: expect.stringContaining('muster migrate') });
    for (const [add, args] of [
      [addAudit, ['audit', 'verify']],
      [addJobs, ['jobs', 'retry', 'x']],
    ] as const) {
      const { err, exitCode } = await runCommand(add, [...args], where);
      expect([exitCode, err]).toEqual([2, expect.stringMatching(/is older than this Muster: .*muster migrate/)]);
    }
    const checked = await runCommand(addCheck, ['check'], where);
    expect([checked.exitCode, checked.out]).toEqual([2, expect.stringMatching(/is older than this Muster/)]);
    expect(names()).toEqual(before);
    database.close();
  });
});
