import { webIdentities } from '../chat/web/name.js';
import type { Config } from '../config/config.js';
import { policyNaming } from '../config/policy.js';
import type { Roster } from '../engine/people.js';
import { type Access, accessNaming, everybodyMay } from '../people/permissions.js';

/** The configuration in use: whoever it names is known from then on, and its policy speaks of them by their person ids. */
export interface Adopted {
  current(): Config;
  /** Person ids by the ids of the configuration. */
  personIds(): ReadonlyMap<string, string>;
  /** Groups and permissions, by person id. */
  access(): Access;
  adopt(read: Config): Promise<void>;
}

export async function adopting(first: Config, roster: Pick<Roster, 'know'>): Promise<Adopted> {
  let personIds: ReadonlyMap<string, string> = new Map();
  let current = first;
  let access: Access = { groups: new Map(), permissions: everybodyMay };
  const adopt = async (read: Config): Promise<void> => {
    personIds = await roster.know(read.people.map((each) => ({ ...each, identities: webIdentities(each) })));
    const { archiveAfterMs } = read.chat;
    const policy = policyNaming(read.policy, personIds);
    current = { ...read, policy: archiveAfterMs === null ? policy : { ...policy, archiveAfterMs } };
    access = accessNaming(read.groups, read.permissions, read.policy.platformLead ?? [], personIds);
  };
  await adopt(first);
  return { current: () => current, access: () => access, personIds: () => personIds, adopt };
}
