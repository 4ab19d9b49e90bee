import { webIdentities } from '../chat/web/name.js';
import type { ReadFile } from '../config/file.js';
import type { Incident, Role } from '../incident/state.js';
import { machine } from '../people/viewer.js';
import type { Token } from '../store/access-port.js';
import { everyIncident } from '../store/every-incident.js';
import type { Store } from '../store/port.js';
import { isValid } from './tokens.js';

/** What somebody has in hand, that must not stay with them when they leave. */
export interface Holdings {
  /** In incidents that are not closed. */
  roles: { incidentId: string; number: number | null; title: string; role: Role }[];
  /** Steps given to them that have not ended. */
  steps: { number: number | null; title: string; step: string }[];
  followUps: { number: number | null; title: string; text: string; dueOn: string | null }[];
  /** Those that are valid. */
  tokens: Token[];
  sessions: number;
  /** Where muster.yaml names them, as `file:line:column`. */
  named: { where: string; what: string }[];
}

export async function holdingsOf(
  store: Pick<Store, 'incidents' | 'tokens' | 'sessionsOf' | 'find'>,
  { personId, file, now }: { personId: string; file: ReadFile; now: number },
): Promise<Holdings> {
  const held: Holdings = { roles: [], steps: [], followUps: [], tokens: [], sessions: 0, named: [] };
  for await (const incident of everyIncident(store, machine, { queue: true })) look(incident, personId, held);
  held.tokens = (await store.tokens()).filter((token) => token.personId === personId && isValid(token, now));
  held.sessions = (await store.sessionsOf(personId)).length;
  held.named = await mentions(store, file, personId);
  return held;
}

function look(
  { id: incidentId, number, title, status, roles, walk, aside, followUps }: Incident,
  personId: string,
  held: Holdings,
) {
  if (status !== 'closed' && status !== 'dismissed') {
    for (const [role, holder] of Object.entries(roles))
      if (holder === personId) held.roles.push({ incidentId, number, title, role: role as Role });
    for (const step of [...(walk ? [walk] : []), ...aside].flatMap(({ steps }) => steps))
      if (step.assignee === personId && step.state === 'open') held.steps.push({ number, title, step: step.title });
  }
  for (const { owner, text, dueOn } of followUps)
    if (owner === personId) held.followUps.push({ number, title, text, dueOn });
}

async function mentions(
  store: Pick<Store, 'find'>,
  { file, located }: ReadFile,
  personId: string,
): Promise<Holdings['named']> {
  if (!file || !located) return [];
  const theirs = new Set<string>();
  for (const [id, { name }] of Object.entries(file.people)) {
    const [identity] = webIdentities({ id, name });
    const found = identity && (await store.find(identity.platform, identity.externalId));
    if (id === personId || found?.personId === personId) theirs.add(id);
  }
  const named: Holdings['named'] = [];
  const add = (path: readonly (string | number)[], what: string, key?: string): void => {
    named.push({ where: located.at(path, key), what });
  };
  const among = (names: readonly string[] | undefined, path: readonly (string | number)[], what: string): void =>
    names?.forEach((name, index) => {
      if (theirs.has(name)) add([...path, index], what);
    });
  for (const id of theirs) add(['people'], `people: ${id}`, id);
  for (const [group, members] of Object.entries(file.groups)) among(members, ['groups', group], `the group ${group}`);
  for (const [severity, { invite, page }] of Object.entries(file.severities)) {
    among(invite, ['severities', severity, 'invite'], `invited at ${severity}`);
    among(page, ['severities', severity, 'page'], `paged at ${severity}`);
  }
  for (const [service, entry] of Object.entries(file.services)) {
    for (const key of ['owner', 'second-owner'] as const)
      if (entry[key] !== undefined && theirs.has(entry[key])) add(['services', service, key], `${key} of ${service}`);
    for (const key of ['approve', 'restore', 'communicate'] as const)
      among(entry[key], ['services', service, key], `may ${key} for ${service}`);
  }
  return named;
}
