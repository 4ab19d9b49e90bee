import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { machine } from '../../src/people/viewer.js';
import { databases, type Story, story } from '../stories/story.js';

let muster: Story | undefined;
afterEach(async () => {
  await muster?.end();
  muster = undefined;
});

/** What nothing of Muster does. */
async function lose({ databaseUrl, folder }: Story, key: string): Promise<number> {
  const where = `delete from jobs where key like '${key}/%'`;
  if (databaseUrl === null) {
    const database = new Database(join(folder, 'data', 'muster.db'));
    try {
      return database.prepare(where).run().changes;
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query(where)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const grave = { alerts: [{ title: 'Registry is down', service: 'registry', severity: 'critical', fingerprint: 'r' }] };

describe.each(databases)('the auditor, on %s', (database) => {
  it('finds a timer that was lost, sets it again and says so; what was promised comes', async () => {
    muster = await story({ database });
    const { auditor } = muster.bot.operations;
    await muster.alerts('generic', grave);
    const { id, number, updates } = await muster.incident(1);
    expect(await auditor.look()).toEqual([]);
    const timeline = async () => (await (muster as Story).bot.store.timeline(machine, id)).map(({ type }) => type);
    const before = await timeline();
    expect(await lose(muster, 'update')).toBe(1);
    expect(await lose(muster, 'acknowledge')).toBe(1);

    const found = await auditor.look();
    expect(found).toEqual([{ incidentId: id, number, title: 'registry: is down', timers: ['acknowledge', 'update'] }]);
    await muster.bot.runner.untilIdle();
    expect(await timeline()).toEqual([...before, 'timersRestored']);
    const [told] = (await muster.channel('operators')).slice(-1);
    expect(told?.text).toContain('Muster had lost 2 timers and has set them again.');
    expect(told?.text).toContain('#1 registry: is down: acknowledge, update');
    expect(await auditor.look()).toEqual([]);

    await muster.forward({ seconds: ((updates.dueAt ?? 0) - muster.now()) / 1_000 + 1 });
    const types = await timeline();
    expect(types).toContain('acknowledgeMissed');
    expect(types).toContain('updatePosted');
    expect((await muster.bot.store.verify()).ok).toBe(true);
  });

  it('says nothing of what is there: in hand, asked once and over, in the queue, or ended', async () => {
    muster = await story({ database });
    await muster.alerts('generic', grave);
    await muster.alerts('generic', {
      alerts: [{ title: 'A small thing', service: 'wiki', severity: 'info', fingerprint: 'w' }],
    });
    const { updates } = await muster.incident(1);
    // Past the warning, which is asked once.
    await muster.forward({ seconds: ((updates.dueAt ?? 0) - muster.now()) / 1_000 - 60 });
    expect(await muster.bot.operations.auditor.look()).toEqual([]);
    await muster.say('Ada', '/incident resolve fixed', 1);
    await muster.say('Ada', '/incident close', 1);
    expect(await muster.bot.operations.auditor.look()).toEqual([]);
  });
});

it('the title of a private incident is told to nobody who cannot see it', async () => {
  muster = await story();
  await muster.say('Ada', '/incident declare --private --sev 1 Somebody took the keys');
  expect(await lose(muster, 'update')).toBe(1);
  const [lack] = await muster.bot.operations.auditor.look();
  await muster.bot.runner.untilIdle();
  expect(lack).toMatchObject({ number: 1, title: null });
  const said = (await muster.channel('operators')).map(({ text }) => text).join('\n');
  expect(said).toContain('#1: update');
  expect(said).not.toContain('keys');
});
