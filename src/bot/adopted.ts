import { webIdentities } from '../chat/web/name.js';
import type { Config } from '../config/config.js';
import { policyNaming } from '../config/policy.js';
import type { Roster } from '../engine/people.js';

/** The configuration in use: whoever it names is known from then on, and its policy speaks of them by their person ids. */
export interface Adopted {
  current(): Config;
  /** Person ids by the ids of the configuration. */
  personIds(): ReadonlyMap<string, string>;
  adopt(read: Config): Promise<void>;
}

export async function adopting(first: Config, roster: Pick<Roster, 'know'>): Promise<Adopted> {
  let personIds: ReadonlyMap<string, string> = new Map();
  let current = first;
  const adopt = async (read: Config): Promise<void> => {
    personIds = await roster.know(read.people.map((each) => ({ ...each, identities: webIdentities(each) })));
    const { archiveAfterMs } = read.chat;
    const policy = policyNaming(read.policy, personIds);
    current = { ...read, policy: archiveAfterMs === null ? policy : { ...policy, archiveAfterMs } };
  };
  await adopt(first);
  return { current: () => current, personIds: () => personIds, adopt };
}
