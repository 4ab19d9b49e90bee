import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDataFolder, openStore } from './open.js';
import type { Change } from './port.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'muster-file-'));
  file = path.join(folder, 'data', 'muster.db');
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openStore({ kind: 'sqlite', file });
const remember = (id: string): Change => ({
  stream: null,
  events: [],
  incident: null,
  answered: { id, at: 1, reply: { text: 'x'.repeat(400) } },
});
async function filled(): Promise<Buffer> {
  const store = await open();
  for (let n = 0; n < 60; n++) await store.commit([remember(`c${n}`)]);
  await store.close();
  return readFile(file);
}
const change = (statement: string) => {
  const database = new Sqlite(file);
  database.exec(statement);
  database.close();
};

describe('a database file', () => {
  test('is made complete or not at all, and found again', async () => {
    await filled();
    expect(await readdir(path.dirname(file))).toEqual(['muster.db']);
    const store = await open();
    expect((await store.answered(['c7'])).size).toBe(1);
    await store.close();
  });

  test('is made once by two that start together', async () => {
    const stores = await Promise.all([open(), open()]);
    await stores[0].commit([remember('c')]);
    expect((await stores[1].answered(['c'])).size).toBe(1);
    for (const store of stores) await store.close();
  });

  test.each([
    ['is empty', async () => truncate(file, 0), 'it is empty'],
    [
      'is something else',
      async () => writeFile(file, 'not a database, but long enough to look at\n'.repeat(200)),
      'not a database',
    ],
    ['is cut short', async () => truncate(file, 60_000), 'it is damaged'],
    [
      'has a page of rubbish',
      async () => {
        const whole = await readFile(file);
        await writeFile(file, whole.fill(0x5a, whole.length - 30_000, whole.length - 10_000));
      },
      'it is damaged',
    ],
  ])('that %s is refused and left as it is', async (_, damage, why) => {
    await filled();
    await damage();
    const before = await readFile(file);
    await expect(open()).rejects.toThrow(why);
    expect((await readFile(file)).equals(before)).toBe(true);
  });

  test('of another program is refused and left as it is', async () => {
    await filled();
    await rm(file);
    change('CREATE TABLE recipes (name TEXT)');
    await expect(open()).rejects.toThrow('not those of Muster');
  });

  test('of a newer Muster, or with a migration that was changed since, is refused', async () => {
    await filled();
    change(`INSERT INTO migrations VALUES ('9999_future.sql', 'x', 1)`);
    await expect(open()).rejects.toThrow('9999_future.sql, which this Muster does not know');
    change(`DELETE FROM migrations WHERE name LIKE '9999%'; UPDATE migrations SET sha256 = 'x'`);
    await expect(open()).rejects.toThrow('0001_initial.sql was changed');
  });

  test('forgets what is erased, in the file too', async () => {
    const store = await open();
    const job = { key: 'j', lane: null, position: 1, dueAt: 1, platform: null, incidentId: 'a' };
    const task = { kind: 'ask' as const, incidentId: 'a', command: { type: 'addNote' as const, text: 'hunter2' } };
    await store.commit([{ stream: null, events: [], incident: null, jobs: [{ put: { ...job, task } }] }]);
    await store.commit([{ stream: null, events: [], incident: null, jobs: [{ drop: 'j' }] }]);
    await store.close();
    expect((await readFile(file)).includes('hunter2')).toBe(false);
  });
});

describe('a data folder', () => {
  test('is served by one at a time', () => {
    const unlock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(/Another Muster is serving .*MUSTER_DATA/);
    unlock();
    lockDataFolder(folder)();
  });

  test('is free again when its server was killed, and can be read beside it', async () => {
    await filled();
    const script = `
      import Sqlite from 'better-sqlite3';
      const lock = new Sqlite(process.argv[1]);
      lock.exec('BEGIN EXCLUSIVE');
      process.stdout.write('locked');
      setInterval(() => {}, 1000);`;
    const lock = path.join(path.dirname(file), 'muster.lock.db');
    const server = spawn(process.execPath, ['--input-type=module', '-e', script, lock], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(server.stdout, 'data');
    expect(() => lockDataFolder(path.dirname(file))).toThrow('Another Muster');
    await (await open()).close();
    server.kill('SIGKILL');
    await once(server, 'exit');
    lockDataFolder(path.dirname(file))();
    expect(existsSync(lock)).toBe(true);
  });
});
