import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { findArchive } from '../../src/operate/open-archive.js';
import { identitiesIn } from '../../src/operate/pack.js';
import { verifyArchive } from '../../src/operate/verify.js';
import { command, type Machine, machineFor } from './muster.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const run = (name: string, ...args: string[]) => execFileSync(name, args, { stdio: ['ignore', 'pipe', 'ignore'] });
const installed = (): boolean => {
  try {
    run('age', '--version');
    return true;
  } catch {
    return false;
  }
};

async function made(
  recipients: string[],
  env: Record<string, string> = {},
): Promise<{ machine: Machine; archive: string }> {
  const machine = await machineFor('SQLite', { env });
  ends.push(() => machine.end());
  const bot = await machine.open();
  await command(bot, '/incident declare Registry refuses pushes');
  await bot.runner.untilIdle();
  const { name } = await machine.backup({ recipients });
  return { machine, archive: join(machine.backups, name) };
}
const verified = async (archive: string, identities: string[]) =>
  verifyArchive(await findArchive(archive, { plan: null, env: {} }), { identities, workFolder: tmpdir() });

describe('an encrypted backup', () => {
  it('can be read with any of its keys and with no other', async () => {
    const keys = await Promise.all([1, 2, 3].map(() => generateX25519Identity()));
    const recipients = await Promise.all(keys.slice(0, 2).map(identityToRecipient));
    const { archive } = await made(recipients);
    expect(archive).toMatch(/\.tar\.gz\.age$/);
    expect(readFileSync(archive).includes('Registry')).toBe(false);
    for (const key of keys.slice(0, 2)) expect((await verified(archive, [key])).ok).toBe(true);
    await expect(verified(archive, [keys[2]!])).rejects.toMatchObject({
      unreadable: true,
      message: expect.stringContaining('encrypted for other keys'),
    });
    await expect(verified(archive, [])).rejects.toThrow('--identity');
  });

  it('is refused when a byte of it is other, or its end is missing', async () => {
    const key = await generateX25519Identity();
    const { archive } = await made([await identityToRecipient(key)]);
    const whole = readFileSync(archive);
    const other = Buffer.from(whole);
    other[whole.length - 40]! ^= 1;
    writeFileSync(archive, other);
    await expect(verified(archive, [key])).rejects.toMatchObject({ name: 'ArchiveError', unreadable: false });
    writeFileSync(archive, whole.subarray(0, -4000));
    await expect(verified(archive, [key])).rejects.toMatchObject({ name: 'ArchiveError', unreadable: false });
  });

  it.skipIf(!installed())('is what the age tool reads, and reads what it wrote (apt-get install age)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-age-'));
    ends.push(async () => rmSync(folder, { recursive: true }));
    const keyFile = join(folder, 'key.txt');
    run('age-keygen', '-o', keyFile);
    const recipient = run('age-keygen', '-y', keyFile).toString().trim();
    const { archive } = await made([recipient]);
    const plain = join(folder, 'plain.tar.gz');
    run('age', '-d', '-i', keyFile, '-o', plain, archive);
    expect(run('tar', '-tzf', plain).toString().split('\n')).toEqual(
      expect.arrayContaining(['manifest.json', 'muster.db', 'chat.db']),
    );
    const theirs = join(folder, 'muster-20261121T120000Z.tar.gz.age');
    run('age', '-r', recipient, '-o', theirs, plain);
    expect((await verified(theirs, await identitiesIn(keyFile))).ok).toBe(true);
  });
});

describe('a backup', () => {
  it('holds no secret of the environment and nobody who is signed in, and can be read by its owner alone', async () => {
    const canary = (name: string) => `canary-${name}-5d1e8a7b3c2f`;
    const env = {
      MUSTER_API_TOKEN: canary('api'),
      MUSTER_ALERTS_TOKEN: canary('alerts'),
      MUSTER_S3_SECRET_ACCESS_KEY: canary('bucket'),
      MUSTER_SMTP_PASSWORD: canary('mail'),
    };
    const machine = await machineFor('SQLite', { env });
    ends.push(() => machine.end());
    await machine.open();
    const live = new Sqlite(join(machine.config.dataFolder, 'muster.db'));
    live.prepare('INSERT INTO links VALUES (?, ?, ?, ?)').run('canary-link-5d1e8a7b3c2f', 'ada', '/', 9e12);
    live.close();
    const { name, manifest } = await machine.backup();
    const archive = join(machine.backups, name);
    const folder = mkdtempSync(join(tmpdir(), 'muster-canary-'));
    ends.push(async () => rmSync(folder, { recursive: true }));
    run('tar', '-xzf', archive, '-C', folder);
    const grep = () => run('grep', '-rlaE', 'canary-(api|alerts|bucket|mail|link)', folder);
    expect(grep).toThrow();
    writeFileSync(join(folder, 'proof'), canary('api'));
    expect(grep().toString().trim()).toBe(join(folder, 'proof'));
    expect(manifest.secrets).toEqual(Object.keys(env).sort());
    expect(statSync(archive).mode & 0o077).toBe(0);
  });
});
