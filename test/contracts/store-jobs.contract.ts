import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConflictError, type Delivery, type Lease, type Store } from '../../src/store/port.js';
import { append, aside, change, declared, enqueue, noted, put, situation, start } from './ledger.js';
import type { Place } from './store.contract.js';

const later = start + 30_000;
const keys = (leases: readonly Lease[]) => leases.map(({ key }) => key);

export function storeJobsContract(name: string, prepare: () => Promise<Place>): void {
  describe(`jobs of the store on ${name}`, () => {
    let place: Place;
    let store: Store;
    let other: Store;
    beforeEach(async () => {
      place = await prepare();
      store = await place.open();
      other = await place.open();
    });
    afterEach(async () => {
      await store.close();
      await other.close();
      await place.remove();
    });
    const due = async (now = start) => keys(await store.lease(now, now + 30_000, 50));
    const one = async (now = start, by = store): Promise<Lease> => {
      const [lease] = await by.lease(now, now + 30_000, 1);
      if (!lease) throw new Error('nothing was due');
      return lease;
    };
    const delivery = (jobKey: string, at: number): Delivery => ({
      jobKey,
      incidentId: 'a',
      platform: 'web',
      channel: 'ch1',
      message: 'm1',
      at,
    });

    test('a job is handed out when it is due, with everything it was put with, and is over when done', async () => {
      await enqueue(store, put('card', { task: situation, dueAt: start + 5, lane: 'a/web', platform: 'web' }));
      expect(await store.nextDueAt(start)).toBe(start + 5);
      expect(await due(start + 4)).toEqual([]);
      const lease = await one(start + 5);
      expect(lease).toEqual({
        ...lease,
        key: 'card',
        task: situation,
        lane: 'a/web',
        dueAt: start + 5,
        revision: 1,
        attempt: 1,
        spent: 0,
      });
      expect(await store.done(lease, delivery('card', start + 6))).toBe(true);
      expect(await other.delivery('card')).toEqual(delivery('card', start + 6));
      expect(await store.delivery('none')).toBeNull();
      expect(await store.jobs({ limit: 10 })).toEqual([]);
      expect(await store.nextDueAt(start)).toBeNull();
      expect(await store.done(lease)).toBe(false);
    });

    test('jobs come in the order in which they fell due, as many as asked for', async () => {
      await enqueue(
        store,
        put('c', { dueAt: start - 1, position: 9 }),
        put('b', { position: 2 }),
        put('a', { position: 1 }),
        put('d'),
      );
      expect(keys(await store.lease(start, later, 3))).toEqual(['c', 'a', 'd']);
      expect(keys(await store.lease(start, later, 3))).toEqual(['b']);
      expect(await store.lease(start, later, 0)).toEqual([]);
    });

    test('no job is handed out twice, however many ask at once', async () => {
      await enqueue(store, ...Array.from({ length: 60 }, (_, n) => put(`j${n}`, { position: n })));
      const asked = Array.from({ length: 12 }, (_, n) => (n % 2 ? store : other).lease(start, later, 7));
      const handed = (await Promise.all(asked)).flatMap(keys);
      expect(new Set(handed).size).toBe(handed.length);
      expect(handed).toHaveLength(60);
    });

    describe('in a lane', () => {
      const lane = 'a/web';
      test('one at a time, in their order, whoever asks', async () => {
        await enqueue(
          store,
          put('2', { lane, position: 2, dueAt: start - 5 }),
          put('1', { lane, position: 1 }),
          put('x', { lane: 'b/web' }),
        );
        const [mine, yours] = await Promise.all([store.lease(start, later, 9), other.lease(start, later, 9)]);
        expect(keys([...mine, ...yours]).sort()).toEqual(['1', 'x']);
        expect(await due()).toEqual([]);
        const head = [...mine, ...yours].find(({ key }) => key === '1');
        await store.done(head!);
        expect(await due()).toEqual(['2']);
      });

      test('a head that waits to be tried again holds up what is behind it', async () => {
        await enqueue(store, put('1', { lane, position: 1 }), put('2', { lane, position: 2 }));
        expect(await store.failed(await one(), { error: 'no', retryAt: start + 500, spent: true })).toBe(true);
        expect(await due()).toEqual([]);
        expect(await store.nextDueAt(start)).toBe(start + 500);
        expect(await due(start + 500)).toEqual(['1']);
      });

      test('a job of the future and a quarantined one hold up nothing', async () => {
        await enqueue(
          store,
          put('1', { lane, position: 1, dueAt: start + 999 }),
          put('2', { lane, position: 2 }),
          put('3', { lane, position: 3 }),
        );
        await store.failed(await one(), { error: 'gone', retryAt: null, spent: true });
        expect(await due()).toEqual(['3']);
      });

      test('a lane of its own is not held up', async () => {
        await enqueue(store, put('1', { lane }), put('page', { lane: 'page:ada' }), put('ask'));
        await store.lease(start, later, 1);
        expect((await due()).length).toBe(2);
      });
    });

    test('a platform that is paused gets nothing until then, and the longer pause counts', async () => {
      await enqueue(store, put('w', { platform: 'web' }), put('m', { platform: 'mattermost' }), put('n'));
      await store.pausePlatform('web', start + 900, '429\u0000');
      await other.pausePlatform('web', start + 100, '429');
      expect((await due()).sort()).toEqual(['m', 'n']);
      expect(await store.nextDueAt(start + 200)).toBe(start + 900);
      expect(await due(start + 899)).toEqual([]);
      expect(await due(start + 900)).toEqual(['w']);
    });

    test('a lane goes on for the platforms that are not paused', async () => {
      const lane = 'page:ada';
      await enqueue(
        store,
        put('1', { lane, position: 1, platform: 'web' }),
        put('2', { lane, position: 2, platform: 'mattermost' }),
        put('3', { lane, position: 3, platform: 'web' }),
      );
      await store.pausePlatform('web', start + 900, '429');
      expect(await due()).toEqual(['2']);
      expect(await due(start + 900)).toEqual([]);
      expect(await due(later)).toEqual(['1']);
    });

    test('a try that spent nothing still counts as an earlier attempt', async () => {
      await enqueue(store, put('j'));
      await store.failed(await one(), { error: '429', retryAt: start, spent: false });
      const second = await one();
      expect(second).toMatchObject({ attempt: 2, spent: 0 });
      await store.failed(second, { error: 'odd', retryAt: start, spent: true });
      expect(await one()).toMatchObject({ attempt: 3, spent: 1 });
    });

    test('a quarantined job is visible, rests, and lives again when put again', async () => {
      await enqueue(store, put('j'), put('k'));
      const lease = await one();
      expect(await store.failed(lease, { error: 'channel is gone \uD83D', retryAt: null, spent: true })).toBe(true);
      expect(await store.jobs({ state: 'quarantined', limit: 5 })).toEqual([
        {
          key: 'j',
          lane: null,
          dueAt: start,
          state: 'quarantined',
          attempts: 1,
          lastError: 'channel is gone \uFFFD',
          incidentId: 'a',
        },
      ]);
      expect((await store.jobs({ state: 'waiting', limit: 5 })).map(({ key }) => key)).toEqual(['k']);
      expect(await due()).toEqual(['k']);
      expect(await store.nextDueAt(start)).toBe(later);
      await enqueue(store, put('j'));
      expect(await one()).toMatchObject({ key: 'j', attempt: 2, spent: 0, revision: 2 });
    });

    describe('fencing', () => {
      test('whoever lost the job to another can no longer finish or fail it', async () => {
        await append(store, 'a', declared('a', 1));
        await enqueue(store, put('j'));
        const zombie = await one(start);
        expect(await due(start + 29_999)).toEqual([]);
        const heir = await one(start + 30_000, other);
        expect(heir).toMatchObject({ key: 'j', attempt: 2 });
        expect(heir.fence).toBeGreaterThan(zombie.fence);
        expect(await store.done(zombie, delivery('j', start))).toBe(false);
        expect(await store.delivery('j')).toBeNull();
        expect(await store.failed(zombie, { error: 'late', retryAt: null, spent: true })).toBe(false);
        const word = { ...(await change(store, 'a', noted('twice'))), done: zombie };
        await expect(store.commit([word])).rejects.toBeInstanceOf(ConflictError);
        expect((await store.load('a'))?.seq).toBe(1);
        await other.commit([{ ...(await change(other, 'a', noted('once'))), done: heir }]);
        expect(await store.jobs({ limit: 5 })).toEqual([]);
        await expect(store.commit([aside({ done: zombie })])).rejects.toBeInstanceOf(ConflictError);
      });

      test('not even a job of the same key that came later', async () => {
        await enqueue(store, put('j'));
        const zombie = await one(start);
        await store.done(await one(later));
        await enqueue(store, put('j'));
        const next = await one(later);
        expect([next.revision, next.attempt]).toEqual([zombie.revision, zombie.attempt]);
        expect(await store.done(zombie)).toBe(false);
        expect(await store.done(next)).toBe(true);
      });
    });

    describe('a job put again', () => {
      test('replaces what waits', async () => {
        await enqueue(store, put('j', { lane: 'x', position: 1, dueAt: start }));
        await enqueue(store, put('j', { lane: 'y', position: 7, dueAt: start + 60 }));
        expect(await due(start + 59)).toEqual([]);
        expect(await one(start + 60)).toMatchObject({ lane: 'y', dueAt: start + 60, revision: 2 });
      });

      test('while it is carried out waits for its end, and the old end does not finish it', async () => {
        await enqueue(store, put('j'));
        const old = await one();
        await enqueue(other, put('j', { position: 2 }));
        expect(await due()).toEqual([]);
        expect(await store.done(old, delivery('j', start))).toBe(true);
        expect(await store.delivery('j')).not.toBeNull();
        expect(await one()).toMatchObject({ revision: 2, attempt: 2 });
      });

      test('in the very commit that finishes it stays', async () => {
        await append(store, 'a', declared('a', 1));
        await enqueue(store, put('j'));
        const done = await one();
        await store.commit([
          { ...(await change(store, 'a', noted('on it'))), jobs: [put('j', { dueAt: start + 60 })] },
          aside({ done }),
        ]);
        expect(await due(start + 59)).toEqual([]);
        expect(await due(start + 60)).toEqual(['j']);
      });

      test('takes no harm from a failure of the old one', async () => {
        await enqueue(store, put('j'));
        const old = await one();
        await enqueue(store, put('j'));
        expect(await store.failed(old, { error: 'gone', retryAt: null, spent: true })).toBe(false);
        expect(await one()).toMatchObject({ revision: 2, spent: 0 });
      });

      test('waits no longer than the lease of one who died', async () => {
        await enqueue(store, put('j'));
        await one();
        await enqueue(store, put('j'));
        expect(await store.nextDueAt(start)).toBe(later);
        expect(await due(later)).toEqual(['j']);
      });
    });

    describe('a dropped job', () => {
      test('is gone when nobody has it', async () => {
        await enqueue(store, put('j'));
        await enqueue(store, { drop: 'j' }, { drop: 'unknown' });
        expect(await due()).toEqual([]);
        expect(await store.jobs({ limit: 5 })).toEqual([]);
      });

      test('that is being carried out ends with that, and what came of it is kept', async () => {
        await append(store, 'a', declared('a', 1));
        await enqueue(store, put('j', { lane: 'l', position: 1 }), put('k', { lane: 'l', position: 2 }));
        const done = await one();
        await enqueue(other, { drop: 'j' });
        expect(await store.jobs({ limit: 5 })).toHaveLength(1);
        expect(await due()).toEqual([]);
        await store.commit([{ ...(await change(store, 'a', noted('opened after all'))), done }]);
        expect(await due(later + 1)).toEqual(['k']);
      });

      test('is not tried again when it fails or its holder dies', async () => {
        await enqueue(store, put('j'), put('k'));
        const [j] = await store.lease(start, later, 2);
        await enqueue(store, { drop: 'j' }, { drop: 'k' });
        expect(await store.failed(j!, { error: 'no', retryAt: start, spent: true })).toBe(false);
        expect(await due()).toEqual([]);
        expect(await due(later)).toEqual([]);
        expect(await store.nextDueAt(later)).toBeNull();
      });

      test('put again while it is carried out lives on', async () => {
        await enqueue(store, put('j'));
        const old = await one();
        await enqueue(store, { drop: 'j' }, put('j', { dueAt: start + 10 }));
        expect(await due(start + 10)).toEqual([]);
        await store.done(old);
        expect(await due(start + 10)).toEqual(['j']);
      });
    });

    describe('a card', () => {
      const card = (given: Parameters<typeof put>[1] = {}) =>
        put('card', { task: situation, platform: 'web', lane: 'l', ...given });

      test('put again and again keeps its place and its earliest due time', async () => {
        await enqueue(store, card({ position: 1, dueAt: start }), put('post', { lane: 'l', position: 2 }));
        for (let n = 3; n < 9; n++) await enqueue(store, card({ position: n, dueAt: start + n * 100 }));
        expect(await one()).toMatchObject({ key: 'card', dueAt: start, revision: 1 });
      });

      test('put as another card while it waits is handed out as that', async () => {
        await enqueue(store, card({ dueAt: start + 100 }));
        await enqueue(store, card({ dueAt: start + 200, task: { ...situation, platform: 'slack' } }));
        const { task, revision, dueAt } = await one(start + 100);
        expect({ task, revision, dueAt }).toEqual({
          task: { ...situation, platform: 'slack' },
          revision: 2,
          dueAt: start + 100,
        });
      });

      test('is sent no sooner than a second after the last time', async () => {
        await enqueue(store, card());
        await store.done(await one(), delivery('card', start + 200));
        await enqueue(store, card({ dueAt: start + 300 }));
        await enqueue(store, card({ dueAt: start + 400 }));
        expect(await due(start + 1199)).toEqual([]);
        expect(await due(start + 1200)).toEqual(['card']);
      });

      test('put while it is sent is sent once more, a second later', async () => {
        await enqueue(store, card());
        const first = await one();
        await enqueue(store, card({ dueAt: start + 50 }));
        await store.done(first, delivery('card', start + 200));
        expect(await due(start + 1199)).toEqual([]);
        expect(await one(start + 1200)).toMatchObject({ key: 'card', revision: 2 });
      });
    });

    test('after a restart, leases of the dead are free; where others may live, only those expired', async () => {
      await enqueue(store, put('j'), put('k'));
      await store.lease(start, start + 10, 1);
      await store.lease(start, later, 1);
      const freed = await other.recoverLeases(start + 10);
      expect(freed).toBe(name.includes('SQLite') ? 2 : 1);
      expect(await due(start + 10)).toHaveLength(freed);
    });
  });
}
