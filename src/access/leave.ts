import type { Actor } from '../incident/state.js';
import type { KnownPerson } from '../store/access-port.js';
import type { JobWrite, NewEvent, Store } from '../store/port.js';
import type { Holdings } from './holdings.js';

interface By {
  actor: Actor;
  now: number;
}

const event = (type: NewEvent['type'], { actor, now }: By, body: object): NewEvent => ({
  type,
  at: now,
  recordedAt: now,
  actor,
  body,
});

/**
 * Somebody leaves: from this commit on they cannot come in, and are neither invited nor paged. Their roles are released
 * by the running Muster, within seconds, or by the next one that starts.
 */
export async function removePerson(
  store: Pick<Store, 'access'>,
  { personId, name }: Pick<KnownPerson, 'personId' | 'name'>,
  { roles, tokens, sessions, followUps }: Holdings,
  by: By,
): Promise<void> {
  const jobs = roles.map(
    ({ incidentId, role }): JobWrite => ({
      put: {
        key: `release/${incidentId}/${role}/${personId}`,
        lane: null,
        position: 0,
        dueAt: by.now,
        platform: null,
        incidentId,
        task: { kind: 'ask', incidentId, command: { type: 'releaseRole', role, personId } },
      },
    }),
  );
  const body = {
    personId,
    name,
    roles: roles.map(({ incidentId, number, role }) => ({ incidentId, number, role })),
    tokens: tokens.map(({ id }) => id),
    sessions,
    followUps: followUps.length,
  };
  await store.access(
    [{ setGone: { personId, at: by.now } }, { revokeTokensOf: { personId, at: by.now } }, { endSessionsOf: personId }],
    [event('personRemoved', by, body)],
    jobs,
  );
}

/** They may come in again; roles, tokens and sessions do not come back. */
export const restorePerson = (
  store: Pick<Store, 'access'>,
  { personId, name }: Pick<KnownPerson, 'personId' | 'name'>,
  by: By,
): Promise<void> =>
  store.access([{ setGone: { personId, at: null } }], [event('personRestored', by, { personId, name })]);

/** Ends every session and unused link of somebody, for them. */
export const signOutPerson = (
  store: Pick<Store, 'access'>,
  { personId, name }: Pick<KnownPerson, 'personId' | 'name'>,
  by: By,
): Promise<void> => store.access([{ endSessionsOf: personId }], [event('signedOutEverywhere', by, { personId, name })]);
