import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/port.js';
import { append, declared, enqueue, put, resolved, start, triaged } from './ledger.js';
import type { Place } from './store.contract.js';

export function storeOperationsContract(name: string, prepare: () => Promise<Place>): void {
  describe(`what operators ask of the store on ${name}`, () => {
    let place: Place;
    let store: Store;
    beforeEach(async () => {
      place = await prepare();
      store = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const giveUp = async (key: string): Promise<void> => {
      const lease = (await store.lease(start, start + 1_000, 50)).find((each) => each.key === key);
      if (!lease) throw new Error(`${key} was not due`);
      await store.failed(lease, { error: 'no such channel', retryAt: null, spent: true });
    };

    test('jobs are counted by state, kind of lane and platform, however many there are', async () => {
      const many = Array.from({ length: 10_050 }, (_, i) => put(`later/${i}`, { dueAt: start + 60_000 }));
      await enqueue(store, ...many);
      await enqueue(
        store,
        put('a', { lane: 'inc/web', platform: 'web', dueAt: start - 5_000 }),
        put('b', { lane: 'inc/web', platform: 'web' }),
        put('c', { lane: 'page:ada', platform: 'web' }),
        put('d', { lane: 'system/web', platform: 'web', dueAt: start + 1 }),
      );
      await giveUp('c');
      const { jobs } = await store.figures(start);
      const told = jobs.map(({ state, lane, platform, count, oldestDueAt }) =>
        [state, lane, platform, count, oldestDueAt - start].join(' '),
      );
      expect(told.sort()).toEqual([
        'due incident web 2 -5000',
        'quarantined page web 1 0',
        'waiting system web 1 1',
        'waiting timer  10050 60000',
      ]);
    });

    test('incidents are counted by severity and status, without drills and without those that are over', async () => {
      await append(store, 'a', declared('a', 1));
      await append(store, 'b', declared('b', 2, { visibility: 'private' }));
      await append(store, 'c', declared('c', 3, { drill: true }));
      await append(store, 'd', declared('d', 4), resolved);
      await append(store, 'e', triaged('e'));
      const { incidents, sizeBytes } = await store.figures(start);
      expect(incidents.map(({ severity, status, count }) => `${severity} ${status} ${count}`).sort()).toEqual([
        'sev2 investigating 2',
        'sev2 resolved 1',
        'sev2 triage 1',
      ]);
      expect(sizeBytes).toBeGreaterThan(10_000);
      expect(await store.damage()).toEqual([]);
    });

    test('a job that was given up can be tried again with all its tries, or be forgotten; no other can', async () => {
      await enqueue(store, put('a'), put('b'), put('c', { dueAt: start + 60_000 }));
      await giveUp('a');
      await store.recoverLeases(start + 5_000);
      expect(await store.retryJob('b')).toBe(false);
      expect(await store.dropJob('b')).toBe(false);
      expect(await store.retryJob('nothing')).toBe(false);
      expect(await store.retryJob('a')).toBe(true);
      const again = (await store.lease(start + 5_000, start + 9_000, 50)).find(({ key }) => key === 'a');
      expect(again).toMatchObject({ key: 'a', spent: 0, revision: 2 });
      expect(again?.attempt).toBeGreaterThan(1);
      await store.failed(again!, { error: 'still not there', retryAt: null, spent: true });
      expect(await store.dropJob('a')).toBe(true);
      expect((await store.jobs({ limit: 10 })).map(({ key }) => key)).toEqual(['b', 'c']);
    });

    test('who only looks changes nothing, and neither makes nor migrates a database', async () => {
      await enqueue(store, put('a'));
      const looking = await place.open('read');
      expect((await looking.jobs({ limit: 5 })).length).toBe(1);
      await expect(looking.dropJob('a')).rejects.toThrow(/read-?only/);
      await looking.close();
      await place.tamper('DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)');
      for (const mode of ['read', 'asIs'] as const)
        await expect(place.open(mode)).rejects.toThrow(
          /is older than this Muster: \d+_\w+\.sql is missing.*muster migrate/,
        );
    });
  });
}
