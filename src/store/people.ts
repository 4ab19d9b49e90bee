import { randomUUID } from 'node:crypto';
import { type Database, insert, type Row, sql } from './database.js';
import { ConflictError, type Store } from './port.js';
import * as t from './schema.js';
import { storable } from './storable.js';

const find = sql(`SELECT p.person_id, p.name FROM identities i JOIN people p ON p.person_id = i.person_id
  WHERE i.platform = ? AND i.external_id = ?`);
const one = sql('SELECT person_id, name FROM people WHERE person_id = ?');
const all = sql('SELECT person_id, name FROM people ORDER BY name, person_id');
const rename = sql('UPDATE people SET name = ? WHERE person_id = ?');
const add = insert(t.people);
const link = insert(t.identities);

const asPerson = (row: Row) => ({ personId: String(row.person_id), name: String(row.name) });

export function peopleOf(database: Database): Pick<Store, 'person' | 'people' | 'identify' | 'putPerson'> {
  async function identify(platform: string, externalId: string, name: string) {
    const [row] = await database.read(find, [platform, externalId]);
    if (row) {
      const known = asPerson(row);
      if (known.name !== name) await database.write([{ query: rename, values: [storable(name), known.personId] }]);
      return { ...known, name };
    }
    const personId = randomUUID();
    await database.write([
      { query: add, values: [personId, storable(name)] },
      { query: link, values: [platform, storable(externalId), personId] },
    ]);
    return { personId, name };
  }
  const putPerson: Store['putPerson'] = async (person, identities) => {
    const known = await database.readEach(
      find,
      identities.map(({ platform, externalId }) => [platform, storable(externalId)]),
    );
    const [row] = known.flat().length > 0 ? known.flat() : await database.read(one, [person.personId]);
    const personId = row ? asPerson(row).personId : person.personId;
    const name = storable(person.name);
    const unlinked = identities.filter((_, index) => known[index]?.length === 0);
    const statements = unlinked.map(({ platform, externalId }) => ({
      query: link,
      values: [platform, storable(externalId), personId],
    }));
    if (!row) statements.unshift({ query: add, values: [personId, name] });
    else if (asPerson(row).name !== name) statements.unshift({ query: rename, values: [name, personId] });
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
      const [row] = await database.read(one, [personId]);
      return row ? asPerson(row) : null;
    },
    people: async () => (await database.read(all)).map(asPerson),
    identify: (platform, externalId, name) => twice(() => identify(platform, externalId, name)),
    putPerson: (person, identities) => twice(() => putPerson(person, identities)),
  };
}
