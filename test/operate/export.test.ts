import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addExport, addImport } from '../../src/cli/export.js';
import { exportAll } from '../../src/operate/export/export.js';
import { importExport } from '../../src/operate/export/import.js';
import type { ExportManifest } from '../../src/operate/export/layout.js';
import { machine } from '../../src/people/viewer.js';
import { runCommand } from '../cli/run.js';
import { type Database, databases } from '../stories/story.js';
import { alert, command, type Machine, machineFor } from './muster.js';

let folder: string;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-export-'));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

const on = async (database: Database): Promise<Machine> => {
  const made = await machineFor(database);
  ends.push(() => made.end());
  return made;
};
const secret = `ghp_${'a1B2'.repeat(9)}`;

/** Two incidents and one in private, an erased secret, an incident that is over with its postmortem, chat. */
async function lived(muster: Machine): Promise<void> {
  const bot = await muster.open();
  const idle = () => bot.runner.untilIdle();
  await alert(bot, 'PushesFail');
  await idle();
  await command(bot, '/incident ack', 1);
  await command(bot, '/incident note It is “slow”: \u2028<b>so</b>', 1);
  await command(bot, '/incident declare --private --sev 1 A leaked key');
  await idle();
  await command(bot, `/incident note the key was ${secret}`, 2);
  const noted = (await bot.store.timeline(machine, (await bot.store.incident(machine, { number: 2 }))?.id ?? '')).find(
    ({ type }) => type === 'noted',
  );
  await command(bot, `/incident redact ${noted?.seq} pasted by mistake`, 2);
  await command(bot, '/incident declare --sev 2 Builds wait');
  await command(bot, '/incident impact Nobody can build', 3);
  await command(bot, '/incident resolve', 3);
  await command(bot, '/incident close', 3);
  await idle();
  await bot.store.checkpoint(muster.now);
  await muster.close(bot);
}
const to = (name: string) => ({ folder: join(folder, name), withPrivate: true, now: Date.UTC(2026, 10, 22) });
const essence = ({ streams, files, digest, figures, complete }: ExportManifest) => ({
  streams,
  files,
  digest,
  figures,
  complete,
});
const filesOf = (path: string): string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(path, name)).isFile())
    .sort();

describe.each(databases)('an export (%s)', (database) => {
  it('goes into another database and back, with equal digests and heads', async () => {
    const other: Database = database === 'SQLite' ? 'PostgreSQL' : 'SQLite';
    const [first, second, third] = [await on(database), await on(other), await on(database)];
    await lived(first);
    const one = await exportAll(first.config, to('one'));
    expect(one.verified).toMatchObject({ ok: true, redacted: 1 });
    expect(one.manifest).toMatchObject({ complete: true, figures: { incidents: 3, people: 1 } });
    expect(one.manifest.figures.chatMessages).toBeGreaterThan(5);

    const { held } = await importExport(join(folder, 'one'), second.config);
    expect(held).toBeGreaterThan(0);
    const two = await exportAll(second.config, to('two'));
    expect(essence(two.manifest)).toEqual(essence(one.manifest));
    await importExport(join(folder, 'two'), third.config);
    const three = await exportAll(third.config, to('three'));
    expect(essence(three.manifest)).toEqual(essence(one.manifest));
    for (const name of filesOf(join(folder, 'one')).filter((each) => each !== 'manifest.json'))
      expect(readFileSync(join(folder, 'three', name)).equals(readFileSync(join(folder, 'one', name))), name).toBe(
        true,
      );

    // It is a Muster: whole, what was erased stays so, what waited is held, numbers go on.
    const bot = await third.open();
    expect(await bot.store.verify()).toMatchObject({ ok: true, redacted: 1, problems: [] });
    expect(await bot.store.heldCount()).toBe(held);
    // An alert that comes again is known.
    expect(await bot.store.episodes([{ source: 'generic', fingerprint: 'PushesFail' }])).toHaveLength(1);
    expect((await command(bot, '/incident declare --sev 3 After the move')).text).toContain('#4');
    await bot.runner.untilIdle();
    expect((await bot.web.channels('ada')).some(({ name }) => name.startsWith('inc-4'))).toBe(true);
    expect(existsSync(join(third.config.dataFolder, 'postmortems', 'inc-3-v1.md'))).toBe(true);
  });

  it('holds no secret that was erased, no token and no session', async () => {
    const muster = await on(database);
    await lived(muster);
    const bot = await muster.open();
    const id = await bot.store.person('nobody');
    expect(id).toBeNull();
    const [person] = await bot.store.people();
    const digest = createHash('sha256').update('token').digest('hex');
    const startedAt = muster.now;
    const { personId } = person!;
    await bot.store.access([
      {
        issueToken: {
          id: 'tok-1',
          personId,
          name: 'laptop',
          actAs: false,
          issuedAt: startedAt,
          expiresAt: null,
          digest,
        },
      },
      { startSession: { digest: digest.replace('a', 'b'), personId, how: 'token', tokenId: 'tok-1', startedAt } },
    ]);
    await muster.close(bot);
    await exportAll(muster.config, to('all'));
    const all = filesOf(join(folder, 'all'))
      .map((name) => readFileSync(join(folder, 'all', name), 'utf8'))
      .join('\n');
    expect(all).toContain('pasted by mistake');
    for (const word of [secret, 'tok-1', digest, digest.replace('a', 'b')]) expect(all).not.toContain(word);
  });
});

describe('an export', () => {
  let muster: Machine;
  beforeEach(async () => {
    muster = await on('SQLite');
    await lived(muster);
  });
  const env = () => ({ MUSTER_DATA: muster.config.dataFolder });
  const run = (...args: string[]) => runCommand(addExport, ['export', ...args], { folder, env: env() });
  const bring = (...args: string[]) => runCommand(addImport, ['import', ...args], { folder });

  it('can be read by people, and proven without Muster', async () => {
    await exportAll(muster.config, to('all'));
    const all = join(folder, 'all');
    const incidents = readdirSync(join(all, 'incidents')).sort();
    expect(incidents).toEqual(
      ['inc-000001-registry-pushesfail', 'inc-000002', 'inc-000003-builds-wait'].map((name) =>
        expect.stringMatching(new RegExp(`^${name.slice(0, 10)}`)),
      ),
    );
    expect(incidents[1]).toBe('inc-000002');
    expect(incidents[2]).toBe('inc-000003-builds-wait');
    const of = join(all, 'incidents', 'inc-000003-builds-wait');
    expect(readFileSync(join(of, 'timeline.md'), 'utf8')).toMatch(
      /^# #3: Builds wait\n\nsev2, closed\.[\s\S]*\| 2026-11-21 12:00:00? UTC \| 1 \| .*declared/,
    );
    expect(readFileSync(join(of, 'postmortem.md'), 'utf8')).toContain('# Postmortem: Builds wait');
    // The README says how: no code of ours.
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    let prev = '';
    let events = 0;
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : value && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([k, v]) => [k, sorted(v)]),
            )
          : value;
    for (const line of readFileSync(join(all, 'incidents', 'inc-000002', 'timeline.jsonl'), 'utf8')
      .trim()
      .split('\n')) {
      const { seq, type, at, recordedAt, actor, salt, body, bodyDigest, hash } = JSON.parse(line);
      if (salt !== null) expect(sha256(salt + JSON.stringify(sorted(body)))).toBe(bodyDigest);
      expect(sha256(JSON.stringify([prev, seq, type, at, recordedAt, JSON.stringify(sorted(actor)), bodyDigest]))).toBe(
        hash,
      );
      prev = hash;
      events++;
    }
    expect(events).toBeGreaterThan(3);
    const manifest = JSON.parse(readFileSync(join(all, 'manifest.json'), 'utf8')) as ExportManifest;
    const id = JSON.parse(readFileSync(join(all, 'incidents', 'inc-000002', 'incident.json'), 'utf8')).incident.id;
    expect(manifest.streams[`incident/${id}`]).toEqual({ seq: events, hash: prev });
    for (const { name, sha256: digest } of manifest.files)
      expect(sha256(readFileSync(join(all, name), 'utf8'))).toBe(digest);
    expect(filesOf(all)).toHaveLength(manifest.files.length + 1);
    expect(statSync(join(all, 'people.json')).mode & 0o077).toBe(0);
  });

  it('leaves private incidents out unless asked for, and says that it is then no whole Muster', async () => {
    const made = await run('--to', 'open');
    expect(made).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/2 incidents[\s\S]*Left out: 1 private incidents and \d private channels/),
    });
    const all = filesOf(join(folder, 'open'))
      .map((name) => readFileSync(join(folder, 'open', name), 'utf8'))
      .join('\n');
    expect(all).not.toMatch(/leaked key|pasted by mistake/);
    expect(all).toContain('Builds wait');
    const brought = await bring('open', '--data', join(folder, 'data'));
    expect(brought).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/without private incidents \(1 are missing\)/),
    });
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect((await run('--to', 'open')).err).toMatch(/open is not empty/);
    const nothing = await runCommand(addExport, ['export'], { folder, env: { MUSTER_DATA: join(folder, 'none') } });
    expect(nothing).toMatchObject({ exitCode: 2, err: expect.stringMatching(/there is no database at .*none/) });
    expect(readdirSync(folder)).toEqual(['open']);
  });

  it('is brought in by the command line, and refused where there is something already', async () => {
    const made = JSON.parse((await run('--private', '--json')).out);
    expect(made).toMatchObject({
      complete: true,
      whole: true,
      folder: expect.stringMatching(/muster-export-\d{8}T\d{6}Z$/),
    });
    const brought = await bring(made.folder, '--data', join(folder, 'data'));
    expect(brought).toMatchObject({ exitCode: 0, out: expect.stringContaining(made.digest) });
    expect(brought.out).toMatch(/Held: \d+ jobs/);
    const again = await bring(made.folder, '--data', join(folder, 'data'));
    expect(again).toMatchObject({ exitCode: 2, err: expect.stringContaining('is in use') });
    expect((await bring(join(folder, 'data'), '--data', join(folder, 'd2'))).err).toMatch(/not an export of Muster/);
  });

  it.each([
    [
      'a changed file',
      (all: string) => appendFileSync(join(all, 'people.json'), ' '),
      /people\.json is not what was exported/,
    ],
    ['a missing file', (all: string) => rmSync(join(all, 'README.md')), /README\.md is missing/],
    [
      'an event that was changed together with all digests',
      (all: string) => forge(all, 'inc-000003-builds-wait/timeline.jsonl', /Nobody can build/, 'Everybody builds'),
      /its body was changed/,
    ],
    [
      'an event that was cut off together with all digests',
      (all: string) => forge(all, 'inc-000003-builds-wait/timeline.jsonl', /[^\n]*\n$/, ''),
      /the tail is cut|it is gone/,
    ],
    [
      'a row that is not what its events come to',
      (all: string) => forge(all, 'inc-000003-builds-wait/incident.json', /"Builds wait"/, '"Builds run"'),
      /its row is not what its events come to/,
    ],
  ])('with %s is refused, and nothing is changed', async (_, damage, why) => {
    await exportAll(muster.config, to('all'));
    damage(join(folder, 'all'));
    const { exitCode, err } = await bring('all', '--data', join(folder, 'data'));
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: expect.stringMatching(why) });
    expect(existsSync(join(folder, 'data', 'muster.db'))).toBe(false);
  });
});

/** Changes a file, and the manifest so that its digests fit again. */
function forge(all: string, name: string, what: RegExp, instead: string): void {
  const path = join(all, 'incidents', name);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(what, instead);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  const file = join(all, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as ExportManifest;
  for (const each of manifest.files)
    if (each.name === `incidents/${name}`) {
      each.bytes = Buffer.byteLength(after);
      each.sha256 = createHash('sha256').update(after).digest('hex');
    }
  const hash = createHash('sha256');
  for (const each of manifest.files) hash.update(`${each.sha256}  ${each.name}\n`);
  writeFileSync(file, JSON.stringify({ ...manifest, digest: hash.digest('hex') }));
}
