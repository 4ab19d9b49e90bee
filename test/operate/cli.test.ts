import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addBackup } from '../../src/cli/backup.js';
import { addRestore } from '../../src/cli/restore.js';
import { folderPlace } from '../../src/operate/folder-place.js';
import { runCommand } from '../cli/run.js';
import { command, type Machine, machineFor } from './muster.js';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

describe('muster backup and muster restore', () => {
  let old: Machine;
  let folder: string;
  beforeEach(async () => {
    old = await machineFor('SQLite');
    old.now = Date.now() - 2 * 3_600_000;
    const bot = await old.open();
    await command(bot, '/incident declare --sev 1 Registry refuses pushes');
    await bot.runner.untilIdle();
    folder = mkdtempSync(join(tmpdir(), 'muster-cli-'));
  });
  afterEach(async () => {
    await old.end();
    rmSync(folder, { recursive: true, force: true });
  });
  const backup = (...args: string[]) =>
    runCommand(addBackup, ['backup', ...args], { folder: old.folder, env: { MUSTER_DATA: old.config.dataFolder } });
  const restore = (...args: string[]) =>
    runCommand(addRestore, ['restore', ...args], { folder, env: { MUSTER_DATA: join(folder, 'data') } });

  it('go from a running Muster to another machine, with what people need to know on the way', async () => {
    const made = await backup('--to', old.backups);
    expect(made).toMatchObject({ exitCode: 0, out: expect.stringMatching(/not encrypted.*1 incident \(1 open\)/) });
    expect(await backup('list', '--from', old.backups)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/muster-\d{8}T\d{6}Z\.tar\.gz/),
    });
    expect(await backup('verify', 'latest', '--from', old.backups)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/ok +chain, rows and folds .*whole[\s\S]*^Whole, in/m),
    });
    const restored = await restore('latest', '--from', old.backups);
    expect(restored).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        /Data-loss window: everything after[\s\S]*Held: \d+ jobs[\s\S]*What is left to people/,
      ),
    });
    expect(await restore('held')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/old +#1: [\s\S]*held since/),
    });
    expect(await restore('release', '--drop-older-than', 'soon')).toMatchObject({ exitCode: 2 });
    expect(await restore('release', '--drop-older-than', '1h', '--json')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/"released":\d+,"dropped":\d+/),
    });
    expect(await restore('held')).toMatchObject({ exitCode: 0, out: 'Nothing is held.\n' });
  });

  it('keeps what muster.yaml says where it says', async () => {
    writeFileSync(join(old.folder, 'muster.yaml'), 'open-on-loopback: true\nbackup: { to: kept, keep: { last: 1 } }\n');
    mkdirSync(join(old.folder, 'kept'));
    for (const name of ['muster-20260101T000000Z.tar.gz', 'notes.txt'])
      writeFileSync(join(old.folder, 'kept', name), 'old');
    const made = await backup();
    expect(made).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 old ones were removed') });
    expect(readdirSync(join(old.folder, 'kept')).sort()).toEqual([
      expect.stringMatching(/^muster-20(?!260101T000000Z)\d{6}T\d{6}Z\.tar\.gz$/),
      'notes.txt',
    ]);
    expect(await backup('verify', 'latest')).toMatchObject({ exitCode: 0 });
  });

  it('say with JSON what they say with words', async () => {
    const made = JSON.parse((await backup('--to', old.backups, '--json')).out);
    expect(made).toMatchObject({ encrypted: false, manifest: { figures: { incidents: 1 } } });
    expect(statSync(join(old.backups, made.name)).size).toBe(made.bytes);
    const proof = JSON.parse((await backup('verify', 'latest', '--from', old.backups, '--json')).out);
    expect(proof).toMatchObject({ ok: true, archive: made.name });
    const restored = JSON.parse((await restore(join(old.backups, made.name), '--json')).out);
    expect(restored).toMatchObject({
      held: expect.any(Number),
      lostMs: expect.any(Number),
      tookMs: expect.any(Number),
      steps: expect.arrayContaining([expect.stringContaining('old Muster')]),
    });
  });

  it('end with 1 for a backup that is not whole, and with 2 for what cannot be read or is not there', async () => {
    const key = await generateX25519Identity();
    await backup('--to', old.backups, '--recipient', await identityToRecipient(key));
    const [name = ''] = readdirSync(old.backups);
    const archive = join(old.backups, name);
    writeFileSync(join(folder, 'key.txt'), key);
    writeFileSync(join(folder, 'other.txt'), await generateX25519Identity());
    writeFileSync(join(folder, 'none.txt'), 'nothing\n');
    const identity = (file: string) => ['--identity', join(folder, file)];
    expect(await backup('verify', archive, ...identity('key.txt'))).toMatchObject({ exitCode: 0 });
    expect(await backup('verify', archive)).toMatchObject({ exitCode: 2, err: expect.stringContaining('--identity') });
    expect(await backup('verify', archive, ...identity('other.txt'))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('other keys'),
    });
    expect(await backup('verify', archive, ...identity('none.txt'))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('no age identity'),
    });
    expect(await backup('verify', join(folder, 'nowhere.tar.gz'))).toMatchObject({ exitCode: 2 });
    truncateSync(archive, statSync(archive).size - 1000);
    expect(await backup('verify', archive, ...identity('key.txt'))).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('damaged or cut'),
    });
    expect(await restore(archive, ...identity('key.txt'))).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('nothing was restored'),
    });
    expect(await restore()).toMatchObject({ exitCode: 2 });
    mkdirSync(join(folder, 'data'), { recursive: true });
    writeFileSync(join(folder, 'data', 'muster.db'), 'somebody’s');
    expect(await restore(archive, ...identity('key.txt'))).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/is in use \(muster\.db\).*move it away/),
    });
    expect(readFileSync(join(folder, 'data', 'muster.db'), 'utf8')).toBe('somebody’s');
    expect(await backup('list', '--from', join(folder, 'empty'))).toMatchObject({ exitCode: 1 });
    expect(await backup()).toMatchObject({ exitCode: 2, err: expect.stringContaining('backup.to in muster.yaml') });
  });

  it('leave nothing half-made when the disk is full', async () => {
    const full = spawnSync('prlimit', ['--fsize=100000', process.execPath, main, 'backup', '--to', old.backups], {
      cwd: old.folder,
      env: { PATH: process.env.PATH, MUSTER_DATA: old.config.dataFolder },
      encoding: 'utf8',
    });
    expect({ status: full.status, err: full.stderr }).toEqual({
      status: 2,
      err: expect.stringContaining('the backup could not be made'),
    });
    expect(readdirSync(old.folder)).not.toContain('backups');
    expect(readdirSync(old.config.dataFolder).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await backup('--to', old.backups)).toMatchObject({ exitCode: 0 });
  });
});

describe('a folder of backups', () => {
  it('has nothing of an archive that broke off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-place-'));
    async function* breaking() {
      yield Buffer.alloc(100_000);
      throw new Error('no space is left');
    }
    const place = folderPlace(folder);
    const name = 'muster-20261121T120000Z.tar.gz';
    await expect(place.put(name, Readable.from(breaking()))).rejects.toThrow('no space is left');
    expect(readdirSync(folder)).toEqual([]);
    await place.put(name, Readable.from([Buffer.from('whole')]));
    expect(readdirSync(folder)).toEqual([name]);
    rmSync(folder, { recursive: true });
  });
});
