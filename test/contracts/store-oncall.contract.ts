import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Override } from '../../src/oncall/shift.js';
import type { KeptRoster } from '../../src/store/oncall-port.js';
import { ConflictError, type Store } from '../../src/store/port.js';
import { aside, start } from './ledger.js';
import type { Place } from './store.contract.js';

const override = (id: string, about: Partial<Override> = {}): Override => ({
  id,
  schedule: 'primary',
  personId: 'ada',
  fromAt: start,
  untilAt: start + 100,
  setBy: 'bob',
  setAt: start,
  ...about,
});
const roster: KeptRoster = {
  schedule: 'primary',
  source: 'a digest',
  etag: '"v1"',
  modified: null,
  readAt: start,
  coversUntil: start + 1_000,
  times: [{ fromAt: start, untilAt: start + 10, level: 2, title: 'Ada', attendees: [{ email: 'a@b.c', name: 'Ada' }] }],
  notes: ['1 of its entries cannot be read'],
  triedAt: start,
  failingSince: null,
  failures: 0,
  error: null,
};

export function storeOnCallContract(name: string, prepare: () => Promise<Place>): void {
  describe(`who is on call, kept on ${name}`, () => {
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

    test('an override is there until it is dropped, which only one of two can do', async () => {
      await store.commit([
        aside({ overrides: [{ set: override('a') }, { set: override('b', { untilAt: start + 50 }) }] }),
      ]);
      expect(await store.overrides(start)).toEqual([override('a'), override('b', { untilAt: start + 50 })]);
      expect(await store.overrides(start + 50)).toEqual([override('a')]);
      const drop = () => store.commit([aside({ overrides: [{ drop: 'a', at: start + 1 }] })]);
      await drop();
      expect(await store.overrides(start + 50)).toEqual([]);
      await expect(drop()).rejects.toThrow(new ConflictError(['override']));
    });

    test('a roster is kept whole in place of the last one, and is told to be lost once', async () => {
      await store.keepRoster(roster);
      expect(await store.rosters()).toEqual([roster]);
      expect([await store.rosterTold('primary', true), await store.rosterTold('primary', true)]).toEqual([true, false]);
      const failed = { ...roster, etag: null, readAt: null, failingSince: start, failures: 3, error: 'it answers 500' };
      await store.keepRoster(failed);
      expect(await store.rosters()).toEqual([failed]);
      expect([await store.rosterTold('primary', true), await store.rosterTold('primary', false)]).toEqual([
        false,
        true,
      ]);
      expect(await store.rosterTold('another', true)).toBe(false);
    });
  });
}
