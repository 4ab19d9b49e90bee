import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/incident/state.js';
import { ConflictError, type NewEvent, type Store } from '../../src/store/port.js';
import type { Place } from './store.contract.js';

const shell: Actor = { kind: 'machine', name: 'shell/test' };
const event = (type: NewEvent['type'], at = 5): NewEvent => ({ type, at, recordedAt: at, actor: shell, body: { at } });
const token = (id: string, personId: string) => ({
  id,
  digest: `digest-${id}`,
  personId,
  name: 'laptop',
  actAs: id === 'b',
  issuedAt: 1,
  expiresAt: id === 'b' ? null : 100,
});

export function storeAccessContract(name: string, place: () => Promise<Place>): void {
  describe(`who may come in, on ${name}`, () => {
    let at: Place;
    let store: Store;
    let other: Store;
    beforeEach(async () => {
      at = await place();
      store = await at.open();
      other = await at.open();
    });
    afterEach(async () => {
      await Promise.all([store.close(), other.close()]);
      await at.remove();
    });

    const ada = async (): Promise<string> => (await store.identify('web', 'ada', 'Ada')).personId;
    const begin = (digest: string, personId: string, startedAt = 10, tokenId: string | null = null) =>
      store.access([{ startSession: { digest, personId, how: 'link', tokenId, startedAt } }]);

    test('a session is seen by every process until it ends, is forgotten, or its token is revoked', async () => {
      const personId = await ada();
      for (const digest of ['a', 'b', 'old']) await begin(digest, personId, digest === 'old' ? 1 : 10);
      await begin('by-token', personId, 10, 't');
      await store.access([{ seeSession: { digest: 'a', at: 60 } }]);
      expect(await other.session('a')).toEqual({
        personId,
        name: 'Ada',
        goneAt: null,
        how: 'link',
        tokenId: null,
        tokenExpiresAt: null,
        startedAt: 10,
        seenAt: 60,
      });
      expect(await other.sessionsOf(personId)).toHaveLength(4);
      await other.access([{ forgetSessions: { startedBefore: 1, seenBefore: 0 } }, { endSession: 'b' }]);
      await other.access([{ endSessionsBy: { tokenId: 't' } }]);
      const left = await Promise.all(['a', 'b', 'old', 'by-token'].map((digest) => store.session(digest)));
      expect(left.map((session) => session !== null)).toEqual([true, false, false, false]);
      await store.access([{ endSessionsOf: personId }]);
      expect(await other.session('a')).toBeNull();
    });

    test('a token is found by its digest, and revoked once', async () => {
      const personId = await ada();
      await store.access([{ issueToken: token('a', personId) }, { issueToken: token('b', personId) }]);
      expect(await other.token('digest-a')).toMatchObject({ id: 'a', personId, personName: 'Ada', expiresAt: 100 });
      expect(await other.token('digest-b')).toMatchObject({ actAs: true, expiresAt: null, revokedAt: null });
      expect(await other.token('a')).toBeNull();
      for (const id of ['a', 'b']) await begin(`by-${id}`, personId, 10, id);
      expect((await other.session('by-a'))?.tokenExpiresAt).toBe(100);
      expect((await other.session('by-b'))?.tokenExpiresAt).toBeNull();
      await store.access([{ revokeToken: { id: 'a', at: 7 } }], [event('tokenRevoked')]);
      await expect(other.access([{ revokeToken: { id: 'a', at: 8 } }], [event('tokenRevoked')])).rejects.toThrow(
        ConflictError,
      );
      expect((await other.tokens()).map(({ id, revokedAt }) => [id, revokedAt])).toEqual([
        ['a', 7],
        ['b', null],
      ]);
      expect(await other.systemEvents(0, 9)).toHaveLength(1);
      await other.access([{ revokeTokensOf: { personId, at: 9 } }]);
      expect((await store.tokens()).map(({ revokedAt }) => revokedAt)).toEqual([7, 9]);
    });

    test('a link is used once by one of many, within its time, together with what it leads to', async () => {
      const personId = await ada();
      const link = (digest: string) => ({ makeLink: { digest, personId, leadsTo: '/incidents/7', expiresAt: 100 } });
      await store.access([link('l'), link('late'), link('lost')]);
      expect(await other.link('l')).toEqual({
        personId,
        leadsTo: '/incidents/7',
        expiresAt: 100,
        name: 'Ada',
        goneAt: null,
      });
      const uses = await Promise.allSettled(
        [store, other, store, other].map((by, n) =>
          by.access(
            [
              { useLink: { digest: 'l', now: 99 } },
              { startSession: { digest: `s${n}`, personId, how: 'link', tokenId: null, startedAt: 99 } },
            ],
            [event('signedIn')],
          ),
        ),
      );
      expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect([(await store.sessionsOf(personId)).length, (await store.systemEvents(0, 9)).length]).toEqual([1, 1]);
      await expect(store.access([{ useLink: { digest: 'late', now: 100 } }])).rejects.toThrow(ConflictError);
      await store.access([{ forgetLinks: { expiredBefore: 100 } }]);
      expect(await other.link('late')).toBeNull();
    });

    test('a link that acknowledges is good until it is over, however often it is used, and goes with its person', async () => {
      const { personId } = await store.identify('web', 'ada', 'Ada');
      const made = (digest: string, expiresAt: number) =>
        store.access([{ makePageLink: { digest, personId, incidentId: 'i1', expiresAt } }]);
      await Promise.all([made('now', 100), made('later', 200)]);
      expect(await other.pageLink('now')).toEqual({
        ...{ personId, incidentId: 'i1', expiresAt: 100 },
        ...{ name: 'Ada', goneAt: null },
      });
      expect(await other.pageLink('none')).toBeNull();
      await store.access([{ forgetLinks: { expiredBefore: 100 } }]);
      expect([await other.pageLink('now'), (await other.pageLink('later'))?.expiresAt]).toEqual([null, 200]);
      await store.access([{ endSessionsOf: personId }]);
      expect(await other.pageLink('later')).toBeNull();
    });

    test('events stand at the end of the system stream whoever else writes there, and the chain holds', async () => {
      const all = Array.from({ length: 6 }, (_, n) => n);
      await Promise.all(all.map((n) => (n % 2 ? store : other).access([], [event('signInRefused', n)])));
      const told = await other.systemEvents(0, 100);
      expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(told.map(({ body }) => (body as { at: number }).at).sort()).toEqual(all);
      expect((await other.systemEvents(4, 1)).map(({ seq }) => seq)).toEqual([5]);
      expect((await store.verify()).problems).toEqual([]);
    });

    test('an account with the e-mail address of somebody known is that person', async () => {
      await store.putPerson({ personId: 'ada', name: 'Ada Lovelace', email: 'Ada@Example.com' }, [
        { platform: 'web', externalId: 'ada' },
      ]);
      const linked = await Promise.all(
        [store, other].map((by) => by.identify('slack', 'U1', 'ada.l', 'ada@example.com')),
      );
      expect(linked.map(({ personId }) => personId)).toEqual(['ada', 'ada']);
      expect(await other.find('slack', 'U1')).toEqual({
        personId: 'ada',
        name: 'Ada Lovelace',
        email: 'ada@example.com',
        goneAt: null,
      });
      expect((await other.identify('mattermost', 'M1', 'Bob', null)).personId).not.toBe('ada');
      expect(await other.find('slack', 'U2')).toBeNull();
    });

    test('an address is learnt once, and stays with whom it belongs to', async () => {
      const bob = await store.identify('slack', 'U2', 'Bob');
      await store.identify('slack', 'U2', 'Bob', 'bob@example.com');
      expect((await other.find('slack', 'U2'))?.email).toBe('bob@example.com');
      const cleo = await store.identify('web', 'cleo', 'Cleo');
      await store.identify('web', 'cleo', 'Cleo', 'BOB@example.com');
      expect((await other.find('web', 'cleo'))?.email).toBeNull();
      await store.putPerson({ personId: 'c', name: 'Cleo', email: 'bob@example.com' }, [
        { platform: 'web', externalId: 'cleo' },
      ]);
      const people = await other.people();
      expect(people.map(({ personId, email }) => [personId, email])).toEqual([
        [bob.personId, 'bob@example.com'],
        [cleo.personId, null],
      ]);
    });

    test('other capitals are no other name', async () => {
      const { personId } = await store.identify('web', 'ada', 'Ada');
      expect(await store.identify('web', 'ada', 'ADA')).toEqual({ personId, name: 'Ada' });
      expect((await other.person(personId))?.name).toBe('Ada');
    });

    test('whoever has left is still known, and so is since when', async () => {
      const personId = await ada();
      await store.access([{ setGone: { personId, at: 42 } }], [event('personRemoved')]);
      expect((await other.people()).map(({ name, goneAt }) => [name, goneAt])).toEqual([['Ada', 42]]);
      expect((await other.identify('web', 'ada', 'Ada')).personId).toBe(personId);
      await store.access([{ setGone: { personId, at: null } }]);
      expect((await other.person(personId))?.goneAt).toBeNull();
      await expect(store.access([{ setGone: { personId: 'nobody', at: 1 } }])).rejects.toThrow(ConflictError);
    });
  });
}
