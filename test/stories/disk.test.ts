import { afterEach, describe, expect, it } from 'vitest';
import { forecastOf } from '../../src/operate/forecast.js';
import type { DiskSample } from '../../src/store/pruning-port.js';
import { type Database, type Story, story } from './story.js';

const hour = 3_600_000;
const mb = 1024 * 1024;
const gb = 1024 * mb;
let muster: Story | undefined;
afterEach(async () => {
  await muster?.end();
  muster = undefined;
});

/** A Muster on a disk of the test's own making. */
async function onDisk(disk: { dataBytes: number; freeBytes: number | null }, database: Database = 'SQLite') {
  const whole = (bytes: number | null) => bytes && Math.round(bytes);
  const sizes = async () => ({ dataBytes: Math.round(disk.dataBytes), freeBytes: whole(disk.freeBytes) });
  const running = await story({ database, file: 'open-on-loopback: true\n', sizes });
  muster = running;
  return {
    muster: running,
    /** Ten minutes at a time, with so much lost in an hour, and so much of it to the database. */
    async pass(hours: number, lost: number, grown = 0) {
      for (let n = 0; n < hours * 6; n++) {
        running.sleep({ seconds: 600 });
        disk.dataBytes += grown / 6;
        if (disk.freeBytes !== null) disk.freeBytes -= lost / 6;
        await running.bot.operations.disk.look();
        await running.bot.runner.untilIdle();
      }
    },
    async told() {
      const channel = (await running.bot.web.channels('ada')).find(({ name }) => name === 'operators');
      return channel ? (await running.channel('operators')).map(({ text }) => text) : [];
    },
    async metric() {
      const line = /^muster_disk_full_seconds (.*)$/m.exec((await running.get('/metrics')).text);
      return Number(line?.[1]);
    },
  };
}

describe('a disk that fills', () => {
  it('is told two days before it is full and half a day before, once, through restarts', async () => {
    const disk = { dataBytes: gb, freeBytes: 60 * gb };
    const { muster, pass, told, metric } = await onDisk(disk);
    expect(await metric()).toBeNaN();
    // 60 hours are left at the beginning.
    await pass(10, gb, 10 * mb);
    expect(await told()).toEqual([]);
    expect(await metric()).toBeCloseTo(50 * 3_600, -2);
    await pass(3, gb, 10 * mb);
    const [first] = await told();
    expect(first).toMatch(/The disk of \S+ will be full in about 2 d\. If it goes on so: 24 Nov 00:00 UTC/);
    expect(first).toContain('something beside Muster’s database, which is 1.1 GB and grows by 10 MB an hour');
    expect(first).toContain('muster playbook show muster-disk-full');
    await muster.restart();
    await pass(30, gb, 10 * mb);
    expect(await told()).toHaveLength(1);
    await pass(6, gb, 10 * mb);
    await muster.restart();
    await pass(3, gb, 10 * mb);
    expect((await told()).slice(1)).toEqual([expect.stringMatching(/will be full in about 1[12] h/)]);
    const log = await muster.bot.store.systemEvents(0, 100);
    expect(log.filter(({ type }) => type === 'diskFilling')).toHaveLength(2);
    expect(await muster.bot.store.verify()).toMatchObject({ ok: true });
  });

  it('is told anew when room was made and it fills again', async () => {
    const disk = { dataBytes: gb, freeBytes: 40 * gb };
    const { pass, told, metric } = await onDisk(disk);
    await pass(3, gb, 0.8 * gb);
    expect(await told()).toEqual([
      expect.stringMatching(/It is Muster’s own database: 2\.\d GB, 8\d\d MB more each hour/),
    ]);
    disk.freeBytes += 60 * gb;
    await pass(26, 0);
    expect(await metric()).toBeNaN();
    await pass(4, 3 * gb);
    expect(await told()).toHaveLength(2);
  });

  it('is not feared because of a file that comes and goes', async () => {
    const disk = { dataBytes: gb, freeBytes: 20 * gb };
    const { pass, told } = await onDisk(disk);
    for (let day = 0; day < 4; day++) {
      await pass(3, 0);
      disk.freeBytes -= 8 * gb;
      await pass(0.5, 0);
      disk.freeBytes += 8 * gb;
      await pass(3, 0.01 * gb);
    }
    expect(await told()).toEqual([]);
  });

  it('is not ours on PostgreSQL: only the size of the database is known', async () => {
    const { muster, pass, told, metric } = await onDisk({ dataBytes: gb, freeBytes: null }, 'PostgreSQL');
    await pass(6, gb, gb);
    expect(await told()).toEqual([]);
    expect(await metric()).toBeNaN();
    expect((await muster.bot.store.diskSamples()).length).toBeGreaterThan(30);
  });

  it.each(['SQLite', 'PostgreSQL'] as const)('is really looked at (%s)', async (database) => {
    muster = await story({ database });
    await muster.bot.operations.disk.look();
    const [sample] = await muster.bot.store.diskSamples();
    expect(sample).toMatchObject({ at: muster.now() });
    expect(sample?.dataBytes).toBeGreaterThan(50_000);
    if (database === 'SQLite') expect(sample?.freeBytes).toBeGreaterThan(mb);
    else expect(sample?.freeBytes).toBeNull();
  });
});

describe('a forecast', () => {
  const samples = (count: number, freeAt: (n: number) => number): DiskSample[] =>
    Array.from({ length: count }, (_, n) => ({ at: n * 600_000, dataBytes: gb, freeBytes: freeAt(n) }));

  it('says nothing before two hours have been seen, and nothing of a disk that empties', () => {
    expect(forecastOf([])).toBeNull();
    expect(forecastOf(samples(12, (n) => gb - n * mb))).toBeNull();
    expect(forecastOf(samples(13, (n) => gb - n * mb))?.fullAt).toBeCloseTo((1_024 / 6) * hour, -4);
    expect(forecastOf(samples(30, (n) => gb + n * mb))).toBeNull();
  });

  it('goes by the last three hours when they are worse than the day', () => {
    const quick = samples(144, (n) => (n < 126 ? 10 * gb - n * mb : 10 * gb - 126 * mb - (n - 126) * 100 * mb));
    const left = (forecastOf(quick)?.fullAt ?? 0) - 143 * 600_000;
    expect(left / hour).toBeCloseTo((quick.at(-1)?.freeBytes ?? 0) / (600 * mb), 0);
  });
});
