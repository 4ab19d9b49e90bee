import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TimelineEvent } from '../../src/incident/events.js';
import { fold } from '../../src/incident/evolve.js';
import type { Incident } from '../../src/incident/state.js';
import { machine, person } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';
import { ada, append, declared, noted, start } from './ledger.js';
import type { Place } from './store.contract.js';

/** One in 256 begins with 00 already. */
const otherStart = (column: string): string =>
  `CASE substr(${column}, 1, 2) WHEN '00' THEN 'ff' ELSE '00' END || substr(${column}, 3)`;

export function storeChainContract(name: string, prepare: () => Promise<Place>): void {
  describe(`the chain of the store on ${name}`, () => {
    let place: Place;
    let store: Store;
    beforeEach(async () => {
      place = await prepare();
      store = await place.open();
      await append(store, 'a', declared('a', 1), noted('one'), noted('two'), noted('three'));
      await append(store, 'b', declared('b', 2), noted('password hunter2'));
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });
    const problems = async () => {
      const { ok, problems } = await store.verify();
      expect(ok).toBe(problems.length === 0);
      return problems.map(({ stream, seq, what }) => `${stream} ${seq}: ${what}`);
    };
    const refold = (events: TimelineEvent[]): Incident => fold(events) as Incident;
    const redact = (seq = 2) =>
      store.redact(
        'incident/b',
        seq,
        { reason: 'a token', actor: ada, at: start, remnant: () => ({ text: '[redacted]' }) },
        refold,
      );

    test('holds as written, and verifying says how much it has seen', async () => {
      await store.checkpoint(start);
      const seen: number[] = [];
      expect(await store.verify((events) => seen.push(events))).toEqual({
        ok: true,
        streams: 3,
        events: 7,
        redacted: 0,
        problems: [],
      });
      expect(seen.at(-1)).toBe(7);
    });

    test.each([
      ['body', `replace(body, 'two', 'owt')`],
      ['at', 'at + 1'],
      ['recorded_at', 'recorded_at + 1'],
      ['actor', `replace(actor, 'ada', 'bob')`],
      ['type', `'acknowledged'`],
      ['salt', `replace(salt, substr(salt, 1, 1), 'z')`],
      ['body_digest', otherStart('body_digest')],
      ['hash', otherStart('hash')],
    ])('a changed %s shows', async (column, value) => {
      await place.tamper(`UPDATE timeline SET ${column} = ${value} WHERE stream = 'incident/a' AND seq = 3`);
      expect((await problems()).join()).toContain('incident/a 3: ');
    });

    test('an event taken out of the middle shows', async () => {
      await place.tamper(`DELETE FROM timeline WHERE stream = 'incident/a' AND seq = 2`);
      expect((await problems())[0]).toBe('incident/a 3: the event before it, 2, is missing');
    });

    test('a cut tail shows', async () => {
      await place.tamper(`DELETE FROM timeline WHERE stream = 'incident/a' AND seq = 4`);
      expect(await problems()).toEqual(['incident/a 3: it ends here, but its row has seen event 4: the tail is cut']);
    });

    const cutWithItsRow = `
      DELETE FROM timeline WHERE stream = 'incident/a' AND seq = 4;
      UPDATE incidents SET seq = 3, head = (SELECT hash FROM timeline WHERE stream = 'incident/a' AND seq = 3) WHERE id = 'a'`;

    test('a tail cut together with its row shows in the last checkpoint', async () => {
      await store.checkpoint(start);
      await place.tamper(cutWithItsRow);
      expect(await problems()).toContain(
        'incident/a 4: a checkpoint has seen this event, and it is gone: the tail is cut',
      );
    });

    test('an incident that is gone without a trace shows in the last checkpoint', async () => {
      await store.checkpoint(start);
      await place.tamper(`DELETE FROM timeline WHERE stream = 'incident/a'; DELETE FROM incident_people WHERE incident_id = 'a';
        DELETE FROM incidents WHERE id = 'a'`);
      expect(await problems()).toEqual([
        'incident/a 4: a checkpoint has seen this event, and it is gone: the tail is cut',
      ]);
    });

    test('events without a row, and a row without events, show', async () => {
      await place.tamper(`DELETE FROM timeline WHERE stream = 'incident/a'; DELETE FROM incident_people WHERE incident_id = 'b';
        DELETE FROM incidents WHERE id = 'b'`);
      expect(await problems()).toEqual([
        'incident/b null: it has events, but its row is gone',
        'incident/a null: all of its events are gone',
      ]);
    });

    test('a cut tail of the system stream shows', async () => {
      await store.checkpoint(start);
      await append(store, 'a', noted('four'));
      await store.checkpoint(start + 1);
      await place.tamper(`DELETE FROM timeline WHERE stream = 'system' AND seq = 2`);
      expect(await problems()).toEqual(['system 1: it ends here, but its row has seen event 2: the tail is cut']);
      await place.tamper(`DELETE FROM timeline WHERE stream = 'system'`);
      expect(await problems()).toEqual(['system 0: it ends here, but its row has seen event 2: the tail is cut']);
    });

    test('a row that its events do not come to shows', async () => {
      await place.tamper(`UPDATE incidents SET incident = replace(incident, 'About a', 'About z') WHERE id = 'a'`);
      expect(await problems()).toEqual(['incident/a null: its row is not what its events come to']);
    });

    test('a checkpoint tells only what has changed since the last', async () => {
      await store.checkpoint(start);
      await store.checkpoint(start + 1);
      expect(await store.systemPosition()).toMatchObject({ expectedSeq: 1 });
      await append(store, 'b', noted('more'));
      await store.checkpoint(start + 2);
      expect(await store.systemPosition()).toMatchObject({ id: 'system', expectedSeq: 2 });
      await store.commit([
        {
          stream: await store.systemPosition(),
          events: [{ type: 'configAdopted', at: start, recordedAt: start, actor: ada, body: {} }],
          incident: null,
        },
      ]);
      expect(await store.verify()).toMatchObject({ ok: true, events: 10 });
    });

    describe('a redacted event', () => {
      test('is gone from the timeline and the row, and the chain still holds', async () => {
        await append(store, 'b', { type: 'impactStated', body: { text: 'hunter2 leaks' }, actor: ada });
        await redact(2);
        await redact(3);
        const events = await store.timeline(machine, 'b');
        expect(events[1]).toMatchObject({
          seq: 2,
          type: 'noted',
          body: { text: '[redacted]' },
          redacted: true,
          actor: ada,
        });
        expect(events[3]).toMatchObject({ seq: 4, type: 'redacted', body: { seq: 2, reason: 'a token' } });
        expect((await store.load('b'))?.incident.impact?.text).toBe('[redacted]');
        expect(JSON.stringify([events, await store.load('b')])).not.toContain('hunter2');
        expect(await store.incident(person('ada'), { number: 2 })).not.toBeNull();
        expect(await store.verify()).toEqual({ ok: true, streams: 2, events: 9, redacted: 2, problems: [] });
      });

      test('can be followed by others', async () => {
        await redact();
        await append(store, 'b', noted('and on'));
        expect(await problems()).toEqual([]);
      });

      test('cannot be redacted again, and neither can what says so', async () => {
        await redact();
        await expect(redact(2)).rejects.toThrow('has been erased already');
        await expect(redact(3)).rejects.toThrow('cannot be erased itself');
        await expect(redact(9)).rejects.toThrow('no event 9');
      });

      test('of which nothing tells shows', async () => {
        await place.tamper(`UPDATE timeline SET salt = NULL, body = NULL WHERE stream = 'incident/a' AND seq = 2`);
        expect((await problems())[0]).toBe('incident/a 2: its body is gone, and no event says why');
      });

      test('half erased shows', async () => {
        await place.tamper(`UPDATE timeline SET body = NULL WHERE stream = 'incident/a' AND seq = 2`);
        expect((await problems())[0]).toBe('incident/a 2: it is half erased');
      });
    });
  });
}
