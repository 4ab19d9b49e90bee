import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machine } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';
import { append, aside, declared, enqueue, episode, put, receipt, resolved, start } from './ledger.js';
import type { Place } from './store.contract.js';

const day = 86_400_000;

export function storePruningContract(name: string, prepare: () => Promise<Place>): void {
  describe(`what is not kept for ever on ${name}`, () => {
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
    const delivery = (jobKey: string, incidentId: string) =>
      aside({ delivery: { jobKey, incidentId, platform: 'web', channel: 'c', message: jobKey, at: start } });
    const notice = (incidentId: string, seq: number) => aside({ notices: [{ incidentId, seq, at: start } as never] });

    test('goes oldest first, a few at a time, and what is younger stays', async () => {
      await store.commit(
        [5, 1, 3, 2, 4].map((n) => aside({ answered: { id: `a${n}`, at: start + n, reply: { text: `${n}` } } })),
      );
      expect(await store.prune('answers', start + 5, 2)).toBe(2);
      const ids = ['a1', 'a2', 'a3', 'a4', 'a5'];
      expect([...(await store.answered(ids)).keys()].sort()).toEqual(['a3', 'a4', 'a5']);
      expect(await store.prune('answers', start + 5, 10)).toBe(2);
      expect(await store.prune('answers', start + 5, 10)).toBe(0);
      expect([...(await store.answered(ids)).keys()]).toEqual(['a5']);
      await store.commit([aside({ receipts: [receipt('r1'), receipt('r2', { receivedAt: start + day })] })]);
      expect(await store.prune('receipts', start + 1, 10)).toBe(1);
      expect([await store.receipt('r1'), (await store.receipt('r2'))?.id]).toEqual([null, 'r2']);
    });

    test('leaves all that belongs to an incident which is open, or has not been over for as long', async () => {
      await append(store, 'open', declared('open', 1));
      await append(store, 'over', declared('over', 2), { ...resolved, at: start + 10 * day });
      for (const id of ['open', 'over'])
        await store.commit([
          aside({ episodes: [episode(id, { incidentId: id, fingerprint: id, state: 'resolved' })] }),
          delivery(`say/${id}`, id),
          notice(id, 1),
        ]);
      const kinds = ['deliveries', 'episodes', 'notices'] as const;
      const removed = async (before: number) => {
        const counts = [];
        for (const kind of kinds) counts.push(await store.prune(kind, before, 10));
        return counts;
      };
      expect(await removed(start + 10 * day)).toEqual([0, 0, 0]);
      expect(await removed(start + 10 * day + 1)).toEqual([1, 1, 1]);
      expect(await removed(start + 9_999 * day)).toEqual([0, 0, 0]);
      expect(await store.delivery('say/over')).toBeNull();
      expect((await store.alerts(machine, 'over', { limit: 5, offset: 0 })).total).toBe(0);
      expect((await store.delivery('say/open'))?.message).toBe('say/open');
      expect((await store.alerts(machine, 'open', { limit: 5, offset: 0 })).total).toBe(1);
      expect(await store.verify()).toMatchObject({ ok: true, problems: [] });
    });

    test('a message of a job that is still there stays, an alert heard of lately too', async () => {
      await store.commit([delivery('card/a', 'a'), delivery('say/a', 'a')]);
      await enqueue(store, put('card/a', { dueAt: start + day }));
      expect(await store.prune('deliveries', start + 1, 10)).toBe(1);
      expect((await store.delivery('card/a'))?.message).toBe('card/a');
      await store.commit([
        aside({ episodes: [episode('old'), episode('heard', { fingerprint: 'f2', lastSeenAt: start + day })] }),
      ]);
      expect(await store.prune('episodes', start + day, 10)).toBe(1);
      expect((await store.episodesSince(0, 10)).map(({ id }) => id)).toEqual(['heard']);
    });

    test('what was changed is found newest first from a time on, until it is too old', async () => {
      const change = (n: number, text = `v${n}`) => ({
        ...{
          id: `r${n}/0`,
          service: 'registry',
          at: start + n,
          text,
          link: n === 2 ? 'https://ci.example.com/2' : null,
        },
      });
      await store.commit([
        aside({ changes: [change(1), change(3)] }),
        aside({ changes: [change(2, 'v2 of "secret-2"')] }),
      ]);
      await store.commit([aside({ changes: [change(1, 'told again')] })]);
      expect(await store.changesSince(start + 1, 10)).toEqual([change(3), change(2, 'v2 of "secret-2"'), change(1)]);
      expect(await store.changesSince(start + 2, 1)).toEqual([change(3)]);
      await append(store, 'a', declared('a', 1));
      await store.scrub('a', { known: false, words: ['"secret-2"'] }, '[redacted]');
      expect((await store.changesSince(start + 2, 10)).map(({ text }) => text)).toEqual(['v3', 'v2 of [redacted]']);
      expect(await store.prune('changes', start + 3, 1)).toBe(1);
      expect((await store.changesSince(0, 10)).map(({ at }) => at)).toEqual([start + 3, start + 2]);
      expect(await store.prune('changes', start + 3, 10)).toBe(1);
      expect(await store.changesSince(0, 10)).toEqual([change(3)]);
    });

    test('figures of a sender go with all their outcomes', async () => {
      const add = { requests: 1, refused: 0, lastRefusal: null, outcomes: { opened: 1 } };
      await store.addToSource('old', { ...add, lastSeenAt: start });
      await store.addToSource('new', { ...add, lastSeenAt: start + day });
      expect(await store.prune('sources', start + 1, 10)).toBe(1);
      expect(await store.sourceFigures('old')).toBeNull();
      expect((await store.sourceFigures('new'))?.outcomes).toEqual({ opened: 1 });
      await store.addToSource('old', { ...add, lastSeenAt: start + day });
      expect((await store.sourceFigures('old'))?.outcomes).toEqual({ opened: 1 });
    });

    test('an alert of an older database is as old as its last report', async () => {
      await store.commit([aside({ episodes: [episode('e', { lastSeenAt: start + day })] })]);
      await place.tamper('DROP INDEX answers_at; DROP INDEX receipts_received; DROP INDEX deliveries_at');
      await place.tamper('DROP INDEX episodes_last_seen; ALTER TABLE episodes DROP COLUMN last_seen_at');
      await place.tamper(`DROP TABLE disk_samples; DELETE FROM migrations WHERE name = '0009_retention.sql'`);
      await store.close();
      store = await place.open();
      expect(await store.prune('episodes', start + day, 10)).toBe(0);
      expect(await store.prune('episodes', start + day + 1, 10)).toBe(1);
    });

    test('sizes are kept in a ring, and what was told of them stays', async () => {
      const sample = (n: number) => ({ at: start + n, dataBytes: 1_000 + n, freeBytes: n === 2 ? null : 5_000 });
      for (const n of [1, 2, 3, 4]) await store.sampleDisk(sample(n), 3);
      await store.sampleDisk({ ...sample(4), dataBytes: 9 }, 3);
      expect(await store.diskSamples()).toEqual([sample(2), sample(3), sample(4)]);
      expect(await store.dataBytes()).toBeGreaterThan(10_000);
      expect(await store.diskTold()).toBe(0);
      await store.setDiskTold(48);
      await store.setDiskTold(12);
      expect(await store.diskTold()).toBe(12);
    });
  });
}
