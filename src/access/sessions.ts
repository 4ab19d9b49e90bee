import type { How, Session } from '../store/access-port.js';
import type { NewEvent, Store } from '../store/port.js';
import { digestOf, newSecret } from './secrets.js';

/** How long a session lasts: unused, and at all. */
export interface SessionRules {
  idleMs: number;
  absoluteMs: number;
}

/** Being seen is written down at most this often. */
const seenEveryMs = 60_000;

/** Kept in the database: every process sees a session begin and end at once. */
export interface Sessions {
  /**
   * A session for somebody who has shown who they are; written on the `system` stream.
   * @returns the secret for the cookie; null: the person has left.
   */
  start(
    personId: string,
    how: How,
    about?: { from?: string; tokenId?: string | null; link?: string },
  ): Promise<string | null>;
  /** null: there is none, it is over, or its person has left. */
  of(secret: string): Promise<Session | null>;
  /** The same, without counting as use: a page that is merely open does not keep a session alive. */
  peek(secret: string): Promise<Session | null>;
  end(secret: string): Promise<void>;
  /** Every session and unused link of this person. Tokens stay. */
  endAll(personId: string): Promise<void>;
}

export interface SessionParts {
  store: Pick<Store, 'access' | 'session' | 'person'>;
  rules(): SessionRules;
  /** Whether a session made with this token may go on; asked at each use. */
  stands(how: How, tokenId: string | null): boolean;
  now(): number;
}

export function createSessions({ store, rules, stands, now }: SessionParts): Sessions {
  const event = (type: NewEvent['type'], personId: string, body: object): NewEvent => {
    const at = now();
    return { type, at, recordedAt: at, actor: { kind: 'person', personId }, body };
  };
  async function peek(secret: string): Promise<Session | null> {
    const session = await store.session(digestOf(secret));
    if (!session || session.goneAt !== null || !stands(session.how, session.tokenId)) return null;
    if (session.tokenExpiresAt !== null && session.tokenExpiresAt <= now()) return null;
    const { idleMs, absoluteMs } = rules();
    return now() - session.startedAt < absoluteMs && now() - session.seenAt < idleMs ? session : null;
  }

  return {
    async start(personId, how, { from, tokenId = null, link } = {}) {
      const person = await store.person(personId);
      if (!person || person.goneAt !== null) return null;
      const secret = newSecret();
      const at = now();
      const { idleMs, absoluteMs } = rules();
      await store.access(
        [
          ...(link === undefined ? [] : [{ useLink: { digest: digestOf(link), now: at } }]),
          { forgetSessions: { startedBefore: at - absoluteMs, seenBefore: at - idleMs } },
          { forgetLinks: { expiredBefore: at } },
          { startSession: { digest: digestOf(secret), personId, how, tokenId, startedAt: at } },
        ],
        [event('signedIn', personId, { personId, how, tokenId, from: from ?? null })],
      );
      return secret;
    },
    async of(secret) {
      const session = await peek(secret);
      const at = now();
      if (session && at - session.seenAt >= Math.min(seenEveryMs, rules().idleMs / 4))
        await store.access([{ seeSession: { digest: digestOf(secret), at } }]);
      return session;
    },
    peek,
    end: (secret) => store.access([{ endSession: digestOf(secret) }]),
    endAll: (personId) =>
      store.access([{ endSessionsOf: personId }], [event('signedOutEverywhere', personId, { personId })]),
  };
}
