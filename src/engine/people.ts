import type { Store } from '../store/port.js';

/** Somebody the configuration names; `identities` are what platforms may call them. */
export interface NamedPerson {
  id: string;
  name: string;
  identities: { platform: string; externalId: string }[];
}

/** Names by person id, kept at hand so that a message can be composed inside a commit without a read. */
export interface Roster {
  readonly names: ReadonlyMap<string, string>;
  /** Somebody spoke on a platform: finds or makes the person. Whoever the configuration names keeps that name. */
  identify(platform: string, externalId: string, name: string): Promise<{ personId: string; name: string }>;
  /** Makes those the configuration names known; it forgets who was named before. Answers their person ids by its ids. */
  know(people: readonly NamedPerson[]): Promise<Map<string, string>>;
}

export async function openRoster(store: Pick<Store, 'people' | 'identify' | 'putPerson'>): Promise<Roster> {
  const names = new Map((await store.people()).map(({ personId, name }) => [personId, name]));
  let given = new Map<string, string>();
  const keyOf = (platform: string, externalId: string): string => `${platform}\n${externalId}`;
  return {
    names,
    async identify(platform, externalId, name) {
      const found = await store.identify(platform, externalId, given.get(keyOf(platform, externalId)) ?? name);
      names.set(found.personId, found.name);
      return found;
    },
    async know(people) {
      const ids = new Map<string, string>();
      const named = new Map<string, string>();
      for (const { id, name, identities } of people) {
        const { personId } = await store.putPerson({ personId: id, name }, identities);
        ids.set(id, personId);
        names.set(personId, name);
        for (const { platform, externalId } of identities) named.set(keyOf(platform, externalId), name);
      }
      given = named;
      return ids;
    },
  };
}
