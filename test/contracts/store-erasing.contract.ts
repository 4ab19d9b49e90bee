import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machine, person } from '../../src/people/viewer.js';
import type { Store } from '../../src/store/port.js';
import { append, aside, declared, enqueue, episode, noted, put, receipt, start } from './ledger.js';
import type { Place } from './store.contract.js';

export function storeErasingContract(name: string, prepare: () => Promise<Place>): void {
  describe(`words taken out of the store on ${name}`, () => {
    const word = 'line one of it\nline "two" of it';
    let place: Place;
    let store: Store;
    beforeEach(async () => {
      place = await prepare();
      store = await place.open();
      await append(store, 'a', declared('a', 1), noted(word));
      await append(store, 'b', declared('b', 2));
      const postmortem = { incidentId: 'a', version: 1, at: start, markdown: `It was ${word}.`, sha256: 'f00' };
      await store.commit([
        aside({ episodes: [episode('e1', { incidentId: 'a', annotations: { log: word } })], postmortem }),
        aside({ episodes: [episode('e2', { incidentId: 'b', fingerprint: 'f2', annotations: { log: word } })] }),
        aside({ receipts: [receipt('r1', { outcomes: [{ ...receipt('r1').outcomes[0]!, why: word }] })] }),
        aside({ answered: { id: 'web/ada/1', at: start, reply: { text: word } } }),
        aside({
          delivery: {
            jobKey: 'say/a/web/2/incident',
            incidentId: 'a',
            platform: 'web',
            channel: 'c',
            message: 'm',
            at: start,
          },
        }),
      ]);
      await enqueue(
        store,
        put('say', {
          task: {
            kind: 'post',
            incidentId: 'a',
            platform: 'web',
            to: { to: 'incident', incidentId: 'a' },
            card: { tone: 'neutral', summary: word, blocks: [] },
          },
        }),
      );
    });
    afterEach(async () => {
      await store.close();
      await place.remove();
    });

    test('are gone from alerts, jobs, answers, receipts and postmortems of that incident', async () => {
      const drafts = await store.scrub('a', { known: false, words: [word] }, '[redacted]');
      expect(drafts).toEqual([{ version: 1, markdown: 'It was [redacted].' }]);
      const [lease] = await store.lease(start + 60_000, start + 120_000, 10);
      const left = [
        (await store.alerts(machine, 'a', { limit: 10, offset: 0 })).alerts[0]?.annotations.log,
        lease?.task.kind === 'post' && lease.task.card.summary,
        (await store.receipt('r1'))?.outcomes[0]?.why,
        (await store.answered(['web/ada/1'])).get('web/ada/1'),
        (await store.postmortem(machine, 'a'))?.markdown,
      ];
      expect(left).toEqual(['[redacted]', '[redacted]', '[redacted]', { text: '[redacted]' }, 'It was [redacted].']);
    });

    test('leave alerts of another incident, the timeline and its row as they are', async () => {
      await store.scrub('a', { known: false, words: [word] }, '[redacted]');
      expect((await store.alerts(machine, 'b', { limit: 10, offset: 0 })).alerts[0]?.annotations.log).toBe(word);
      expect((await store.timeline(person('ada'), 'a'))[1]?.body).toEqual({ text: word });
      expect(await store.verify()).toMatchObject({ ok: true });
    });

    test.each([',"kind"', '"},"text":', '":"a","', ':1795', 'incident/a', '"outcome":"'])(
      'leave records that can be read, and that belong together as before, when they are %j',
      async (piece) => {
        await store.scrub('a', { known: false, words: [piece] }, '[redacted]');
        expect(await store.receipt('r1')).toMatchObject({ id: 'r1', outcomes: [{ why: word }] });
        expect((await store.answered(['web/ada/1'])).get('web/ada/1')).toEqual({ text: word });
        expect((await store.alerts(machine, 'a', { limit: 10, offset: 0 })).alerts[0]).toMatchObject({
          incidentId: 'a',
        });
        const [lease] = await store.lease(start + 60_000, start + 120_000, 10);
        expect(lease?.task).toMatchObject({ kind: 'post', to: { to: 'incident', incidentId: 'a' } });
      },
    );

    test('leave what is beside them, also where nothing is found', async () => {
      expect(await store.scrub('a', { known: false, words: ['not there at all'] }, '[redacted]')).toEqual([]);
      expect((await store.answered(['web/ada/1'])).get('web/ada/1')).toEqual({ text: word });
    });

    test('are forgotten on demand, and the messages of an incident are known', async () => {
      expect(await store.forget()).toBe(true);
      expect((await store.deliveries('a')).map(({ jobKey, message }) => [jobKey, message])).toEqual([
        ['say/a/web/2/incident', 'm'],
      ]);
      expect(await store.deliveries('b')).toEqual([]);
    });
  });
}
