import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm/sql';
import type { Database, Statement } from './database.js';
import { ConflictError, type Store } from './port.js';
import { db, type Given, insert, query } from './query.js';
import * as t from './schema.js';
import { storable } from './storable.js';

const { identities, people } = t;
const find = query(({ platform, externalId }: Given<{ platform: string; externalId: string }>) =>
  db
    .select({ person_id: people.person_id, name: people.name })
    .from(identities)
    .innerJoin(people, eq(people.person_id, identities.person_id))
    .where(and(eq(identities.platform, platform), eq(identities.external_id, externalId))),
);
const one = query(({ id }: Given<{ id: string }>) => db.select().from(people).where(eq(people.person_id, id)));
const all = query(() => db.select().from(people).orderBy(people.name, people.person_id));
const rename = query(({ id, name }: Given<{ id: string; name: string }>) =>
  db.update(people).set({ name }).where(eq(people.person_id, id)),
);
const add = insert(people);
const link = insert(identities);

const asPerson = ({ person_id, name }: typeof people.$inferSelect) => ({ personId: person_id, name });

export function peopleOf(database: Database): Pick<Store, 'person' | 'people' | 'identify' | 'putPerson'> {
  async function identify(platform: string, externalId: string, name: string) {
    const [row] = await database.read(find({ platform, externalId }));
    if (row) {
      const known = asPerson(row);
      if (known.name !== name) await database.write([rename({ id: known.personId, name: storable(name) })]);
      return { ...known, name };
    }
    const personId = randomUUID();
    await database.write([
      add({ person_id: personId, name: storable(name) }),
      link({ platform, external_id: storable(externalId), person_id: personId }),
    ]);
    return { personId, name };
  }
  const putPerson: Store['putPerson'] = async (person, identities) => {
    const known = await database.readEach(
      identities.map(({ platform, externalId }) => find({ platform, externalId: storable(externalId) })),
    );
    const [row] = known.flat().length > 0 ? known.flat() : await database.read(one({ id: person.personId }));
    const personId = row ? asPerson(row).personId : person.personId;
    const name = storable(person.name);
    const unlinked = identities.filter((_, index) => known[index]?.length === 0);
    const statements: Statement[] = unlinked.map(({ platform, externalId }) =>
      link({ platform, external_id: storable(externalId), person_id: personId }),
    );
    if (!row) statements.unshift(add({ person_id: personId, name }));
    else if (asPerson(row).name !== name) statements.unshift(rename({ id: personId, name }));
    if (statements.length > 0) await database.write(statements);
    return { personId, name };
  };
  /** Once more when the same person became known to another replica at the same moment. */
  const twice = async <T>(write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      return write();
    }
  };
  return {
    async person(personId) {
      const [row] = await database.read(one({ id: personId }));
      return row ? asPerson(row) : null;
    },
    people: async () => (await database.read(all())).map(asPerson),
    identify: (platform, externalId, name) => twice(() => identify(platform, externalId, name)),
    putPerson: (person, identities) => twice(() => putPerson(person, identities)),
  };
}
