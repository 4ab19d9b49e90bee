import type { Accounts } from '../../platform.js';
import { Answered, type Client } from '../client.js';
import { platform } from '../settings.js';

interface Person {
  personId: string;
  name: string;
}

export interface Who {
  /** The person behind an account. @throws while the server cannot be asked about somebody new. */
  person(userId: string): Promise<Person>;
  /** The same of whoever said something; null: a program. */
  speaker(userId: string): Promise<Person | null>;
  /** The same for whoever has this name to be mentioned by; null: nobody has it. */
  named(username: string): Promise<Person | null>;
  /** Whether people are matched with who they are elsewhere by the address the server shows. */
  addressesAreSure(): Promise<boolean>;
}

type User = Awaited<ReturnType<Client['getUser']>>;

/** Names and addresses change seldom. */
const KEPT_FOR = 10 * 60_000;
const keptAtMost = 2_000;

export function whoIs({ client, accounts, now }: { client: Client; accounts: Accounts; now(): number }): Who {
  const known = new Map<string, { person: Person; until: number }>();
  let sure: { is: boolean; until: number } | null = null;

  /** On a server where anybody may sign up and no address is checked, an address is what somebody says. */
  async function addressesAreSure(): Promise<boolean> {
    if (sure && sure.until > now()) return sure.is;
    const config: Record<string, unknown> = { ...(await client.getClientConfig()) };
    const is = config.RequireEmailVerification === 'true' || config.EnableOpenServer === 'false';
    sure = { is, until: now() + KEPT_FOR };
    return is;
  }

  async function met(user: User): Promise<Person> {
    const email = user.email && (user.auth_service || (await addressesAreSure())) ? user.email : null;
    const person = await accounts.identify(platform, user.id, nameOf(user), email);
    known.delete(user.id);
    known.set(user.id, { person, until: now() + KEPT_FOR });
    if (known.size > keptAtMost) known.delete(known.keys().next().value as string);
    return person;
  }

  async function found(userId: string, programs: boolean): Promise<Person | null> {
    const before = known.get(userId);
    if (before && before.until > now()) return before.person;
    try {
      const user = await client.getUser(userId);
      return user.is_bot && !programs ? null : await met(user);
    } catch (error) {
      // Without the address a newcomer would be made a second person, for good: better asked again.
      if (before) return before.person;
      throw error;
    }
  }

  return {
    addressesAreSure,
    person: async (userId) => (await found(userId, true)) as Person,
    speaker: (userId) => found(userId, false),
    async named(username) {
      try {
        return await met(await client.getUserByUsername(encodeURIComponent(username)));
      } catch (error) {
        if (error instanceof Answered && error.status === 404) return null;
        throw error;
      }
    },
  };
}

const nameOf = ({ nickname, first_name, last_name, username }: User): string =>
  nickname.trim() || `${first_name} ${last_name}`.trim() || username;
