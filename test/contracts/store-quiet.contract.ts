import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Held } from '../../src/alerts/alert.js';
import type { Silence } from '../../src/quiet/silence.js';
import { ConflictError, type Store } from '../../src/store/port.js';
import { aside, episode, start } from './ledger.js';
import type { Place } from './store.contract.js';

const hour = 3_600_000;
const silence = (number: number, about: Partial<Silence> = {}): Silence => ({
  number,
  kind: 'silence',
  what: [{ services: ['registry'], labels: { job: 'a"b' } }],
  because: 'kernel update',
  setBy: 'ada',
  setAt: start,
  fromAt: start,
  untilAt: start + 2 * hour,
  incidentId: null,
  endedAt: null,
  ...about,
});
const held = (by: string, until: number): Held => ({ as: 'suppressed', why: 'for a while', until, by });

export function storeQuietContract(name: string, prepare: () => Promise<Place>): void {
  describe(`what is kept quiet, kept on ${name}`, () => {
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

    test('a silence is there until it is ended, which only one of two can do, and its number is never given again', async () => {
      expect(await store.nextSilence()).toBe(1);
      const maintenance = silence(2, { kind: 'maintenance', incidentId: 'i1', fromAt: start + hour });
      await store.commit([aside({ silences: [{ set: silence(1) }, { set: maintenance }] })]);
      expect(await store.silences()).toEqual([silence(1), maintenance]);
      await expect(store.commit([aside({ silences: [{ set: silence(2) }] })])).rejects.toThrow(
        new ConflictError(['silence']),
      );
      await store.commit([aside({ silences: [{ extend: 2, untilAt: start + 3 * hour }] })]);
      const end = () => store.commit([aside({ silences: [{ end: 2, at: start + 1 }] })]);
      await end();
      await expect(end()).rejects.toThrow(new ConflictError(['silence']));
      await expect(store.commit([aside({ silences: [{ extend: 2, untilAt: start + 4 * hour }] })])).rejects.toThrow(
        new ConflictError(['silence']),
      );
      expect(await store.silences()).toEqual([silence(1)]);
      expect(await store.nextSilence()).toBe(3);
    });

    test('that it ends soon is said once for each end it has', async () => {
      await store.commit([aside({ silences: [{ set: silence(1) }] })]);
      expect(await store.warnedOfEnd(1, start + 10)).toBe(true);
      expect(await store.warnedOfEnd(1, start + 10)).toBe(false);
      expect(await store.warnedOfEnd(1, start + 20)).toBe(true);
    });

    test('what is held is counted by what holds it, and is due when that lets go', async () => {
      const until = start + 2 * hour;
      const one = episode('one', { held: held('silence/1', until) });
      const two = episode('two', { held: held('silence/1', until), startedAt: start + 1 });
      const other = episode('other', { held: held('maintenance/a/1', until) });
      const over = episode('over', { held: held('silence/1', until), state: 'resolved', endedAt: start + 5 });
      const heard = episode('heard');
      await store.commit([aside({ episodes: [one, two, other, over, heard] })]);
      expect(await store.heldCounts()).toEqual([
        { by: 'maintenance/a/1', count: 1 },
        { by: 'silence/1', count: 2 },
      ]);
      expect((await store.heldBy('silence/1', 10)).map(({ id }) => id)).toEqual([two.id, one.id]);
      expect(await store.heldBy('silence/1', 1)).toHaveLength(1);
      expect(await store.episodesDue(until - 1, 10)).toEqual([]);
      await store.releaseHeld('silence/1', start + 60);
      expect((await store.episodesDue(start + 60, 10)).map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
      const { held: _, ...free } = one;
      await store.commit([aside({ episodes: [free] })]);
      expect(await store.heldCounts()).toEqual([
        { by: 'maintenance/a/1', count: 1 },
        { by: 'silence/1', count: 1 },
      ]);
      await store.releaseHeld('silence/1', start + 90);
      expect((await store.episodesDue(start + 60, 10)).map(({ id }) => id)).toEqual([two.id]);
    });

    test('requests of a source are counted by the hour in which they were taken', async () => {
      const add = (name: string, at: number, requests: number, refused = 0) =>
        store.addToSource(name, { requests, refused, lastSeenAt: at, lastRefusal: null, outcomes: {} });
      await add('grafana', start + 1, 2);
      await add('grafana', start + hour - 1, 3, 1);
      await add('grafana', start + hour, 1);
      await add('other', start, 1, 1);
      await store.markHour(start + 5, 1);
      await store.markHour(start + 65_000, 1);
      const all = [
        { name: '', at: start, requests: 2 },
        { name: 'grafana', at: start, requests: 4 },
        { name: 'grafana', at: start + hour, requests: 1 },
      ];
      expect(await store.sourceHours(start)).toEqual(all);
      await store.forgetHours(start + hour);
      expect(await store.sourceHours(0)).toEqual(all.slice(2));
    });

    test('that a source is silent is noted once, and that it is heard again too', async () => {
      await store.addToSource('grafana', {
        ...{ requests: 1, refused: 0, lastSeenAt: start, lastRefusal: null, outcomes: {} },
      });
      expect(await store.sourceSilent('grafana', null)).toBe(false);
      expect(await store.sourceSilent('grafana', start)).toBe(true);
      expect(await store.sourceSilent('grafana', start + 1)).toBe(false);
      expect(await store.silentSources()).toEqual([{ name: 'grafana', since: start }]);
      expect(await store.sourceSilent('grafana', null)).toBe(true);
      expect(await store.silentSources()).toEqual([]);
      expect(await store.sourceSilent('nobody', start)).toBe(false);
    });
  });
}
