import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { archiveTime } from '../../src/operate/archive-name.js';
import { thisHost } from '../../src/operate/leftovers.js';
import { findArchive } from '../../src/operate/open-archive.js';
import { verifyArchive } from '../../src/operate/verify.js';
import { command, type Machine, machineFor } from './muster.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const kills = 10;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let here: Machine;
beforeEach(async () => {
  here = await machineFor('SQLite');
  const bot = await here.open();
  await command(bot, '/incident declare --sev 1 Registry refuses pushes');
  await bot.runner.untilIdle();
  await here.close(bot);
  // What does not get smaller, so that copying and packing take their time.
  mkdirSync(join(here.config.dataFolder, 'postmortems'));
  for (let n = 0; n < 8; n++)
    writeFileSync(join(here.config.dataFolder, 'postmortems', `${n}.md`), randomBytes(600_000).toString('hex'));
});
afterEach(() => here.end());

const listed = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const staging = (): string[] => listed(here.config.dataFolder).filter((name) => name.startsWith('.backup-'));
const partial = (): string[] => listed(here.backups).filter((name) => name.startsWith('.'));

/** `muster backup` in a process of its own; killed once `moment` has come, if it is not over by then. */
async function backup(moment?: () => Promise<unknown> | boolean): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [main, 'backup', '--to', here.backups], {
    cwd: here.folder,
    env: { PATH: process.env.PATH, ...here.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const over = once(child, 'exit');
  const watching = async () => {
    while (child.exitCode === null && moment && !(await moment())) await pause(1);
    if (moment) child.kill('SIGKILL');
  };
  void watching();
  const [code] = await over;
  return { code: code as number | null, said };
}

it(`a backup that is killed leaves no half archive under its name, and the next one leaves nothing of it (${kills} kills)`, async () => {
  const began = Date.now();
  expect((await backup()).code).toBe(0);
  const tookMs = Date.now() - began;

  const whole = new Set<string>();
  const left = { staging: 0, partial: 0, killed: 0 };
  for (let n = 0; n < kills; n++) {
    const after = Math.random() * (n % 3 === 0 ? tookMs : tookMs / 10);
    const before = new Set([...staging(), ...partial()]);
    const isNew = (name: string): boolean => !before.has(name);
    const moments = [
      () => pause(after).then(() => true),
      () => staging().some(isNew) && pause(after).then(() => true),
      () => partial().some(isNew),
    ];
    const { code } = await backup(moments[n % 3]);
    if (code === null) left.killed++;
    if (staging().some(isNew)) left.staging++;
    if (partial().some(isNew)) left.partial++;
    for (const name of listed(here.backups).filter((each) => archiveTime(each) !== null && !whole.has(each))) {
      const found = await findArchive(join(here.backups, name), { plan: null, env: {} });
      expect((await verifyArchive(found, { identities: [], workFolder: tmpdir() })).ok, name).toBe(true);
      whole.add(name);
    }
    expect(staging().length, 'of earlier ones nothing is kept').toBeLessThanOrEqual(1);
  }
  process.stdout.write(`\nbackups killed: ${JSON.stringify(left)}\n`);
  expect(left.staging).toBeGreaterThan(0);
  expect(left.partial).toBeGreaterThan(0);

  expect((await backup()).code).toBe(0);
  expect(staging()).toEqual([]);
  expect(listed(here.backups).filter((name) => archiveTime(name) === null)).toEqual([]);
}, 120_000);

it('what another life with the same pid has left goes, and what another machine may be writing stays for a day', async () => {
  mkdirSync(join(here.config.dataFolder, `.backup-${process.pid}-earlier`));
  mkdirSync(here.backups);
  const mine = join(here.backups, `.muster-20261121T120000Z.tar.gz.${thisHost}.${process.pid}.partial`);
  const fresh = join(here.backups, '.muster-20261121T120000Z.tar.gz.age.elsewhere.7.partial');
  const old = join(here.backups, '.muster-20261119T120000Z.tar.gz.elsewhere.7.partial');
  for (const file of [mine, fresh, old]) writeFileSync(file, 'half');
  utimesSync(old, new Date(), new Date(Date.now() - 25 * 3_600_000));
  await Promise.all([here.backup(), here.backup({ now: () => here.now + 60_000 })]);
  expect(staging()).toEqual([]);
  expect(partial()).toEqual([basename(fresh)]);
  expect(listed(here.backups).filter((name) => archiveTime(name) !== null)).toHaveLength(2);
});
