import { desc, eq, notInArray, sql } from 'drizzle-orm/sql';
import type { Database, Statement } from './database.js';
import type { Prunable, Pruning } from './pruning-port.js';
import { db, type Given, insert, pick, type Query, query, replace } from './query.js';
import * as t from './schema.js';

type Bound = { before: number; limit: number };
type G = Given<Bound>;

/** An incident that is not over, or has been so for too short a time, holds what belongs to it. */
const notHeld = (incidentId: unknown, before: G['before']) => sql`not exists (select 1 from ${t.incidents}
  where ${t.incidents.id} = ${incidentId}
    and (${t.incidents.ended_at} is null or ${t.incidents.ended_at} >= ${before}))`;
/** Somebody may still look for what that job has sent. */
const noJob = sql`not exists (select 1 from ${t.jobs} where ${t.jobs.key} = ${t.deliveries.job_key})`;

const { answers, receipts, deliveries, episodes, notices, sourceFigures, sourceOutcomes } = t;
const pruning: Record<Prunable, Query<Bound, unknown>> = {
  answers: query(
    ({ before, limit }: G) => sql`delete from ${answers} where id in
      (select id from ${answers} where at < ${before} order by at limit ${limit})`,
  ),
  receipts: query(
    ({ before, limit }: G) => sql`delete from ${receipts} where id in
      (select id from ${receipts} where received_at < ${before} order by received_at limit ${limit})`,
  ),
  deliveries: query(
    ({ before, limit }: G) => sql`delete from ${deliveries} where job_key in
      (select job_key from ${deliveries} where at < ${before}
        and ${notHeld(deliveries.incident_id, before)} and ${noJob} order by at limit ${limit})`,
  ),
  episodes: query(
    ({ before, limit }: G) => sql`delete from ${episodes} where id in
      (select id from ${episodes} where last_seen_at < ${before}
        and ${notHeld(episodes.incident_id, before)} order by last_seen_at limit ${limit})`,
  ),
  notices: query(
    ({ before, limit }: G) => sql`delete from ${notices} where (incident_id, seq) in
      (select incident_id, seq from ${notices} where at < ${before}
        and ${notHeld(notices.incident_id, before)} order by at limit ${limit})`,
  ),
  bodies: query(
    ({ before, limit }: G) => sql`delete from ${t.bodies} where id in
      (select id from ${t.bodies} where received_at < ${before} order by received_at limit ${limit})`,
  ),
  changes: query(
    ({ before, limit }: G) => sql`delete from ${t.changes} where id in
      (select id from ${t.changes} where at < ${before} order by at limit ${limit})`,
  ),
  sources: query(
    ({ before, limit }: G) => sql`delete from ${sourceFigures} where name in
      (select name from ${sourceFigures} where last_seen_at < ${before} order by last_seen_at limit ${limit})`,
  ),
};
const outcomesOfNobody = query(() =>
  db
    .delete(sourceOutcomes)
    .where(notInArray(sourceOutcomes.name, db.select(pick(sourceFigures, 'name')).from(sourceFigures))),
);

const addSample = insert(t.diskSamples, 'keep');
const samples = query(() => db.select().from(t.diskSamples).orderBy(t.diskSamples.at));
const dropSamples = query(({ limit }: Given<{ limit: number }>) =>
  db
    .delete(t.diskSamples)
    .where(
      notInArray(
        t.diskSamples.at,
        db.select(pick(t.diskSamples, 'at')).from(t.diskSamples).orderBy(desc(t.diskSamples.at)).limit(limit),
      ),
    ),
);
const toldCounter = 'disk_told';
const readTold = query(() =>
  db.select(pick(t.counters, 'value')).from(t.counters).where(eq(t.counters.name, toldCounter)),
);
const writeTold = replace(t.counters);

export const pruningOf = (database: Database): Pruning => ({
  async prune(what, before, limit) {
    const statements: Statement[] = [pruning[what]({ before, limit })];
    if (what === 'sources') statements.push(outcomesOfNobody());
    const [removed] = await database.write(statements);
    return removed?.count ?? 0;
  },
  async sampleDisk({ at, dataBytes, freeBytes }, keep) {
    await database.write([
      addSample({ at, data_bytes: dataBytes, free_bytes: freeBytes }),
      dropSamples({ limit: keep }),
    ]);
  },
  async diskSamples() {
    const rows = await database.read(samples());
    return rows.map(({ at, data_bytes: dataBytes, free_bytes: freeBytes }) => ({ at, dataBytes, freeBytes }));
  },
  async dataBytes() {
    const { sizeBytes, logBytes } = await database.size();
    return sizeBytes + (logBytes ?? 0);
  },
  async diskTold() {
    return (await database.read(readTold()))[0]?.value ?? 0;
  },
  async setDiskTold(level) {
    await database.write([writeTold({ name: toldCounter, value: level })]);
  },
});
