import { afterEach, describe, expect, it } from 'vitest';
import { machine } from '../../src/people/viewer.js';
import { databases, type Story, story } from './story.js';

const day = 24;
let muster: Story;
afterEach(() => muster.end());

const alert = { title: 'Pushes fail', service: 'registry', severity: 'critical', fingerprint: 'p1' };
const value = (text: string, name: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')
      .at(-1) ?? Number.NaN,
  );
const pruned = async (table: string): Promise<number> =>
  value((await muster.get('/metrics')).text, `muster_pruned_rows_total{table="${table}"}`);
const command = async (id: string, text: string): Promise<string> => {
  const response = await fetch(`${muster.bot.url}/api/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, text, user: 'Ada', incident: 1 }),
  });
  await muster.bot.runner.untilIdle();
  return ((await response.json()) as { text: string }).text;
};

describe.each(databases)('what is not kept for ever (%s)', (database) => {
  it('goes when its incident has been over for long enough; the ledger stays whole', async () => {
    muster = await story({ database, file: 'open-on-loopback: true\n' });
    const { receipt } = await muster.alerts('generic', { alerts: [alert] });
    await command('c1', '/incident ack');
    const { id } = await muster.incident(1);
    const messages = async () => (await muster.bot.store.deliveries(id)).length;
    const told = await messages();
    expect(told).toBeGreaterThan(0);
    // Open for longer than anything is kept.
    muster.sleep({ hours: 500 * day });
    await muster.bot.operations.tidying.look();
    expect((await muster.get(`/api/receipts/${receipt}`)).status).toBe(404);
    expect(await messages()).toBe(told);
    expect((await muster.bot.store.alerts(machine, id, { limit: 5, offset: 0 })).total).toBe(1);
    expect([await pruned('receipts'), await pruned('answers'), await pruned('deliveries')]).toEqual([1, 1, 0]);

    await muster.alerts('generic', { alerts: [{ ...alert, status: 'resolved' }] });
    await muster.say('Ada', '/incident resolve', 1);
    await muster.say('Ada', '/incident close', 1);
    await muster.forward({ minutes: 5 });
    expect((await muster.incident(1)).status).toBe('closed');
    muster.sleep({ hours: 91 * day });
    await muster.bot.operations.tidying.look();
    expect(await messages()).toBe(0);
    expect((await muster.bot.store.alerts(machine, id, { limit: 5, offset: 0 })).total).toBe(1);
    muster.sleep({ hours: 310 * day });
    await muster.bot.operations.tidying.look();
    expect((await muster.bot.store.alerts(machine, id, { limit: 5, offset: 0 })).total).toBe(0);

    expect(await muster.bot.store.verify()).toMatchObject({ ok: true, problems: [] });
    expect((await muster.bot.store.timeline(machine, id)).length).toBeGreaterThan(5);
    expect((await muster.get('/api/incidents/1/postmortem')).text).toContain('# Postmortem');
  });

  it('leaves an answer for as long as its command may come again, and then what is configured', async () => {
    muster = await story({ database, file: 'open-on-loopback: true\nretention: { answers: 4d, receipts: never }\n' });
    const { receipt } = await muster.alerts('generic', { alerts: [alert] });
    const first = await command('c1', '/incident take commander');
    muster.sleep({ hours: 95 });
    await muster.bot.operations.tidying.look();
    expect(await command('c1', '/incident take commander')).toBe(first);
    const before = (await muster.incident(1)).roles;
    muster.sleep({ hours: 2 });
    await muster.bot.operations.tidying.look();
    expect(await pruned('answers')).toBe(1);
    expect((await muster.incident(1)).roles).toEqual(before);
    muster.sleep({ hours: 2_000 * day });
    await muster.bot.operations.tidying.look();
    expect((await muster.get(`/api/receipts/${receipt}`)).status).toBe(200);
  });

  it('goes in small batches between which alerts are taken', async () => {
    muster = await story({ database });
    const { store, operations } = muster.bot;
    const now = muster.now();
    const answers = Array.from({ length: 3_000 }, (_, n) => ({
      stream: null,
      events: [],
      incident: null,
      answered: { id: `old/${n}`, at: now, reply: { text: 'x'.repeat(200) } },
    }));
    await store.commit(answers);
    muster.sleep({ hours: 8 * day });
    let ended = false;
    const looking = operations.tidying.look().then(() => {
      ended = true;
    });
    const took: number[] = [];
    while (!ended) {
      const begun = performance.now();
      const { status } = await muster.alerts('generic', { alerts: [{ ...alert, fingerprint: `p${took.length}` }] });
      expect(status).toBe(202);
      took.push(performance.now() - begun);
    }
    await looking;
    expect(await pruned('answers')).toBe(3_000);
    expect(took.length).toBeGreaterThan(3);
  });
});
