import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm/sql';
import type { KnownPerson } from './access-port.js';
import type { Database, Statement } from './database.js';
import { ConflictError, type Store } from './port.js';
import { db, type Given, insert, pick, query } from './query.js';
import * as t from './schema.js';
import { storable } from './storable.js';

const { identities, people } = t;
const columns = pick(people, 'person_id', 'name', 'email', 'gone_at');
const find = query(({ platform, externalId }: Given<{ platform: string; externalId: string }>) =>
  db
    .select(columns)
    .from(identities)
    .innerJoin(people, eq(people.person_id, identities.person_id))
    .where(and(eq(identities.platform, platform), eq(identities.external_id, externalId))),
);
const accountsOf = query(({ id }: Given<{ id: string }>) =>
  db.select(pick(identities, 'platform')).from(identities).where(eq(identities.person_id, id)).limit(2),
);
const one = query(({ id }: Given<{ id: string }>) => db.select(columns).from(people).where(eq(people.person_id, id)));
const byEmail = query(({ email }: Given<{ email: string }>) =>
  db.select(columns).from(people).where(eq(people.email, email)),
);
const all = query(() => db.select(columns).from(people).orderBy(people.name, people.person_id));
const rename = query(({ id, name }: Given<{ id: string; name: string }>) =>
  db.update(people).set({ name }).where(eq(people.person_id, id)),
);
const setEmail = query(({ id, email }: Given<{ id: string; email: string }>) =>
  db.update(people).set({ email }).where(eq(people.person_id, id)),
);
const add = insert(people);
const link = insert(identities);

const asPerson = ({ person_id, name, email, gone_at }: typeof people.$inferSelect): KnownPerson => ({
  personId: person_id,
  name,
  email,
  goneAt: gone_at,
});
const folded = (name: string): string => name.normalize('NFKC').toLowerCase();
const addressOf = (email: string | null | undefined): string | null => (email ? storable(email.toLowerCase()) : null);

type People = Pick<Store, 'person' | 'people' | 'find' | 'identify' | 'putPerson'>;

export function peopleOf(database: Database): People {
  const known = async (statement: ReturnType<typeof one>): Promise<KnownPerson | null> => {
    const [row] = await database.read(statement);
    return row ? asPerson(row) : null;
  };
  const withEmail = (email: string | null) => (email === null ? null : known(byEmail({ email })));

  const identify: People['identify'] = async (platform, externalId, said, given) => {
    const email = addressOf(given);
    const name = storable(said);
    const found = await known(find({ platform, externalId }));
    const same = found?.email === null || !found ? await withEmail(email) : null;
    if (found) {
      const statements: Statement[] = [];
      // The same name in other capitals is no other name, and several accounts may well be called differently.
      const renamed =
        folded(found.name) !== folded(name) && (await database.read(accountsOf({ id: found.personId }))).length < 2;
      if (renamed) statements.push(rename({ id: found.personId, name }));
      if (email !== null && found.email === null && same === null)
        statements.push(setEmail({ id: found.personId, email }));
      if (statements.length > 0) await database.write(statements);
      return { personId: found.personId, name: renamed ? name : found.name };
    }
    const { personId } = same ?? { personId: randomUUID() };
    const linked = link({ platform, external_id: storable(externalId), person_id: personId });
    await database.write(same ? [linked] : [add({ person_id: personId, name, email, gone_at: null }), linked]);
    return { personId, name: same?.name ?? name };
  };

  const putPerson: People['putPerson'] = async (person, identities) => {
    const linked = await database.readEach(
      identities.map(({ platform, externalId }) => find({ platform, externalId: storable(externalId) })),
    );
    const email = addressOf(person.email);
    const holder = await withEmail(email);
    const [first] = linked.flat().map(asPerson);
    const before = first ?? holder ?? (await known(one({ id: person.personId })));
    const { personId } = before ?? person;
    const name = storable(person.name);
    const unlinked = identities.filter((_, index) => linked[index]?.length === 0);
    const statements: Statement[] = unlinked.map(({ platform, externalId }) =>
      link({ platform, external_id: storable(externalId), person_id: personId }),
    );
    if (!before) statements.unshift(add({ person_id: personId, name, email, gone_at: null }));
    else {
      if (before.name !== name) statements.unshift(rename({ id: personId, name }));
      // An address that belongs to somebody else stays theirs.
      if (email !== null && before.email !== email && holder === null)
        statements.unshift(setEmail({ id: personId, email }));
    }
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
    person: (personId) => known(one({ id: personId })),
    people: async () => (await database.read(all())).map(asPerson),
    find: (platform, externalId) => known(find({ platform, externalId })),
    identify: (...given) => twice(() => identify(...given)),
    putPerson: (...given) => twice(() => putPerson(...given)),
  };
}
