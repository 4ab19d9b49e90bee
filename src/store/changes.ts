import { desc, gte } from 'drizzle-orm/sql';
import type { RecentChange } from '../alerts/changed.js';
import type { RecentChanges } from './changes-port.js';
import type { Database, Statement } from './database.js';
import { db, type Given, insert, query } from './query.js';
import { changes } from './schema.js';
import { fromJson, storable, toJson } from './storable.js';

const keep = insert(changes, 'keep');
const newest = query(({ since, limit }: Given<{ since: number; limit: number }>) =>
  db.select().from(changes).where(gte(changes.at, since)).orderBy(desc(changes.at), desc(changes.id)).limit(limit),
);

export const changeStatement = ({ id, at, ...change }: RecentChange): Statement =>
  keep({ id: storable(id), at, change: toJson(change) });

export const recentChangesOf = (database: Database): RecentChanges => ({
  async changesSince(since, limit) {
    return (await database.read(newest({ since, limit }))).map(({ id, at, change }) => ({
      id,
      at,
      ...fromJson<Omit<RecentChange, 'id' | 'at'>>(change),
    }));
  },
});
