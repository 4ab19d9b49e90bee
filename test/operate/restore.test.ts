import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openStore as openChat } from '../../src/chat/web/store.js';
import { chatLocation, storeLocation } from '../../src/config/locations.js';
import { fold } from '../../src/incident/evolve.js';
import { findArchive } from '../../src/operate/open-archive.js';
import { type Restored, restore } from '../../src/operate/restore.js';
import { verifyArchive } from '../../src/operate/verify.js';
import { machine as viewer } from '../../src/people/viewer.js';
import { openStore } from '../../src/store/open.js';
import { databases } from '../stories/story.js';
import { alert, command, type Machine, machineFor } from './muster.js';
import { forged, repacked } from './repack.js';

const machines: Machine[] = [];
afterEach(async () => {
  for (const each of machines.splice(0)) await each.end();
});
async function machine(...about: Parameters<typeof machineFor>): Promise<Machine> {
  const made = await machineFor(...about);
  machines.push(made);
  return made;
}

const restoreOnto = async (
  to: Machine,
  archive: string,
  how: { identities?: string[]; prove?: boolean; configFile?: string } = {},
): Promise<Restored> =>
  restore(await findArchive(archive, { plan: null, env: {} }), {
    target: {
      dataFolder: to.config.dataFolder,
      databaseUrl: to.config.databaseUrl,
      configFile: how.configFile ?? join(to.folder, 'muster.yaml'),
      playbooksFolder: join(to.folder, 'playbooks'),
      templatesFolder: null,
    },
    identities: how.identities ?? [],
    prove: how.prove ?? true,
    now: () => to.now,
  });

const verified = async (archive: string, workFolder: string, identities: string[] = []) =>
  verifyArchive(await findArchive(archive, { plan: null, env: {} }), { identities, workFolder });

const file = `# ours
open-on-loopback: true
people:
  ada: { name: Ada Lovelace }
sources:
  prometheus-eu: { kind: alertmanager, tokens: [{ env: EU_TOKEN }] }
`;
const secret = 'canary-token-7f3a9c1b2d';

describe.each(databases.flatMap((from) => databases.map((to) => [from, to] as const)))(
  'a backup of %s, restored into %s',
  (from, to) => {
    it('while alerts are taken, is whole, and comes back as it was at one moment', async () => {
      const old = await machine(from, { file, env: { EU_TOKEN: secret } });
      mkdirSync(join(old.folder, 'playbooks'), { recursive: true });
      writeFileSync(join(old.folder, 'playbooks', 'ours.md'), '---\ntitle: Ours\n---\n## Detect\n- [ ] Look\n');
      old.config.playbooksFolder = join(old.folder, 'playbooks');
      old.env.MUSTER_PLAYBOOKS = old.config.playbooksFolder;
      const bot = await old.open();
      await command(bot, '/incident declare Registry refuses pushes');
      await bot.runner.untilIdle();
      await bot.store.checkpoint(old.now);
      let writing = true;
      let taken = 0;
      const writers = [1, 2].map(async (writer) => {
        while (writing) {
          expect(await alert(bot, `w${writer}-${taken}`, `service-${taken % 40}`)).toBe(202);
          taken++;
          if (taken % 10 === 0) await bot.runner.untilIdle();
        }
      });
      while (taken < 30) await new Promise((resolve) => setTimeout(resolve, 5));
      const before = taken;
      const made = await old.backup();
      expect(taken).toBeGreaterThan(before);
      writing = false;
      await Promise.all(writers);

      const archive = join(old.backups, made.name);
      expect(readdirSync(old.backups)).toEqual([made.name]);
      expect(readdirSync(old.config.dataFolder).filter((name) => name.startsWith('.'))).toEqual([]);
      const proof = await verified(archive, old.folder);
      expect(proof.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(proof.manifest).toMatchObject({ database: from, secrets: expect.arrayContaining(['EU_TOKEN']) });
      expect(JSON.stringify(proof.manifest)).not.toContain(secret);

      const fresh = await machine(to);
      fresh.now = old.now + 3 * 3_600_000;
      const restored = await restoreOnto(fresh, archive);
      expect(restored).toMatchObject({ lostMs: 3 * 3_600_000, manifest: { figures: made.manifest.figures } });
      expect(restored.held).toBe(made.manifest.figures.waitingJobs);
      expect(readFileSync(join(fresh.folder, 'muster.yaml'), 'utf8')).toBe(file);
      expect(readFileSync(join(fresh.folder, 'playbooks', 'ours.md'), 'utf8')).toContain('title: Ours');

      const store = await openStore(storeLocation(fresh.config), { fold });
      const { ok, events, problems } = await store.verify();
      expect(problems).toEqual([]);
      expect(ok).toBe(true);
      // One more: that it was restored.
      expect(events).toBe(made.manifest.figures.events + 1);
      const { total } = await store.incidents(viewer, { limit: 1, offset: 0 });
      expect(total).toBe(made.manifest.figures.incidents);
      expect((await store.incident(viewer, { number: 1 }))?.title).toBe('Registry refuses pushes');
      await store.close();
      const chat = await openChat(chatLocation(fresh.config));
      expect(await chat.lastChange()).toBeGreaterThan(0);
      expect((await chat.channels('ada')).map(({ title }) => title)).toContain('#1 Registry refuses pushes');
      await chat.close();
    }, 60_000);
  },
);

describe('a restore', () => {
  async function archived(): Promise<{ old: Machine; archive: string }> {
    const old = await machine('SQLite');
    const bot = await old.open();
    await command(bot, '/incident declare Registry refuses pushes');
    await bot.runner.untilIdle();
    return { old, archive: join(old.backups, (await old.backup()).name) };
  }

  it.each(databases)('never touches what is there (%s)', async (database) => {
    const { archive } = await archived();
    const used = await machine(database);
    const bot = await used.open();
    await command(bot, '/incident declare Another');
    await expect(restoreOnto(used, archive)).rejects.toThrow(/in use/);
    const { total } = await bot.store.incidents(viewer, { limit: 1, offset: 0 });
    expect(total).toBe(1);
  });

  it('puts aside what cannot be written where it belongs, and says so', async () => {
    const old = await machine('SQLite', { file: '# theirs\nopen-on-loopback: true\n' });
    await old.open();
    const { name } = await old.backup();
    const fresh = await machine('SQLite');
    writeFileSync(join(fresh.folder, 'etc'), 'a file where a folder should be');
    const configFile = join(fresh.folder, 'etc', 'muster.yaml');
    const { placed } = await restoreOnto(fresh, join(old.backups, name), { configFile });
    const aside = join(fresh.config.dataFolder, 'restored', 'muster.yaml');
    expect(placed).toContainEqual({
      what: 'muster.yaml',
      at: aside,
      step: expect.stringContaining('cannot be written'),
    });
    expect(readFileSync(aside, 'utf8')).toContain('# theirs');
  });

  it('puts nothing in the place of a file that is there', async () => {
    const old = await machine('SQLite', { file: '# theirs\nopen-on-loopback: true\n' });
    await old.open();
    const { name } = await old.backup();
    const fresh = await machine('SQLite', { file: 'open-on-loopback: true\n' });
    const { placed } = await restoreOnto(fresh, join(old.backups, name));
    expect(readFileSync(join(fresh.folder, 'muster.yaml'), 'utf8')).toBe('open-on-loopback: true\n');
    const aside = join(fresh.config.dataFolder, 'restored', 'muster.yaml');
    expect(placed).toContainEqual({ what: 'muster.yaml', at: aside, step: expect.stringContaining('compare it') });
    expect(readFileSync(aside, 'utf8')).toContain('# theirs');
  });

  it.each<[string, (archive: string) => void]>([
    [
      'one byte is other',
      (archive) => {
        const bytes = readFileSync(archive);
        bytes[Math.floor(bytes.length / 2)]! ^= 0x55;
        writeFileSync(archive, bytes);
      },
    ],
    ['its end is missing', (archive) => writeFileSync(archive, readFileSync(archive).subarray(0, -2000))],
    ['it is empty', (archive) => writeFileSync(archive, '')],
    ['it is something else', (archive) => writeFileSync(archive, 'hello')],
  ])('of an archive of which %s changes nothing', async (_, spoil) => {
    const { archive } = await archived();
    spoil(archive);
    const fresh = await machine('SQLite');
    await expect(restoreOnto(fresh, archive)).rejects.toMatchObject({ name: 'ArchiveError', unreadable: false });
    expect(readdirSync(fresh.config.dataFolder).filter((name) => !name.startsWith('muster.lock'))).toEqual([]);
    await expect(verified(archive, fresh.folder)).rejects.toThrow(/damaged|not a backup|changed/);
  });

  it.each<[string, Parameters<typeof repacked>[2], RegExp]>([
    [
      'a changed part',
      async (folder, names) => {
        appendFileSync(join(folder, 'chat.db'), 'x');
        return names;
      },
      /chat\.db is not what was backed up/,
    ],
    ['a missing part', async (_, names) => names.filter((name) => name !== 'chat.db'), /chat\.db is missing/],
    [
      'a part more',
      async (folder, names) => {
        writeFileSync(join(folder, 'more.md'), 'x');
        return [...names, 'more.md'];
      },
      /more\.md does not belong in it/,
    ],
    [
      'a part that leads out of its folder',
      async (folder, names) => {
        writeFileSync(join(folder, '..', 'evil.md'), 'x');
        return [...names, '../evil.md'];
      },
      /damaged or cut/,
    ],
    [
      'a link in the place of a part',
      async (folder, names) => {
        rmSync(join(folder, 'chat.db'));
        symlinkSync('/etc/passwd', join(folder, 'chat.db'));
        return names;
      },
      /damaged or cut/,
    ],
    ['no manifest', async (_, names) => names.filter((name) => name !== 'manifest.json'), /not a backup of Muster/],
  ])('of an archive with %s changes nothing', async (_, change, why) => {
    const { old, archive } = await archived();
    await repacked(archive, old.folder, change);
    const fresh = await machine('SQLite');
    await expect(restoreOnto(fresh, archive)).rejects.toThrow(why);
    expect(readdirSync(fresh.config.dataFolder).filter((name) => !name.startsWith('muster.lock'))).toEqual([]);
    expect(existsSync(join(fresh.folder, 'evil.md'))).toBe(false);
  });

  it('of an archive whose manifest hides a change of its database is refused', async () => {
    const { old, archive } = await archived();
    await repacked(archive, old.folder, forged);
    const proof = await verified(archive, old.folder);
    expect(proof.ok).toBe(false);
    expect(proof.checks.filter(({ ok }) => !ok).map(({ what }) => what)).toContain('chain, rows and folds');
    const fresh = await machine('SQLite');
    await expect(restoreOnto(fresh, archive)).rejects.toThrow(/not whole/);
    expect(existsSync(join(fresh.config.dataFolder, 'muster.db'))).toBe(false);
    await restoreOnto(fresh, archive, { prove: false });
    expect(existsSync(join(fresh.config.dataFolder, 'muster.db'))).toBe(true);
  });

  it('takes a second try after a first that failed', async () => {
    const { archive } = await archived();
    const fresh = await machine('SQLite');
    const whole = readFileSync(archive);
    writeFileSync(archive, whole.subarray(0, -100));
    await expect(restoreOnto(fresh, archive)).rejects.toThrow();
    writeFileSync(archive, whole);
    appendFileSync(archive, '');
    expect((await restoreOnto(fresh, archive)).manifest.figures.incidents).toBe(1);
  });
});
