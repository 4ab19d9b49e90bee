import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { BackupPlan } from '../../src/config/config.js';
import { plainText } from '../../src/messages/plain.js';
import { placeOf } from '../../src/operate/places.js';
import { nextAt } from '../../src/operate/schedule.js';
import { type Database, databases } from '../stories/story.js';
import { machineFor } from './muster.js';
import { startS3 } from './s3.js';

const hour = 3_600_000;
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function running(database: Database, plan: Partial<BackupPlan> = {}) {
  const machine = await machineFor(database, { logLevel: 'silent' });
  ends.push(() => machine.end());
  machine.config.backup = {
    to: machine.backups,
    everyMs: 6 * hour,
    at: null,
    recipients: [],
    keep: null,
    s3: { endpoint: null, region: 'us-east-1' },
    ...plan,
  };
  let bot = await machine.open();
  return {
    machine,
    bot: () => bot,
    async restart() {
      await machine.close(bot);
      bot = await machine.open();
    },
    /** Looks every quarter of an hour, as time passes. */
    async pass(hours: number) {
      for (let quarter = 0; quarter < hours * 4; quarter++) {
        machine.now += hour / 4;
        await bot.operations.backups.look();
      }
      await bot.runner.untilIdle();
    },
    look: () => bot.operations.backups.look(),
    /** In the operators' channel. */
    async told() {
      const channel = (await bot.web.channels('ada')).find(({ name }) => name === 'operators');
      return channel ? (await bot.web.messages(channel.id, 50)).map(({ card }) => plainText(card)) : [];
    },
  };
}
const names = (folder: string): string[] =>
  readdirSync(folder)
    .map((name) => /T(\d\d)/.exec(name)?.[1] ?? name)
    .sort();

describe.each(databases)('backups on a schedule (%s)', (database) => {
  it('are made on time, after a restart too, and say nothing while all is well', async () => {
    const { machine, bot, look, pass, restart, told } = await running(database);
    await look();
    expect(names(machine.backups)).toEqual(['12']);
    await pass(5);
    expect(names(machine.backups)).toEqual(['12']);
    await pass(2);
    expect(names(machine.backups)).toEqual(['12', '18']);
    await restart();
    await look();
    expect(names(machine.backups)).toEqual(['12', '18']);
    machine.now += 5.5 * hour;
    await look();
    expect(readdirSync(machine.backups)).toHaveLength(3);
    expect(await told()).toEqual([]);
    expect(await bot().store.verify()).toMatchObject({ ok: true });
    const metrics = await (await fetch(`${bot().url}/metrics`)).text();
    expect(metrics).toContain(`muster_backup_last_success_timestamp_seconds ${machine.now / 1000}`);
  });

  it('tell when they fail: at once, every day, and when they work again; the last good one stays', async () => {
    const { machine, look, pass, told } = await running(database, { keep: { last: 1, daily: 0, monthly: 0 } });
    await look();
    const [good] = readdirSync(machine.backups);
    // Something that is no folder has taken its place.
    renameSync(machine.backups, `${machine.backups}.good`);
    writeFileSync(machine.backups, '');
    await pass(7);
    expect(await told()).toEqual([
      expect.stringMatching(
        /No backup could be made to .*ENOTDIR.*The last good one is 6 h old, of 2026-11-21 12:00:00/,
      ),
    ]);
    await pass(20);
    expect(await told()).toHaveLength(1);
    await pass(12);
    expect(await told()).toHaveLength(2);
    rmSync(machine.backups);
    renameSync(`${machine.backups}.good`, machine.backups);
    expect(readdirSync(machine.backups)).toEqual([good]);
    await pass(6);
    expect((await told()).slice(2)).toEqual([expect.stringMatching(/Backups are made again, after 1 d/)]);
    expect(readdirSync(machine.backups)).toHaveLength(1);
    expect(readdirSync(machine.backups)).not.toEqual([good]);
  });

  it('keep what is configured, and only after a good one', async () => {
    const { machine, pass } = await running(database, { everyMs: 2 * hour, keep: { last: 2, daily: 1, monthly: 0 } });
    await pass(9);
    expect(names(machine.backups)).toEqual(['18', '20']);
    await pass(6);
    expect(readdirSync(machine.backups).sort()).toEqual([
      'muster-20261122T001500Z.tar.gz',
      'muster-20261122T021500Z.tar.gz',
    ]);
  });
});

describe('backups on a schedule', () => {
  it('are made although one is dated in the future, or the clock goes back', async () => {
    const { machine, look } = await running('SQLite');
    mkdirSync(machine.backups, { recursive: true });
    writeFileSync(join(machine.backups, 'muster-20991231T000000Z.tar.gz'), '');
    await look();
    expect(readdirSync(machine.backups)).toHaveLength(2);
    machine.now -= 30 * 24 * hour;
    await look();
    expect(readdirSync(machine.backups)).toHaveLength(3);
    machine.now += hour;
    await look();
    expect(readdirSync(machine.backups)).toHaveLength(3);
  });

  it('throw away what one that was killed has left, also under the same process id', async () => {
    const { machine, look } = await running('SQLite');
    const left = join(machine.config.dataFolder, `.backup-${process.pid}-killed`);
    mkdirSync(left);
    await look();
    expect(readdirSync(machine.config.dataFolder).filter((name) => name.startsWith('.backup-'))).toEqual([]);
  });

  it('are not told as failed while another replica makes one', async () => {
    const { machine, look, told, pass } = await running('PostgreSQL');
    const other = new pg.Client(machine.config.databaseUrl as string);
    await other.connect();
    await other.query('SELECT pg_advisory_lock(7370003)');
    await look();
    await other.end();
    expect(existsSync(machine.backups) ? readdirSync(machine.backups) : []).toEqual([]);
    await pass(0.25);
    expect(readdirSync(machine.backups)).toHaveLength(1);
    expect(await told()).toEqual([]);
  });

  it('go to a bucket, and are tidied there', async () => {
    const s3 = await startS3();
    ends.push(() => s3.close());
    Object.assign(process.env, s3.env);
    ends.push(async () => {
      for (const name of Object.keys(s3.env)) delete process.env[name];
    });
    const { pass, bot, machine } = await running('SQLite', {
      to: 's3://backups/production',
      s3: { endpoint: s3.endpoint, region: 'us-east-1' },
      keep: { last: 2, daily: 0, monthly: 0 },
    });
    await pass(20);
    const kept = await (await placeOf('s3://backups/production', machine.config.backup, s3.env)).list();
    expect(kept).toHaveLength(2);
    expect(bot().operations.backups.lastGoodAt()).toBe(kept[0]?.at);
  });

  it('fall due by interval or by cron, in UTC, at once when there is none yet, and never without either', () => {
    const last = Date.UTC(2026, 10, 21, 12);
    expect(nextAt({ everyMs: 6 * hour, at: null }, last)).toBe(last + 6 * hour);
    expect(nextAt({ everyMs: null, at: '15 3 * * *' }, last)).toBe(Date.UTC(2026, 10, 22, 3, 15));
    expect(nextAt({ everyMs: null, at: '15 3 * * *' }, null)).toBeLessThan(0);
    expect(nextAt({ everyMs: null, at: null }, null)).toBeNull();
  });
});
