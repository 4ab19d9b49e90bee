import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machine, person } from '../../src/people/viewer.js';
import type { OpenMode } from '../../src/store/database.js';
import { ConflictError, type Store } from '../../src/store/port.js';
import {
  append,
  aside,
  change,
  declared,
  enqueue,
  episode,
  noted,
  put,
  receipt,
  resolved,
  start,
  triaged,
} from './ledger.js';

/** A fresh, empty database that several stores may open, as several processes would. */
export interface Place {
  open(mode?: OpenMode): Promise<Store>;
  /** Changes the database behind the store's back. */
  tamper(statement: string): Promise<void>;
  remove(): Promise<void>;
}

export function storeContract(name: string, prepare: () => Promise<Place>): void {
  describe(`the store on ${name}`, () => {
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

    describe('commits', () => {
      test('what was committed is there for another process', async () => {
        await append(store, 'a', declared('a', 1), noted('looking'));
        const loaded = await other.load('a');
        expect(loaded).toMatchObject({ seq: 2, incident: { id: 'a', number: 1, responders: ['ada'] } });
        expect(await other.timeline(machine, 'a')).toMatchObject([
          { seq: 1, type: 'declared', at: start, recordedAt: start + 5, actor: { kind: 'machine', name: 'alerts' } },
          { seq: 2, type: 'noted', body: { text: 'looking' }, actor: { kind: 'person', personId: 'ada' } },
        ]);
        expect(await other.timeline(machine, 'a')).not.toContainEqual(expect.objectContaining({ redacted: true }));
      });

      test('of two that decided on the same state, one wins and the other is told which stream to load again', async () => {
        await append(store, 'a', declared('a', 1));
        const [mine, yours] = [await change(store, 'a', noted('mine')), await change(other, 'a', noted('yours'))];
        const outcomes = await Promise.allSettled([store.commit([mine]), other.commit([yours])]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const lost = outcomes.find((outcome) => outcome.status === 'rejected');
        expect(lost?.reason).toBeInstanceOf(ConflictError);
        expect(lost?.reason.streams).toEqual(['incident/a']);
        expect((await store.load('a'))?.seq).toBe(2);
        expect(await store.timeline(machine, 'a')).toHaveLength(2);
      });

      test('many writers of one incident, each trying again, lose nothing', async () => {
        await append(store, 'a', declared('a', 1));
        const insist = async (by: Store, text: string): Promise<void> => {
          try {
            await append(by, 'a', noted(text));
          } catch (error) {
            if (!(error instanceof ConflictError)) throw error;
            await insist(by, text);
          }
        };
        const texts = Array.from({ length: 12 }, (_, index) => `note ${index}`);
        await Promise.all(texts.map((text, index) => insist(index % 2 ? store : other, text)));
        const notes = (await store.timeline(machine, 'a')).flatMap(({ type, body }) =>
          type === 'noted' ? body.text : [],
        );
        expect(notes.sort()).toEqual(texts.sort());
        expect(await store.verify()).toMatchObject({ ok: true, problems: [] });
      });

      test('of two incidents opened at once for the same group, one stands', async () => {
        const changes = [
          await change(store, 'a', triaged('a', { groupKey: 'service:registry' })),
          await change(other, 'b', triaged('b', { groupKey: 'service:registry' })),
        ];
        const outcomes = await Promise.allSettled([store.commit([changes[0]!]), other.commit([changes[1]!])]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: expect.any(ConflictError),
        });
        expect(await store.byGroupKey(['service:registry'])).toHaveLength(1);
      });

      test('of two incidents declared at once with the same number, one stands', async () => {
        expect(await store.nextNumber()).toBe(1);
        const outcomes = await Promise.allSettled([
          append(store, 'a', declared('a', 1)),
          append(other, 'b', declared('b', 1)),
        ]);
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: expect.any(ConflictError),
        });
        expect(await store.nextNumber()).toBe(2);
      });

      test('a group that ended does not stand in the way of the next', async () => {
        await append(store, 'a', declared('a', 1, { groupKey: 'g' }));
        await append(store, 'a', resolved);
        await append(store, 'b', declared('b', 2, { groupKey: 'g' }));
        expect(await store.byGroupKey(['g', 'unknown', 'g'])).toMatchObject([{ incident: { id: 'b' } }]);
        await append(store, 'b', { ...resolved, at: start + 90_000 });
        expect(await store.byGroupKey(['g'])).toMatchObject([{ incident: { id: 'b' }, seq: 2 }]);
        await append(store, 'a', {
          type: 'closed',
          body: { automatic: false, followUps: [], openSteps: [] },
          at: start + 99_000,
        });
        expect(await store.byGroupKey(['g'])).toMatchObject([{ incident: { id: 'a' } }]);
      });

      test('what is open without a group is known, and by what the alerts of an incident that fire are grouped', async () => {
        await append(store, 'a', declared('a', 1, { groupKey: null }));
        await append(store, 'b', declared('b', 2, { groupKey: 'g' }));
        expect((await store.openUngrouped()).map(({ incident }) => incident.id)).toEqual(['a']);
        await append(store, 'a', resolved);
        expect(await store.openUngrouped()).toEqual([]);
        const of = (id: string, groupKey: string, state: 'firing' | 'resolved') =>
          episode(id, { fingerprint: id, incidentId: 'b', groupKey, state });
        const episodes = [
          of('e1', 'g', 'firing'),
          of('e2', 'g', 'firing'),
          of('e3', 'h', 'resolved'),
          of('e4', 'i', 'firing'),
        ];
        await store.commit([aside({ episodes })]);
        expect((await store.firingGroups('b')).sort()).toEqual(['g', 'i']);
      });

      test('one change that fails leaves nothing of the others', async () => {
        await append(store, 'a', declared('a', 1));
        const stale = await change(store, 'a', noted('late'));
        await append(store, 'a', noted('first'));
        const fresh = await change(store, 'b', triaged('b'));
        const all = [
          { ...fresh, jobs: [put('timer/b')], answered: { id: 'c1', at: start, reply: { text: 'ok' } } },
          aside({ episodes: [episode('e1')], receipts: [receipt('r1')] }),
          stale,
        ];
        await expect(store.commit(all)).rejects.toBeInstanceOf(ConflictError);
        expect(await store.load('b')).toBeNull();
        expect(await store.jobs({ limit: 10 })).toEqual([]);
        expect(await store.answered(['c1'])).toEqual(new Map());
        expect(await store.episodes([episode('e1')])).toEqual([]);
        expect(await store.receipt('r1')).toBeNull();
      });

      test('a command id is answered once, and the answer is kept', async () => {
        const reply = { text: 'Ada commands.' };
        await store.commit([aside({ answered: { id: 'c1', at: start, reply } })]);
        const again = other.commit([
          aside({ answered: { id: 'c1', at: start, reply: { text: 'twice' } }, jobs: [put('x')] }),
        ]);
        await expect(again).rejects.toBeInstanceOf(ConflictError);
        expect(await other.answered(['c1', 'c2', 'c1'])).toEqual(new Map([['c1', reply]]));
        expect(await store.jobs({ limit: 10 })).toEqual([]);
      });

      test('a change of an incident without its row is refused', async () => {
        const { stream, events } = await change(store, 'a', triaged('a'));
        await expect(store.commit([{ stream, events, incident: null }])).rejects.toThrow('without its incident');
      });
    });

    describe('text', () => {
      const hostile = {
        quotes: `'; DROP TABLE jobs; -- " \\ \\u0000 %s $1 ?`,
        astral: 'a\u{1F4A3}\u{10FFFF}\u{E000}',
        controls: 'tab\t newline\n bell\u0007 delete\u007F nel\u0085 ls\u2028',
        direction: '\u202Eevil\u202C zero\u200Bwidth \uFEFFbom',
        combining: 'e\u0301 is not \u00E9',
        empty: '',
        long: 'x'.repeat(100_000),
      };
      test('comes back as it was', async () => {
        await append(store, 'a', declared('a', 1));
        for (const text of Object.values(hostile)) await append(store, 'a', noted(text));
        const labels = { ...hostile, ['__proto__']: 'own', constructor: 'x', '10': 'ten', '9': 'nine' };
        const stored = episode('e', { fingerprint: hostile.quotes, labels, summary: hostile.astral });
        const said = receipt('r', { outcomes: [{ ...receipt('r').outcomes[0]!, why: hostile.controls }] });
        const reply = { text: hostile.direction };
        await store.commit([
          aside({ episodes: [stored], receipts: [said], answered: { id: hostile.combining, at: 1, reply } }),
          aside({ playbooks: [{ hash: 'h', playbookId: hostile.quotes, text: hostile.long + hostile.controls }] }),
        ]);
        const notes = (await store.timeline(machine, 'a')).flatMap(({ type, body }) =>
          type === 'noted' ? body.text : [],
        );
        expect(notes).toEqual(Object.values(hostile));
        expect(await store.episodes([stored])).toEqual([stored]);
        expect(await store.receipt('r')).toEqual(said);
        expect((await store.answered([hostile.combining])).get(hostile.combining)).toEqual(reply);
        expect((await store.playbook('h'))?.text).toBe(hostile.long + hostile.controls);
        expect(await store.verify()).toMatchObject({ ok: true });
      });

      test.each([
        ['a NUL', 'a\u0000b'],
        ['the first half of a surrogate pair', 'a\uD83D'],
        ['the second half of a surrogate pair', '\uDCA3b'],
      ])('with %s is refused before anything is written', async (_, text) => {
        await append(store, 'a', declared('a', 1));
        const doors = [
          () => append(store, 'a', noted(text)),
          () => store.commit([aside({ episodes: [episode('e', { fingerprint: text })] })]),
          () => store.commit([aside({ answered: { id: text, at: 1, reply: {} } })]),
          () => enqueue(store, put(text)),
        ];
        for (const door of doors) await expect(door()).rejects.toThrow('cannot be stored');
        expect((await store.load('a'))?.seq).toBe(1);
      });

      test.each(['a\0', '\0', 'a\uD83D'])('nobody finds anything by %j', async (text) => {
        await append(store, 'a', declared('a', 1));
        expect(await store.receipt(text)).toBeNull();
        expect(await store.incident(machine, { id: text })).toBeNull();
        expect(await store.incident(machine, { platform: 'web', channel: text })).toBeNull();
        expect(await store.answered([text])).toEqual(new Map());
        expect(await store.episodes([{ source: 'generic', fingerprint: text }])).toEqual([]);
      });
    });

    test('numbers of JSON that JSON does not have are refused', async () => {
      await append(store, 'a', declared('a', 1));
      const late = append(store, 'a', { type: 'updateWarned', body: { dueAt: Number.POSITIVE_INFINITY } });
      await expect(late).rejects.toThrow('not a number JSON can hold');
    });

    describe('reads', () => {
      const bob = person('bob');
      const ada = person('ada');

      test('a private incident is nobody else\u2019s', async () => {
        await append(store, 'p', declared('p', 1, { visibility: 'private' }), noted('secret'), {
          type: 'channelOpened',
          body: { platform: 'web', channel: 'ch1', name: 'inc-1' },
        });
        await append(store, 'q', triaged('q', { visibility: 'private' }), noted('secret too'));
        await store.commit([
          aside({
            episodes: [episode('e', { incidentId: 'p' })],
            postmortem: { incidentId: 'p', version: 1, at: start, markdown: '# secret', sha256: 'x' },
          }),
        ]);
        const all = { limit: 10, offset: 0 };
        const seenBy = async (viewer: typeof bob) => [
          await store.incident(viewer, { id: 'p' }),
          await store.incident(viewer, { number: 1 }),
          await store.incident(viewer, { platform: 'web', channel: 'ch1' }),
          ...(await store.incidents(viewer, all)).incidents,
          ...(await store.incidents(viewer, { ...all, triage: true })).incidents,
          ...(await store.timeline(viewer, 'p')),
          ...(await store.alerts(viewer, 'p', all)).alerts,
          await store.postmortem(viewer, 'p'),
          await store.postmortem(viewer, 'p', 1),
        ];
        expect((await seenBy(bob)).filter((found) => found !== null)).toEqual([]);
        expect((await store.incidents(bob, all)).total).toBe(0);
        expect((await store.alerts(bob, 'p', all)).total).toBe(0);
        for (const viewer of [ada, machine]) {
          const found = await seenBy(viewer as typeof bob);
          expect(found).toHaveLength(11);
          expect(found).not.toContain(null);
        }
      });

      test('incidents are listed newest first, by status, in pages with a total', async () => {
        for (let n = 1; n <= 5; n++) await append(store, `i${n}`, declared(`i${n}`, n));
        await append(store, 'i2', resolved);
        await append(store, 't', triaged('t'));
        const numbers = async (filter: Partial<Parameters<Store['incidents']>[1]>) => {
          const { incidents, total } = await store.incidents(bob, { limit: 10, offset: 0, ...filter });
          return { numbers: incidents.map(({ number }) => number), total };
        };
        expect(await numbers({})).toEqual({ numbers: [5, 4, 3, 2, 1], total: 5 });
        expect(await numbers({ limit: 2, offset: 1 })).toEqual({ numbers: [4, 3], total: 5 });
        expect(await numbers({ status: ['resolved'] })).toEqual({ numbers: [2], total: 1 });
        expect(await numbers({ status: ['investigating', 'resolved'], limit: 1 })).toEqual({ numbers: [5], total: 5 });
        expect(await numbers({ status: [] })).toEqual({ numbers: [], total: 0 });
        expect(await numbers({ triage: true })).toEqual({ numbers: [null], total: 1 });
      });

      test('the newest eight episodes of each alert are found, a gone one is not', async () => {
        const many = Array.from({ length: 10 }, (_, n) => episode(`e${n}`, { startedAt: start + n }));
        const another = episode('x', { fingerprint: 'f2', incidentId: 'a' });
        await store.commit([aside({ episodes: [...many, another] })]);
        await store.commit([
          aside({ episodesGone: ['e9'], episodes: [episode('e8', { startedAt: start + 8, state: 'resolved' })] }),
        ]);
        const keys = [{ source: 'alertmanager', fingerprint: 'f1' }, { source: 'none', fingerprint: 'f1' }, another];
        const found = await store.episodes([...keys, ...keys]);
        expect(found.map(({ id }) => id)).toEqual(['e8', 'e7', 'e6', 'e5', 'e4', 'e3', 'e2', 'e1', 'x']);
        expect(found[0]).toEqual(episode('e8', { startedAt: start + 8, state: 'resolved' }));
        expect((await store.episodesSince(start + 7, 2)).map(({ id }) => id)).toEqual(['e8', 'e7']);
      });

      test('a postmortem keeps its versions', async () => {
        await append(store, 'a', declared('a', 1));
        for (const version of [1, 2])
          await store.commit([
            aside({
              postmortem: { incidentId: 'a', version, at: start + version, markdown: `v${version}`, sha256: '' },
            }),
          ]);
        expect(await store.postmortem(bob, 'a')).toEqual({ version: 2, at: start + 2, markdown: 'v2' });
        expect(await store.postmortem(bob, 'a', 1)).toEqual({ version: 1, at: start + 1, markdown: 'v1' });
        expect(await store.postmortem(bob, 'a', 3)).toBeNull();
        const taken = aside({ postmortem: { incidentId: 'a', version: 2, at: 0, markdown: '', sha256: '' } });
        await expect(store.commit([taken])).rejects.toBeInstanceOf(ConflictError);
      });

      test('a playbook\u2019s text is written once', async () => {
        const playbooks = [{ hash: 'h', playbookId: 'registry-outage', text: '# Text' }];
        await store.commit([aside({ playbooks }), aside({ playbooks })]);
        expect(await other.playbook('h')).toEqual(playbooks[0]);
        expect(await other.playbook('none')).toBeNull();
      });
    });

    describe('people and sources', () => {
      test('the same account is the same person, under whatever name, from whichever process', async () => {
        const found = await Promise.all([store, other, store, other].map((by) => by.identify('web', 'U1', 'Ada')));
        expect(new Set(found.map(({ personId }) => personId)).size).toBe(1);
        const renamed = await store.identify('web', 'U1', 'Ada L.');
        expect(renamed).toEqual({ personId: found[0]!.personId, name: 'Ada L.' });
        await store.identify('mattermost', 'U1', 'Bob');
        expect((await other.people()).map(({ name }) => name)).toEqual(['Ada L.', 'Bob']);
        expect(await other.person(renamed.personId)).toMatchObject({ ...renamed, email: null, goneAt: null });
        expect(await other.person('nobody')).toBeNull();
      });

      test('somebody made known beforehand is who a platform then meets, or has met already', async () => {
        const met = await store.identify('web', 'bob', 'bob');
        const accounts = (id: string) => [{ platform: 'web', externalId: id }];
        const both = await Promise.all(
          [store, other].map((by) =>
            by.putPerson({ personId: 'ada', name: 'Ada' }, [...accounts('ada'), ...accounts('ada-l')]),
          ),
        );
        expect(both).toEqual([both[0], { personId: 'ada', name: 'Ada' }]);
        expect((await other.identify('web', 'ada-l', 'Ada')).personId).toBe('ada');
        expect(await store.putPerson({ personId: 'bob', name: 'Bob T.' }, accounts('bob'))).toEqual({
          personId: met.personId,
          name: 'Bob T.',
        });
        await store.putPerson({ personId: 'ada', name: 'Ada L.' }, []);
        expect((await other.people()).map(({ name }) => name)).toEqual(['Ada L.', 'Bob T.']);
      });

      test('figures of a source add up, across processes', async () => {
        expect(await store.sourceFigures('a')).toBeNull();
        expect(await store.sourcesHeard()).toEqual([]);
        const add = {
          requests: 2,
          refused: 1,
          lastSeenAt: start,
          lastRefusal: { at: start, status: 400, error: 'no' },
          outcomes: { opened: 1 },
        };
        await Promise.all([
          store.addToSource('a', add),
          other.addToSource('a', {
            ...add,
            lastSeenAt: start - 9,
            lastRefusal: null,
            outcomes: { opened: 2, repeat: 3 },
          }),
        ]);
        await store.addToSource('a', { requests: 1, refused: 0, lastSeenAt: null, lastRefusal: null, outcomes: {} });
        expect(await store.sourcesHeard()).toContain('a');
        expect(await store.sourceFigures('a')).toEqual({
          name: 'a',
          requests: 5,
          refused: 2,
          lastSeenAt: start,
          lastRefusal: add.lastRefusal,
          outcomes: { opened: 3, repeat: 3 },
        });
      });
    });

    test('says that it can be written', async () => {
      await expect(store.ready()).resolves.toBeUndefined();
    });
  });
}
