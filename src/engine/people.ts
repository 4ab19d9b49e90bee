import type { Accounts } from '../chat/platform.js';
import type { Store } from '../store/port.js';

/** Somebody the configuration names; `identities` are what platforms may call them. */
export interface NamedPerson {
  id: string;
  name: string;
  /** Links them with the accounts of chat platforms that know it. */
  email?: string | null;
  identities: { platform: string; externalId: string }[];
}

/** Names by person id, kept at hand so that a message can be composed inside a commit without a read. */
export interface Roster {
  readonly names: ReadonlyMap<string, string>;
  /**
   * Somebody spoke on a platform: finds or makes the person. Whoever the configuration names keeps that name, on
   * whatever platform and however it is spelled there. `email` is for platforms that have made sure of it.
   */
  identify: Accounts['identify'];
  /** Somebody made known otherwise, by another process perhaps. */
  met(person: { personId: string; name: string }): void;
  /** Makes those the configuration names known; it forgets who was named before. Answers their person ids by its ids. */
  know(people: readonly NamedPerson[]): Promise<Map<string, string>>;
}

export async function openRoster(store: Pick<Store, 'people' | 'find' | 'identify' | 'putPerson'>): Promise<Roster> {
  const names = new Map((await store.people()).map(({ personId, name }) => [personId, name]));
  /** Names of the configuration, by person id. */
  let given = new Map<string, string>();
  return {
    names,
    async identify(platform, externalId, name, email) {
      const known = given.size > 0 ? await store.find(platform, externalId) : null;
      const kept = known && given.get(known.personId);
      const found = await store.identify(platform, externalId, kept ?? name, email);
      names.set(found.personId, found.name);
      return found;
    },
    met({ personId, name }) {
      if (!names.has(personId)) names.set(personId, name);
    },
    async know(people) {
      const ids = new Map<string, string>();
      const named = new Map<string, string>();
      for (const { id, name, email = null, identities } of people) {
        const { personId } = await store.putPerson({ personId: id, name, email }, identities);
        ids.set(id, personId);
        names.set(personId, name);
        named.set(personId, name);
      }
      given = named;
      return ids;
    },
  };
}
