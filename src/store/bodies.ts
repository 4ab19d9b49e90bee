import { and, desc, eq, gte, sql } from 'drizzle-orm/sql';
import type { KeptBodies, KeptBody } from './bodies-port.js';
import type { Database } from './database.js';
import { db, type Given, insert, query } from './query.js';
import { bodies } from './schema.js';
import { fromJson, storable, toJson } from './storable.js';

const keep = insert(bodies, 'keep');
const dropOlder = query(
  ({ source, atMost }: Given<{ source: string; atMost: number }>) =>
    sql`delete from ${bodies} where source = ${source} and id not in
      (select id from ${bodies} where source = ${source} order by received_at desc, id desc limit ${atMost})`,
);
const newest = query(({ since, limit }: Given<{ since: number; limit: number }>) =>
  db
    .select()
    .from(bodies)
    .where(gte(bodies.received_at, since))
    .orderBy(desc(bodies.received_at), desc(bodies.id))
    .limit(limit),
);
const newestOf = query(({ source, since, limit }: Given<{ source: string; since: number; limit: number }>) =>
  db
    .select()
    .from(bodies)
    .where(and(eq(bodies.source, source), gte(bodies.received_at, since)))
    .orderBy(desc(bodies.received_at), desc(bodies.id))
    .limit(limit),
);
const one = query(({ id }: Given<{ id: string }>) => db.select().from(bodies).where(eq(bodies.id, id)));

type Row = { id: string; source: string; received_at: number; request: string };
const asKept = ({ id, source, received_at: receivedAt, request }: Row): KeptBody => ({
  id,
  source,
  receivedAt,
  ...fromJson<Omit<KeptBody, 'id' | 'source' | 'receivedAt'>>(request),
});

export const bodiesOf = (database: Database): KeptBodies => ({
  async keepBodies(kept, atMost) {
    const sources = [...new Set(kept.map(({ source }) => source))];
    await database.write([
      ...kept.map(({ id, source, receivedAt, ...request }) =>
        keep({ id, source: storable(source), received_at: receivedAt, request: toJson(request) }),
      ),
      ...sources.map((source) => dropOlder({ source, atMost })),
    ]);
  },
  async bodies({ source, since = 0, limit }) {
    const asked = source === undefined ? newest({ since, limit }) : newestOf({ source, since, limit });
    return (await database.read(asked)).map(asKept);
  },
  async body(id) {
    const [row] = await database.read(one({ id }));
    return row ? asKept(row) : null;
  },
});
