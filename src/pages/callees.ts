import type { Config, ConfiguredPerson } from '../config/config.js';
import type { Severity } from '../incident/state.js';
import type { Store } from '../store/port.js';
import type { Callee } from './page.js';
import { type Way, waysFor } from './way.js';

export interface CalleeParts {
  store: Pick<Store, 'person'>;
  config(): Pick<Config, 'people' | 'mailServer'>;
  /** Person ids by the ids of the configuration. */
  personIds(): ReadonlyMap<string, string>;
}

/** Somebody, and every way of theirs; `for` says which are used, and in which order. */
export interface Reached {
  callee: Callee;
  /** They have left, or nobody goes by that id. */
  gone: boolean;
  for(severity: Severity): Way[];
  /** Whatever each is used for; of somebody without any of their own, those everybody has. */
  all: Way[];
  /** By its id, whatever it is used for; null: it is not one of theirs any more. */
  way(id: string): Way | null;
}

/** As the configuration says it now: what has changed holds for what has not been sent. */
export async function reached({ store, config, personIds }: CalleeParts, personId: string): Promise<Reached> {
  const { people, mailServer } = config();
  const named = configured(people, personIds(), personId);
  const known = await store.person(personId);
  const email = known?.email ?? named?.email ?? null;
  const push = named?.push ?? null;
  const given = { ways: named?.ways ?? [], mail: mailServer !== null && email !== null, push: push !== null };
  return {
    callee: { personId, name: known?.name ?? named?.name ?? personId, phone: named?.phone ?? null, email, push },
    gone: known === null || known.goneAt !== null,
    for: (severity) => waysFor(severity, given),
    all: given.ways.length > 0 ? given.ways : waysFor(null, given),
    way: (id) => [...given.ways, ...waysFor(null, { ...given, ways: [] })].find((each) => each.id === id) ?? null,
  };
}

const configured = (
  people: readonly ConfiguredPerson[],
  ids: ReadonlyMap<string, string>,
  personId: string,
): ConfiguredPerson | undefined => people.find(({ id }) => (ids.get(id) ?? id) === personId);

/** Where somebody can be called by another person; null: nobody has written it down. */
export const phoneOf = (
  people: readonly ConfiguredPerson[],
  ids: ReadonlyMap<string, string>,
  personId: string,
): string | null => configured(people, ids, personId)?.phone ?? null;
