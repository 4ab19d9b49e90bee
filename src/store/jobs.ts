import { columnsOf, type Database, insert, type Row, sql } from './database.js';
import { deliver, fail, finish } from './job-writes.js';
import { ConflictError, type Lease, type Store } from './port.js';
import type { RowOf } from './schema.js';
import * as t from './schema.js';
import { fromJson, note } from './storable.js';

// Five times `now`. One pass over what is due finds the head of each lane; a lane with anything in hand has to wait.
const ready = `
  SELECT key FROM (
    SELECT key, lane, position, due_at, not_before, leased_until,
      row_number() OVER (PARTITION BY lane, CASE WHEN lane IS NULL THEN key END ORDER BY position, key) AS place
    FROM jobs WHERE state = 'waiting' AND due_at <= ?
      AND (platform IS NULL OR platform NOT IN (SELECT platform FROM platform_pauses WHERE until > ?))
  ) AS due
  WHERE place = 1 AND (not_before IS NULL OR not_before <= ?) AND (leased_until IS NULL OR leased_until <= ?)
    AND (lane IS NULL OR lane NOT IN (SELECT h.lane FROM jobs h WHERE h.lane IS NOT NULL AND h.leased_until > ?))
  ORDER BY due_at, position, key`;
const readyValues = (now: number): number[] => [now, now, now, now, now];

const anyReady = sql(`${ready} LIMIT 1`);
// Whoever raises the counter first holds its row until the end: two that lease at once follow one another.
const nextFence = sql("UPDATE counters SET value = value + 1 WHERE name = 'fence'");
const clearDropped = sql("DELETE FROM jobs WHERE state = 'dropped' AND (leased_until IS NULL OR leased_until <= ?)");
// Materialized: PostgreSQL would otherwise ask again for every row.
const takeReady = sql(`
  WITH ready AS MATERIALIZED (${ready} LIMIT ?)
  UPDATE jobs SET fence = (SELECT value FROM counters WHERE name = 'fence'), leased_until = ?, leases = leases + 1
  WHERE key IN (SELECT key FROM ready) AND state = 'waiting' AND due_at <= ?
    AND (leased_until IS NULL OR leased_until <= ?)
  RETURNING key, revision, fence, task, lane, due_at, leases, spent, position`);

const nextTimes = sql(`
  SELECT min(due_at) AS at FROM jobs WHERE state = 'waiting' AND due_at > ?
  UNION ALL SELECT min(not_before) FROM jobs WHERE state = 'waiting' AND due_at <= ? AND not_before > ?
  UNION ALL SELECT min(leased_until) FROM jobs WHERE leased_until > ?
  UNION ALL SELECT min(p.until) FROM platform_pauses p WHERE p.until > ? AND EXISTS (
    SELECT 1 FROM jobs j WHERE j.platform = p.platform AND j.state = 'waiting' AND j.due_at <= ?)`);

const pause = insert(
  t.platformPauses,
  'ON CONFLICT (platform) DO UPDATE SET until = excluded.until, reason = excluded.reason WHERE excluded.until > platform_pauses.until',
);
const freeAll = sql('UPDATE jobs SET leased_until = NULL WHERE leased_until IS NOT NULL RETURNING key');
const freeExpired = sql('UPDATE jobs SET leased_until = NULL WHERE leased_until <= ? RETURNING key');
const list = (where: string) =>
  sql(
    `SELECT key, lane, due_at, state, leases, last_error, incident_id FROM jobs WHERE ${where} ORDER BY due_at, position, key LIMIT ?`,
  );
const listAll = list("state <> 'dropped'");
const listState = list('state = ?');
const findDelivery = sql(`SELECT ${columnsOf(t.deliveries)} FROM deliveries WHERE job_key = ?`);

const inOrder = (a: Row, b: Row): number =>
  Number(a.due_at) - Number(b.due_at) || Number(a.position) - Number(b.position);

export function jobsOf(
  database: Database,
): Pick<Store, 'lease' | 'done' | 'failed' | 'pausePlatform' | 'nextDueAt' | 'recoverLeases' | 'jobs' | 'delivery'> {
  return {
    async lease(now, until, limit) {
      // Most looks find nothing: they cost no write.
      if (limit < 1 || (await database.read(anyReady, readyValues(now))).length === 0) return [];
      const [, , taken] = await database.write([
        { query: nextFence, values: [], one: true },
        { query: clearDropped, values: [now] },
        { query: takeReady, values: [...readyValues(now), limit, until, now, now] },
      ]);
      return (taken?.rows ?? []).sort(inOrder).map(asLease);
    },
    async done(lease, delivery) {
      const statements = finish(lease, delivery ?? null);
      if (delivery) statements.push(deliver(delivery));
      try {
        await database.write(statements);
        return true;
      } catch (error) {
        if (error instanceof ConflictError) return false;
        throw error;
      }
    },
    async failed(lease, failure) {
      const [noted] = await database.write(fail(lease, failure));
      return noted?.count === 1;
    },
    async pausePlatform(platform, until, reason) {
      await database.write([{ query: pause, values: [platform, until, note(reason)] }]);
    },
    async nextDueAt(now) {
      if ((await database.read(anyReady, readyValues(now))).length > 0) return now;
      const times = (await database.read(nextTimes, [now, now, now, now, now, now])).flatMap(({ at }) =>
        at === null ? [] : Number(at),
      );
      return times.length === 0 ? null : Math.min(...times);
    },
    async recoverLeases(now) {
      const free = database.shared ? { query: freeExpired, values: [now] } : { query: freeAll, values: [] };
      const [freed] = await database.write([free, { query: clearDropped, values: [now] }]);
      return freed?.count ?? 0;
    },
    async jobs({ state, limit }) {
      const rows = await (state ? database.read(listState, [state, limit]) : database.read(listAll, [limit]));
      return rows.map((row) => ({
        key: String(row.key),
        lane: row.lane as string | null,
        dueAt: Number(row.due_at),
        state: String(row.state),
        attempts: Number(row.leases),
        lastError: row.last_error as string | null,
        incidentId: String(row.incident_id),
      }));
    },
    async delivery(jobKey) {
      const [row] = await database.read(findDelivery, [jobKey]);
      if (!row) return null;
      const { incident_id: incidentId, platform, channel, message, at } = row as RowOf<typeof t.deliveries>;
      return { jobKey, incidentId, platform, channel, message, at };
    },
  };
}

const asLease = (row: Row): Lease => ({
  key: String(row.key),
  revision: Number(row.revision),
  fence: Number(row.fence),
  task: fromJson(String(row.task)),
  lane: row.lane as string | null,
  dueAt: Number(row.due_at),
  attempt: Number(row.leases),
  spent: Number(row.spent),
});
