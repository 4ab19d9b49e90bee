import { and, eq, gt, isNull, ne } from 'drizzle-orm/sql';
import type { Database, Statement } from './database.js';
import type { OnCallMemory, OverrideWrite } from './oncall-port.js';
import { ConflictError } from './port.js';
import { db, excluded, type Given, insert, query } from './query.js';
import { onCallOverrides, rosters } from './schema.js';
import { fromJson, note, storable, toJson } from './storable.js';

const { source, etag, modified, read_at, covers_until, times, notes, tried_at, failing_since, failures, error } =
  rosters;
const keep = insert(rosters, {
  set: Object.fromEntries(
    [source, etag, modified, read_at, covers_until, times, notes, tried_at, failing_since, failures, error].map(
      (column) => [column.name, excluded(column)],
    ),
  ),
});
const all = query(() => db.select().from(rosters).orderBy(rosters.schedule));
const tell = query(({ schedule, told }: Given<{ schedule: string; told: number }>) =>
  db
    .update(rosters)
    .set({ told })
    .where(and(eq(rosters.schedule, schedule), ne(rosters.told, told))),
);
const set = insert(onCallOverrides);
const drop = query(({ id, at }: Given<{ id: string; at: number }>) =>
  db
    .update(onCallOverrides)
    .set({ dropped_at: at })
    .where(and(eq(onCallOverrides.id, id), isNull(onCallOverrides.dropped_at))),
);
const standing = query(({ after }: Given<{ after: number }>) =>
  db
    .select()
    .from(onCallOverrides)
    .where(and(gt(onCallOverrides.until_at, after), isNull(onCallOverrides.dropped_at)))
    .orderBy(onCallOverrides.from_at, onCallOverrides.id),
);

export function overrideStatement(write: OverrideWrite): Statement {
  // Dropped twice at once: only one of the two has done it.
  if ('drop' in write) return { ...drop({ id: write.drop, at: write.at }), one: true, stream: 'override' };
  const { id, schedule, personId, fromAt, untilAt, setBy, setAt } = write.set;
  const of = {
    id,
    schedule: storable(schedule),
    person_id: storable(personId),
    set_by: storable(setBy),
    set_at: setAt,
  };
  return set({ ...of, from_at: fromAt, until_at: untilAt, dropped_at: null });
}

export const onCallOf = (database: Database): OnCallMemory => ({
  async rosters() {
    return (await database.read(all())).map((row) => ({
      schedule: row.schedule,
      source: row.source,
      etag: row.etag,
      modified: row.modified,
      readAt: row.read_at,
      coversUntil: row.covers_until,
      times: fromJson(row.times),
      notes: fromJson(row.notes),
      triedAt: row.tried_at,
      failingSince: row.failing_since,
      failures: row.failures,
      error: row.error,
    }));
  },
  async keepRoster(roster) {
    await database.write([
      keep({
        schedule: storable(roster.schedule),
        source: roster.source,
        etag: roster.etag === null ? null : note(roster.etag),
        modified: roster.modified === null ? null : note(roster.modified),
        read_at: roster.readAt,
        covers_until: roster.coversUntil,
        times: toJson(roster.times),
        notes: toJson(roster.notes),
        tried_at: roster.triedAt,
        failing_since: roster.failingSince,
        failures: roster.failures,
        error: roster.error === null ? null : note(roster.error),
        told: 0,
      }),
    ]);
  },
  async rosterTold(schedule, told) {
    try {
      await database.write([{ ...tell({ schedule, told: told ? 1 : 0 }), one: true, stream: 'roster' }]);
      return true;
    } catch (thrown) {
      if (thrown instanceof ConflictError) return false;
      throw thrown;
    }
  },
  async overrides(after) {
    return (await database.read(standing({ after }))).map((row) => ({
      id: row.id,
      schedule: row.schedule,
      personId: row.person_id,
      fromAt: row.from_at,
      untilAt: row.until_at,
      setBy: row.set_by,
      setAt: row.set_at,
    }));
  },
});
