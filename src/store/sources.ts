import { eq, sql } from 'drizzle-orm/sql';
import type { Outcome } from '../alerts/alert.js';
import type { Database } from './database.js';
import type { SourceFigures, Store } from './port.js';
import { db, excluded, type Given, insert, pick, query } from './query.js';
import { hourStatement } from './quiet.js';
import * as t from './schema.js';
import { fromJson, toJson } from './storable.js';

const { sourceFigures, sourceOutcomes } = t;
const figures = query(({ name }: Given<{ name: string }>) =>
  db.select().from(sourceFigures).where(eq(sourceFigures.name, name)),
);
const heard = query(() => db.select(pick(sourceFigures, 'name')).from(sourceFigures).orderBy(sourceFigures.name));
const outcomesOf = query(({ name }: Given<{ name: string }>) =>
  db
    .select(pick(sourceOutcomes, 'outcome', 'count'))
    .from(sourceOutcomes)
    .where(eq(sourceOutcomes.name, name))
    .orderBy(sourceOutcomes.outcome),
);
const { last_seen_at, requests, refused, last_refusal } = sourceFigures;
const seen = excluded(last_seen_at);
const addFigures = insert(sourceFigures, {
  set: {
    last_seen_at: sql`case when ${last_seen_at} is null or ${seen} > ${last_seen_at} then ${seen} else ${last_seen_at} end`,
    requests: sql`${requests} + ${excluded(requests)}`,
    refused: sql`${refused} + ${excluded(refused)}`,
    last_refusal: sql`coalesce(${excluded(last_refusal)}, ${last_refusal})`,
  },
});
const { count } = sourceOutcomes;
const addOutcome = insert(sourceOutcomes, { set: { count: sql`${count} + ${excluded(count)}` } });

export const sourcesOf = (database: Database): Pick<Store, 'sourcesHeard' | 'sourceFigures' | 'addToSource'> => ({
  async sourcesHeard() {
    return (await database.read(heard())).map(({ name }) => name);
  },
  async sourceFigures(name) {
    const [row] = await database.read(figures({ name }));
    if (!row) return null;
    const outcomes: SourceFigures['outcomes'] = {};
    for (const { outcome, count } of await database.read(outcomesOf({ name }))) outcomes[outcome as Outcome] = count;
    return {
      name,
      lastSeenAt: row.last_seen_at,
      requests: row.requests,
      refused: row.refused,
      lastRefusal: row.last_refusal === null ? null : fromJson(row.last_refusal),
      outcomes,
    };
  },
  async addToSource(name, { requests, refused, lastSeenAt, lastRefusal, outcomes }) {
    await database.write([
      addFigures({
        name,
        last_seen_at: lastSeenAt,
        requests,
        refused,
        last_refusal: lastRefusal && toJson(lastRefusal),
        silent_since: null,
      }),
      ...(lastSeenAt !== null && requests > refused ? [hourStatement(name, lastSeenAt, requests - refused)] : []),
      ...Object.entries(outcomes).map(([outcome, count]) => addOutcome({ name, outcome, count })),
    ]);
  },
});
