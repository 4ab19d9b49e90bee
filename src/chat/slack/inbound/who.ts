import type { Accounts } from '../../platform.js';
import type { User } from '../answers.js';
import { type Calls, isFinal } from './calls.js';

export interface Person {
  personId: string;
  name: string;
}

export interface Who {
  /** The person behind an account. `said`: the name the delivery gives. @throws while Slack cannot be asked about somebody new. */
  person(userId: string, said?: string): Promise<Person>;
}

const knownAtMost = 2_000;
/** A name or an address changes seldom. */
const knownForMs = 60 * 60_000;

/** People by their accounts, with the address the workspace tells: it links them with who they are elsewhere. */
export function whoIs({
  calls,
  accounts,
  platform,
  now,
}: {
  calls: Calls;
  accounts: Accounts;
  platform: string;
  now(): number;
}): Who {
  const known = new Map<string, { person: Person; at: number }>();

  const identify = async (userId: string, name: string, email: string | null): Promise<Person> => {
    const person = await accounts.identify(platform, userId, name, email);
    known.delete(userId);
    known.set(userId, { person, at: now() });
    if (known.size > knownAtMost) known.delete(known.keys().next().value as string);
    return person;
  };

  return {
    async person(userId, said) {
      const before = known.get(userId);
      if (before && now() - before.at < knownForMs) return before.person;
      try {
        const { user } = await calls.call('users.info', { user: userId });
        return await identify(userId, nameOf(user) ?? said ?? userId, user.profile?.email ?? null);
      } catch (error) {
        if (before) return before.person;
        // Without the address a newcomer would be made a second person, for good: better asked again.
        if (!isFinal(error)) throw error;
        return identify(userId, said ?? userId, null);
      }
    },
  };
}

/** As Slack shows them. */
const nameOf = (user: User): string | null =>
  [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name].find((name) => name?.trim()) ?? null;
