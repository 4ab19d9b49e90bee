import { webIdentities } from '../chat/web/name.js';
import type { Config } from '../config/config.js';
import type { KnownPerson } from '../store/access-port.js';
import type { Store } from '../store/port.js';

type People = Pick<Store, 'people' | 'find' | 'putPerson' | 'person'>;

/** `nobody`: words for whom may have been meant; empty when nobody is near. */
export type Found = { person: KnownPerson } | { nobody: string[] };

const folded = (word: string): string => word.normalize('NFKC').trim().toLowerCase();

/**
 * Who is meant at the command line: an id, an id of the configuration, an e-mail address or a whole name, in that
 * order. Somebody whom only the configuration names becomes known.
 */
export async function findPerson(
  store: People,
  { people: named }: Pick<Config, 'people'>,
  word: string,
): Promise<Found> {
  const wanted = folded(word.replace(/^@/, ''));
  const configured = named.find(({ id, email }) => id === wanted || (email !== null && folded(email) === wanted));
  if (configured) {
    const { id: personId, name, email } = configured;
    const put = await store.putPerson({ personId, name, email }, webIdentities(configured));
    const person = await store.person(put.personId);
    if (person) return { person };
  }
  const people = await store.people();
  const byId = people.find(({ personId }) => personId === word) ?? (await byWebName(store, wanted));
  if (byId) return { person: byId };
  const same = people.filter(({ name, email }) => email === wanted || folded(name) === wanted);
  const [only, ...others] = same;
  if (only && others.length === 0) return { person: only };
  const near = same.length > 0 ? same : people.filter(({ name }) => folded(name).startsWith(wanted.slice(0, 3)));
  return { nobody: near.slice(0, 5).map(({ name, personId }) => `${name} (${personId})`) };
}

async function byWebName(store: People, wanted: string): Promise<KnownPerson | null> {
  const [identity] = webIdentities({ id: wanted, name: wanted });
  return identity ? store.find(identity.platform, identity.externalId) : null;
}
