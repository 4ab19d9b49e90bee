import type { Accounts } from '../platform.js';
import { Answered, type Client } from './client.js';
import type { Who } from './inbound/who.js';
import { platform } from './settings.js';
import { delivering } from './trouble.js';

export interface People {
  /** Id of the account; null: none that is known, or that the server shows. */
  account(personId: string): Promise<string | null>;
  /** Name to mention somebody by. */
  username(personId: string): Promise<string | null>;
}

/** Names change and accounts are made: what was found, or not, is asked again after this. */
const KEPT_FOR = 10 * 60_000;
const MISSED_FOR = 60_000;

type User = Awaited<ReturnType<Client['getUser']>>;

const looking = {
  what: 'say who that is',
  of: 'message' as const,
  mayNot: 'Let the bot see the members of the server.',
};

export function mattermostPeople(
  client: Client,
  { accounts, now, who }: { accounts: Accounts; now(): number; who: Pick<Who, 'person'> },
): People {
  const users = new Map<string, { user: User | null; until: number }>();

  const kept = async (key: string, ask: () => Promise<User>): Promise<User | null> => {
    const earlier = users.get(key);
    if (earlier && earlier.until > now()) return earlier.user;
    const user = await delivering(looking, () => orNobody(ask()));
    users.set(key, { user, until: now() + (user ? KEPT_FOR : MISSED_FOR) });
    return user;
  };

  /** Where addresses cannot be believed, whoever has the person's is somebody else. */
  async function found(personId: string): Promise<User | null> {
    const known = await accounts.accountOf(platform, personId);
    if (known === null) return null;
    const { externalId, email } = known;
    if (externalId !== null) return kept(externalId, () => client.getUser(externalId));
    if (email === null) return null;
    const user = await kept(email, () => client.getUserByEmail(encodeURIComponent(email)));
    if (user === null || user.delete_at > 0) return null;
    const theirs = await delivering(looking, () => who.person(user.id));
    return theirs.personId === personId ? user : null;
  }

  const active = async (personId: string): Promise<User | null> => {
    const user = await found(personId);
    return user && user.delete_at === 0 ? user : null;
  };
  return {
    account: async (personId) => (await active(personId))?.id ?? null,
    username: async (personId) => (await active(personId))?.username ?? null,
  };
}

/** Some servers show no e-mail addresses. */
async function orNobody(asked: Promise<User>): Promise<User | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Answered && error.id !== null && [400, 403, 404].includes(error.status)) return null;
    throw error;
  }
}
