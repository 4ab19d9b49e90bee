import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/port.js';
import { append, declared, enqueue, noted, put, resolved, start } from './ledger.js';
import type { Place } from './store.contract.js';

export function storeOutageContract(name: string, prepare: () => Promise<Place>): void {
  describe(`what a chat outage asks of the store on ${name}`, () => {
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
    const lost = {
      type: 'platformLost' as const,
      body: { platform: 'home', standIn: 'web', since: start, of: 'platform' as const, why: 'no answer' },
    };
    const back = {
      type: 'platformBack' as const,
      body: { platform: 'home', standIn: 'web', since: start, lostSeq: 2 },
    };

    test('knows which incidents are at home, and which have had to leave, ended or not', async () => {
      await append(store, 'a', declared('a', 1));
      await append(store, 'b', declared('b', 2), lost);
      await append(store, 'c', declared('c', 3), resolved);
      await append(store, 'd', declared('d', 4), lost, resolved);
      await append(store, 'e', declared('e', 5), lost, back, noted('x'));
      expect(await store.atHome('home')).toEqual(['a', 'e']);
      expect(await store.awayFrom('home')).toEqual(['b', 'd']);
      expect([await store.atHome('web'), await store.awayFrom('web')]).toEqual([[], []]);
    });

    test('forgets what waits on one platform for one incident, and neither what others wait for nor what was given up', async () => {
      const at = (key: string, incidentId: string, platform: string) =>
        put(key, { incidentId, platform, lane: `${incidentId}/${platform}` });
      await enqueue(store, at('gone', 'a', 'home'), at('there', 'a', 'web'), at('other', 'b', 'home'));
      await enqueue(store, put('page', { incidentId: 'a', platform: 'home', lane: 'page:ada' }));
      await enqueue(store, put('given up', { incidentId: 'a', platform: 'home', dueAt: start - 1 }));
      const [hopeless] = await store.lease(start - 1, start + 1_000, 1);
      if (hopeless) await store.failed(hopeless, { error: 'no', retryAt: null, spent: true });
      await enqueue(store, { clear: { incidentId: 'a', platform: 'home' } }, at('again', 'a', 'home'));
      const left = (await store.jobs({ limit: 10 })).map(({ key }) => key).sort();
      expect(left).toEqual(['again', 'given up', 'other', 'there']);
    });

    test('whoever carries a forgotten job out may still end it, and nobody gets it again', async () => {
      await enqueue(store, put('a', { incidentId: 'a', platform: 'home' }));
      const [lease] = await store.lease(start, start + 1_000, 1);
      await enqueue(store, { clear: { incidentId: 'a', platform: 'home' } });
      expect(await store.lease(start + 2_000, start + 3_000, 1)).toEqual([]);
      await store.failed(lease!, { error: 'no', retryAt: start, spent: false });
      expect(await store.jobs({ limit: 10 })).toEqual([]);
    });

    test('of two that change a mark at once the second is told', async () => {
      expect(await store.swapMark('home', 'health', null, 'one')).toBe(true);
      expect(await store.swapMark('home', 'health', null, 'two')).toBe(false);
      expect(await store.swapMark('home', 'health', 'one', 'two')).toBe(true);
      expect(await store.swapMark('home', 'health', 'one', 'three')).toBe(false);
      expect(await store.mark('home', 'health')).toBe('two');
    });

    test('knows until when a platform is paused', async () => {
      expect(await store.pausedUntil('home', start)).toBeNull();
      await store.pausePlatform('home', start + 5_000, 'asked to wait');
      expect(await store.pausedUntil('home', start + 4_999)).toBe(start + 5_000);
      expect(await store.pausedUntil('home', start + 5_000)).toBeNull();
    });
  });
}
