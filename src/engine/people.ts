import type { Store } from '../store/port.js';

/** Names by person id, kept at hand so that a message can be composed inside a commit without a read. */
export interface Roster {
  readonly names: ReadonlyMap<string, string>;
  /** Somebody spoke on a platform: finds or makes the person. */
  identify(platform: string, externalId: string, name: string): Promise<{ personId: string; name: string }>;
}

export async function openRoster(store: Pick<Store, 'people' | 'identify'>): Promise<Roster> {
  const names = new Map((await store.people()).map(({ personId, name }) => [personId, name]));
  return {
    names,
    async identify(platform, externalId, name) {
      const found = await store.identify(platform, externalId, name);
      names.set(found.personId, found.name);
      return found;
    },
  };
}
