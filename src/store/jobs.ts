import { and, eq, exists, gt, isNotNull, isNull, lte, min, ne, notInArray, or, type SQL, sql } from 'drizzle-orm/sql';
import { type AnySQLiteColumn, unionAll } from 'drizzle-orm/sqlite-core';
import type { Database } from './database.js';
import { deliver, fail, finish } from './job-writes.js';
import { ConflictError, type Lease, type Store } from './port.js';
import { db, excluded, type Given, insert, pick, query } from './query.js';
import * as t from './schema.js';
import { fromJson, note } from './storable.js';

const { jobs, platformPauses } = t;
type Now = Given<{ now: number }>;

const waiting = and(eq(jobs.state, 'waiting'), eq(jobs.held, 0));
/** Takes its place in its lane without being handed out: what is to be posted there waits for the channel. */
const channelHeld = and(eq(jobs.state, 'waiting'), eq(jobs.held, 1), eq(jobs.kind, 'openChannel'));
const dueBy = (now: SQL) => and(waiting, lte(jobs.due_at, now));
const freeBy = (now: SQL) => or(isNull(jobs.leased_until), lte(jobs.leased_until, now));

/** One pass over what is due finds the head of each lane; a lane with anything in hand has to wait. */
function ready({ now }: Now) {
  const paused = db.select(pick(platformPauses, 'platform')).from(platformPauses).where(gt(platformPauses.until, now));
  const inHand = db
    .select(pick(jobs, 'lane'))
    .from(jobs)
    .where(and(isNotNull(jobs.lane), gt(jobs.leased_until, now)));
  const alone = sql`case when ${jobs.lane} is null then ${jobs.key} end`;
  const place = sql<number>`row_number() over (partition by ${jobs.lane}, ${alone} order by ${jobs.position}, ${jobs.key})`;
  const due = db
    .select({
      ...pick(jobs, 'key', 'lane', 'position', 'due_at', 'not_before', 'leased_until', 'held'),
      place: place.as('place'),
    })
    .from(jobs)
    .where(
      and(
        or(waiting, channelHeld),
        lte(jobs.due_at, now),
        or(isNull(jobs.platform), notInArray(jobs.platform, paused)),
      ),
    )
    .as('due');
  return db
    .select({ key: due.key })
    .from(due)
    .where(
      and(
        eq(due.place, 1),
        eq(due.held, 0),
        or(isNull(due.not_before), lte(due.not_before, now)),
        or(isNull(due.leased_until), lte(due.leased_until, now)),
        or(isNull(due.lane), notInArray(due.lane, inHand)),
      ),
    )
    .orderBy(due.due_at, due.position, due.key)
    .$dynamic();
}

const anyReady = query((given: Now) => ready(given).limit(1));
const { name, value } = t.counters;
// Whoever raises the counter first holds its row until the end: two that lease at once follow one another.
const nextFence = query(() =>
  db
    .update(t.counters)
    .set({ value: sql`${value} + 1` })
    .where(eq(name, 'fence')),
);
const clearDropped = query(({ now }: Now) => db.delete(jobs).where(and(eq(jobs.state, 'dropped'), freeBy(now))));
const taken = pick(jobs, 'key', 'revision', 'fence', 'task', 'lane', 'due_at', 'leases', 'spent', 'position');
type Taken = Pick<typeof jobs.$inferSelect, keyof typeof taken>;
// Materialized, which the builder has no word for: PostgreSQL would otherwise ask again for every row.
const takeReady = query(
  ({ now, until, limit }: Given<{ now: number; until: number; limit: number }>) => sql<Taken>`
    with ready as materialized ${ready({ now }).limit(limit)} ${db
      .update(jobs)
      .set({
        fence: sql`(select ${value} from ${t.counters} where ${name} = 'fence')`,
        leased_until: until,
        leases: sql`${jobs.leases} + 1`,
      })
      .where(and(sql`${jobs.key} in (select key from ready)`, dueBy(now), freeBy(now)))
      .returning(taken)
      .getSQL()}`,
);

const nextTimes = query(({ now }: Now) => {
  const held = db
    .select({ key: jobs.key })
    .from(jobs)
    .where(and(eq(jobs.platform, platformPauses.platform), dueBy(now)));
  const earliest = (column: AnySQLiteColumn<{ data: number }>, where: SQL | undefined) =>
    db
      .select({ at: min(column).as('at') })
      .from(jobs)
      .where(where);
  return unionAll(
    earliest(jobs.due_at, and(waiting, gt(jobs.due_at, now))),
    earliest(jobs.not_before, and(dueBy(now), gt(jobs.not_before, now))),
    earliest(jobs.leased_until, gt(jobs.leased_until, now)),
    db
      .select({ at: min(platformPauses.until).as('at') })
      .from(platformPauses)
      .where(and(gt(platformPauses.until, now), exists(held))),
  );
});

const pause = insert(platformPauses, {
  set: { until: excluded(platformPauses.until), reason: excluded(platformPauses.reason) },
  setWhere: gt(excluded(platformPauses.until), platformPauses.until),
});
const free = (where: SQL | undefined) =>
  db.update(jobs).set({ leased_until: null }).where(where).returning(pick(jobs, 'key'));
const freeAll = query(() => free(isNotNull(jobs.leased_until)));
const freeExpired = query(({ now }: Now) => free(lte(jobs.leased_until, now)));
const list = (where: SQL) =>
  db
    .select(pick(jobs, 'key', 'lane', 'due_at', 'state', 'leases', 'last_error', 'incident_id'))
    .from(jobs)
    .where(where)
    .orderBy(jobs.due_at, jobs.position, jobs.key);
const listAll = query(({ limit }: Given<{ limit: number }>) => list(ne(jobs.state, 'dropped')).limit(limit));
const listState = query(({ state, limit }: Given<{ state: string; limit: number }>) =>
  list(eq(jobs.state, state)).limit(limit),
);
const listTimers = query(() =>
  db
    .select(pick(jobs, 'key'))
    .from(jobs)
    .where(and(eq(jobs.kind, 'ask'), ne(jobs.state, 'dropped'))),
);
const givenUp = (key: SQL) => and(eq(jobs.key, key), eq(jobs.state, 'quarantined'));
const retryGivenUp = query(({ key }: Given<{ key: string }>) =>
  db
    .update(jobs)
    .set({ state: 'waiting', spent: 0, not_before: null, revision: sql`${jobs.revision} + 1` })
    .where(givenUp(key)),
);
const dropGivenUp = query(({ key }: Given<{ key: string }>) => db.delete(jobs).where(givenUp(key)));
const findDelivery = query(({ key }: Given<{ key: string }>) =>
  db.select().from(t.deliveries).where(eq(t.deliveries.job_key, key)),
);

const inOrder = (a: Taken, b: Taken): number => a.due_at - b.due_at || a.position - b.position;

export function jobsOf(
  database: Database,
): Pick<
  Store,
  | 'lease'
  | 'done'
  | 'failed'
  | 'pausePlatform'
  | 'nextDueAt'
  | 'recoverLeases'
  | 'jobs'
  | 'timerKeys'
  | 'retryJob'
  | 'dropJob'
  | 'delivery'
> {
  return {
    async lease(now, until, limit) {
      // Most looks find nothing: they cost no write.
      if (limit < 1 || (await database.read(anyReady({ now }))).length === 0) return [];
      const [, , { rows }] = await database.write([
        { ...nextFence(), one: true },
        clearDropped({ now }),
        takeReady({ now, until, limit }),
      ]);
      return rows.sort(inOrder).map(asLease);
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
      return noted.count === 1;
    },
    async pausePlatform(platform, until, reason) {
      await database.write([pause({ platform, until, reason: note(reason) })]);
    },
    async nextDueAt(now) {
      if ((await database.read(anyReady({ now }))).length > 0) return now;
      const times = (await database.read(nextTimes({ now }))).flatMap(({ at }) => at ?? []);
      return times.length === 0 ? null : Math.min(...times);
    },
    async recoverLeases(now) {
      const [freed] = await database.write([database.shared ? freeExpired({ now }) : freeAll(), clearDropped({ now })]);
      return freed.count;
    },
    async jobs({ state, limit }) {
      const rows = await database.read(state ? listState({ state, limit }) : listAll({ limit }));
      return rows.map(({ key, lane, due_at, state, leases, last_error, incident_id }) => ({
        key,
        lane,
        dueAt: due_at,
        state,
        attempts: leases,
        lastError: last_error,
        incidentId: incident_id,
      }));
    },
    async timerKeys() {
      return (await database.read(listTimers())).map(({ key }) => key);
    },
    async retryJob(key) {
      const [changed] = await database.write([retryGivenUp({ key })]);
      return changed.count === 1;
    },
    async dropJob(key) {
      const [changed] = await database.write([dropGivenUp({ key })]);
      return changed.count === 1;
    },
    async delivery(jobKey) {
      const [row] = await database.read(findDelivery({ key: jobKey }));
      if (!row) return null;
      const { incident_id: incidentId, platform, channel, message, at } = row;
      return { jobKey, incidentId, platform, channel, message, at };
    },
  };
}

const asLease = ({ key, revision, fence, task, lane, due_at, leases, spent }: Taken): Lease => ({
  key,
  revision,
  fence,
  task: fromJson(task),
  lane,
  dueAt: due_at,
  attempt: leases,
  spent,
});
