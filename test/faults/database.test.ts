import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { fold } from '../../src/incident/evolve.js';
import { openStore } from '../../src/store/open.js';
import { account } from '../crash/account.js';
import { Ledger, traffic } from '../crash/traffic.js';
import { freshPostgres } from '../fakes/postgres.js';
import { type OwnProcess, ownProcess, pause, postAlert, until } from './process.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

describe('the disk is full', () => {
  let here: OwnProcess;
  afterEach(() => here.end());

  /** The system refuses every byte the process would add to any file, as a full disk does. */
  const filesAtMost = (pid: number, bytes: string) => execFileSync('prlimit', ['--pid', `${pid}`, `--fsize=${bytes}`]);
  const command = (url: string, text: string) =>
    fetch(`${url}/api/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, user: 'Ada' }),
    });

  it('answers 503 and never a false success, and goes on by itself when there is room again', async () => {
    here = await ownProcess();
    const victim = await here.start();
    expect((await postAlert(victim.url, 'before'))?.status).toBe(202);
    const posts = () => [...here.chat.channels.values()].flatMap(({ messages }) => messages).length;
    await until('the incident is announced', () => posts() >= 3);
    await pause(300);

    filesAtMost(victim.pid, '1:unlimited');
    const refused = await Promise.all(
      Array.from({ length: 20 }, (_, n) => postAlert(victim.url, `full-${n}`, `s${n}`)),
    );
    for (const answer of refused) {
      expect(answer?.status).toBe(503);
      expect(answer?.answer).toMatchObject({
        error: expect.any(String),
        hint: expect.stringContaining('Nothing was done'),
      });
    }
    const declared = await command(victim.url, '/incident declare Nothing can be written');
    expect(declared.status).toBe(503);
    expect(declared.headers.get('retry-after')).toBe('5');
    expect((await fetch(`${victim.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${victim.url}/readyz`)).status).toBe(503);

    filesAtMost(victim.pid, 'unlimited:unlimited');
    const room = await postAlert(victim.url, 'after', 'git');
    expect(room?.status).toBe(202);
    expect((await command(victim.url, '/incident declare Written again')).status).toBe(200);
    expect((await fetch(`${victim.url}/readyz`)).status).toBe(200);
    await until('all three are in the stakeholders’ channel', () =>
      [...here.chat.channels.values()].some(
        ({ name, messages }) =>
          name === 'stakeholders' && messages.filter(({ key }) => /\/1\/stake/.test(key)).length === 3,
      ),
    );
    const { incidents, total } = (await (await fetch(`${victim.url}/api/incidents`)).json()) as {
      incidents: { title: string }[];
      total: number;
    };
    expect(incidents.map(({ title }) => title)).toEqual(['Written again', 'git: fails', 'registry: fails']);
    expect(total).toBe(3);
    await victim.kill();
    const store = await openStore({ kind: 'sqlite', file: join(here.setting.dataFolder, 'muster.db') }, { fold });
    expect((await store.verify()).problems).toEqual([]);
    await store.close();
  });
});

describe('what is in the data folder cannot be used', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const serve = () =>
    spawnSync(process.execPath, [main, 'serve'], {
      env: { ...process.env, MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '0', DATABASE_URL: undefined },
      encoding: 'utf8',
      timeout: 15_000,
    });
  async function withData(): Promise<string> {
    folder = mkdtempSync(join(tmpdir(), 'muster-fault-'));
    const file = join(folder, 'data', 'muster.db');
    const store = await openStore({ kind: 'sqlite', file }, { fold });
    await store.checkpoint(Date.now());
    await store.close();
    return file;
  }

  it.each<[string, (file: string) => void, RegExp]>([
    [
      'a damaged page',
      (file) => {
        const open = openSync(file, 'r+');
        for (let at = 4096; at < statSync(file).size; at += 4096)
          writeSync(open, Buffer.alloc(2048, 0x5a), 0, 2048, at);
        closeSync(open);
      },
      /it is damaged.*Nothing was changed\. Restore a backup, or move the file away\./,
    ],
    [
      'not a database',
      (file) => writeFileSync(file, 'not a database at all\n'.repeat(500)),
      /it is not a database.*Restore a backup/,
    ],
    ['an empty file', (file) => writeFileSync(file, ''), /it is empty.*Restore a backup/],
  ])('%s: it does not start, says what to do, and leaves the file as it is', async (_, damage, words) => {
    const file = await withData();
    damage(file);
    const before = readFileSync(file);
    const { status, stderr } = serve();
    expect(status).toBe(2);
    expect(stderr).toMatch(words);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(existsSync(join(folder, 'data', 'chat.db'))).toBe(false);
  });
});

describe('two processes on one data folder', () => {
  let here: OwnProcess;
  afterEach(() => here.end());

  it('the second does not start and says so; the first goes on', async () => {
    here = await ownProcess();
    const victim = await here.start();
    const { status, stderr } = spawnSync(process.execPath, [main, 'serve'], {
      env: { ...process.env, MUSTER_DATA: here.setting.dataFolder, MUSTER_PORT: '0', DATABASE_URL: undefined },
      encoding: 'utf8',
      timeout: 15_000,
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/Another Muster is serving .*Stop it first, or give this one a folder of its own/);
    expect((await postAlert(victim.url, 'still here'))?.status).toBe(202);
  });
});

describe('PostgreSQL drops its connections in the middle of traffic', () => {
  let here: OwnProcess;
  let database: Awaited<ReturnType<typeof freshPostgres>>;
  afterEach(async () => {
    await here.end();
    await database.stop();
  });

  it('keeps what it has acknowledged, answers the rest with 503, and recovers by itself', async () => {
    database = await freshPostgres();
    here = await ownProcess({ databaseUrl: database.url });
    const victim = await here.start();
    const ledger = new Ledger();
    const statuses: number[] = [];
    const load = traffic(ledger, () => victim.url, 7);
    const killer = new pg.Client({ connectionString: database.url });
    await killer.connect();
    let killed = 0;
    for (let round = 0; round < 15; round++) {
      const { rowCount } = await killer.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      killed += rowCount ?? 0;
      const answers = await Promise.all(Array.from({ length: 4 }, () => postAlert(victim.url, randomUUID())));
      for (const answer of answers) statuses.push(answer?.status ?? 0);
      await pause(60);
    }
    await killer.end();
    await pause(300);
    await load.stop();
    expect(killed).toBeGreaterThan(20);
    expect(ledger.receipts.length).toBeGreaterThan(20);
    expect(statuses.every((status) => status === 202 || status === 503)).toBe(true);
    expect((await postAlert(victim.url, 'afterwards', 'git'))?.status).toBe(202);
    expect((await fetch(`${victim.url}/readyz`)).status).toBe(200);

    const store = await openStore({ kind: 'postgres', url: database.url }, { fold });
    const overdue = async () =>
      (await store.jobs({ state: 'waiting', limit: 1_000 })).filter(({ dueAt }) => dueAt < Date.now() - 500);
    await until('what was interrupted is taken up again', async () => (await overdue()).length === 0, 30_000);
    await victim.kill();
    expect(await account(ledger, store, here.chat)).toEqual([]);
    await store.close();
  }, 60_000);
});
