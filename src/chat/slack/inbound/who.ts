import type { Accounts } from '../../platform.js';
import type { User } from '../answers.js';
import { type Calls, isFinal } from './calls.js';
import { isOfUs, type Self } from './self.js';

export interface Person {
  personId: string;
  name: string;
  /** Of another workspace, in a channel that is shared with it. */
  outside: boolean;
}

export interface Who {
  /** The person behind an account. `said`: the name the delivery gives. @throws while Slack cannot be asked about somebody new. */
  person(userId: string, said?: string): Promise<Person>;
}

const knownAtMost = 2_000;
/** A name or an address changes seldom. */
const knownForMs = 60 * 60_000;

/**
 * People by their accounts, with the address the workspace tells: it links them with who they are elsewhere. What another
 * workspace says of an address is no more than what its members say of themselves.
 */
export function whoIs({
  calls,
  accounts,
  platform,
  now,
  self,
}: {
  calls: Calls;
  accounts: Accounts;
  platform: string;
  now(): number;
  self(): Promise<Self>;
}): Who {
  const known = new Map<string, { person: Person; at: number }>();

  const identify = async (userId: string, name: string, email: string | null, outside: boolean): Promise<Person> => {
    const person = { ...(await accounts.identify(platform, userId, name, email)), outside };
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
        const outside = !isInside(user, await self());
        const sure = !outside && user.is_email_confirmed !== false;
        const email = (sure && user.profile?.email) || null;
        return await identify(userId, nameOf(user) ?? said ?? userId, email, outside);
      } catch (error) {
        if (before) return before.person;
        // Without the address a newcomer would be made a second person, for good: better asked again.
        if (!isFinal(error)) throw error;
        return identify(userId, said ?? userId, null, false);
      }
    },
  };
}

const isInside = ({ team_id, enterprise_user }: User, self: Self): boolean =>
  isOfUs(team_id, self) || (self.enterpriseId !== null && enterprise_user?.enterprise_id === self.enterpriseId);

/** As Slack shows them. */
const nameOf = (user: User): string | null =>
  [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name].find((name) => name?.trim()) ?? null;
