import { and, eq, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm/sql';
import type { Statement } from './database.js';
import type { Delivery, JobWrite, Lease } from './port.js';
import { db, excluded, type Given, insert, query, replace } from './query.js';
import * as t from './schema.js';
import { note, storable, toJson } from './storable.js';

/** A card is edited at most this often. */
const cardEveryMs = 1000;

const { jobs } = t;
const cardWaits = sql`${excluded(jobs.kind)} = 'card' and ${jobs.state} = 'waiting'`;
/** It would be the same card, for which nothing was tried yet: a storm of changes writes it once. */
const cardAsItWas = sql`${cardWaits} and ${jobs.leased_until} is null and ${jobs.due_at} <= ${excluded(jobs.due_at)}
  and ${jobs.not_before} is null and ${jobs.spent} = 0 and ${jobs.held} = 0 and coalesce(${jobs.lane}, '') = coalesce(${excluded(jobs.lane)}, '')
  and ${jobs.task} = ${excluded(jobs.task)}`;

// A put never takes a lease away: whoever carries the old revision out finishes it, and only then is the new one handed
// out, so that an old text can never arrive after a newer one.
const put = insert(jobs, {
  set: {
    lane: excluded(jobs.lane),
    position: sql`case when ${cardWaits} then ${jobs.position} else ${excluded(jobs.position)} end`,
    due_at: sql`case when ${cardWaits} and ${jobs.due_at} < ${excluded(jobs.due_at)} then ${jobs.due_at}
        else ${excluded(jobs.due_at)} end`,
    not_before: null,
    revision: sql`${jobs.revision} + 1`,
    state: 'waiting',
    spent: 0,
    kind: excluded(jobs.kind),
    platform: excluded(jobs.platform),
    incident_id: excluded(jobs.incident_id),
    task: excluded(jobs.task),
    last_error: null,
    held: 0,
  },
  setWhere: sql`not (${cardAsItWas})`,
});
const restCard = query(({ key }: Given<{ key: string }>) => {
  const free = sql`(select ${t.deliveries.at} + ${cardEveryMs} from ${t.deliveries} where ${t.deliveries.job_key} = ${jobs.key})`;
  return db
    .update(jobs)
    .set({ due_at: free })
    .where(and(eq(jobs.key, key), lt(jobs.due_at, free)));
});
const dropIdle = query(({ key }: Given<{ key: string }>) =>
  db.delete(jobs).where(and(eq(jobs.key, key), isNull(jobs.leased_until))),
);
const dropInHand = query(({ key }: Given<{ key: string }>) =>
  db.update(jobs).set({ state: 'dropped' }).where(eq(jobs.key, key)),
);

/** A card that waits already keeps its place and its due time: a storm of changes must not push it back for ever. */
function putJob({ key, lane, position, dueAt, platform, incidentId, task }: PutJob): Statement[] {
  const { kind } = task;
  const statement = put({
    key: storable(key),
    lane,
    position,
    due_at: dueAt,
    not_before: null,
    revision: 1,
    fence: 0,
    leased_until: null,
    state: 'waiting',
    leases: 0,
    spent: 0,
    kind,
    platform,
    incident_id: incidentId,
    task: toJson(task),
    last_error: null,
    held: 0,
  });
  return kind === 'card' ? [statement, restCard({ key })] : [statement];
}
const waitsThere = ({ incidentId, platform }: Given<{ incidentId: string; platform: string }>) =>
  and(eq(jobs.incident_id, incidentId), eq(jobs.platform, platform), eq(jobs.state, 'waiting'), eq(jobs.held, 0));
const clearIdle = query((where: Given<{ incidentId: string; platform: string }>) =>
  db.delete(jobs).where(and(waitsThere(where), isNull(jobs.leased_until))),
);
const clearInHand = query((where: Given<{ incidentId: string; platform: string }>) =>
  db.update(jobs).set({ state: 'dropped' }).where(waitsThere(where)),
);

/** In the order given: what is cleared may be put again behind it. */
export function jobWrites(job: JobWrite): Statement[] {
  if ('drop' in job) return dropJob(job.drop);
  if ('clear' in job) return [clearIdle(job.clear), clearInHand(job.clear)];
  return putJob(job.put);
}

type PutJob = Extract<JobWrite, { put: unknown }>['put'];

/** A job in somebody's hand stays known until it is finished, so that its end can be told from a zombie's. */
const dropJob = (key: string): Statement[] => [dropIdle({ key }), dropInHand({ key })];

type Held = Given<Pick<Lease, 'key' | 'fence'>>;
type Revised = Given<Pick<Lease, 'key' | 'fence' | 'revision'>>;
const held = ({ key, fence }: Held) => and(eq(jobs.key, key), eq(jobs.fence, fence));

const release = query((lease: Held) =>
  db
    .update(jobs)
    .set({ leased_until: null })
    .where(and(held(lease), isNotNull(jobs.leased_until))),
);
const removeFinished = query((lease: Revised) =>
  db.delete(jobs).where(and(held(lease), or(eq(jobs.revision, lease.revision), eq(jobs.state, 'dropped')))),
);
const restDelivered = query(({ key, at }: Given<{ key: string; at: number }>) =>
  db
    .update(jobs)
    .set({ due_at: at })
    .where(and(eq(jobs.key, key), eq(jobs.kind, 'card'), lt(jobs.due_at, at))),
);

/**
 * Only the last one to whom the job was handed out can finish it: the fence is never given twice. A newer revision
 * stays and is free from now on, a card not before a second after this delivery.
 */
export function finish(lease: Lease, delivery: Delivery | null): Statement[] {
  const statements: Statement[] = [{ ...release(lease), one: true }, removeFinished(lease)];
  if (delivery) statements.push(restDelivered({ key: lease.key, at: delivery.at + cardEveryMs }));
  return statements;
}

const putDelivery = replace(t.deliveries);
export const deliver = ({ jobKey, incidentId, platform, channel, message, at }: Delivery): Statement =>
  putDelivery({
    job_key: jobKey,
    incident_id: incidentId,
    platform,
    channel: storable(channel),
    message: storable(message),
    at,
  });

interface Failed {
  retryAt: number | null;
  counts: number;
  error: string;
  state: 'waiting' | 'quarantined';
}
const failedNow = query((lease: Revised & Given<Failed>) =>
  db
    .update(jobs)
    .set({
      leased_until: null,
      not_before: lease.retryAt,
      spent: sql`${jobs.spent} + ${lease.counts}`,
      last_error: lease.error,
      state: lease.state,
    })
    .where(
      and(held(lease), eq(jobs.revision, lease.revision), eq(jobs.state, 'waiting'), isNotNull(jobs.leased_until)),
    ),
);
const failedBefore = query((lease: Revised) =>
  db
    .update(jobs)
    .set({ leased_until: null })
    .where(and(held(lease), ne(jobs.revision, lease.revision))),
);
const failedInVain = query((lease: Held) => db.delete(jobs).where(and(held(lease), eq(jobs.state, 'dropped'))));

/** The first statement counts 1 when the failure was noted; a newer revision, or a dropped job, has nothing to note. */
export function fail(
  { key, fence, revision }: Lease,
  { error, retryAt, spent }: { error: string; retryAt: number | null; spent: boolean },
): [Statement, ...Statement[]] {
  const state = retryAt === null ? 'quarantined' : 'waiting';
  const failed = { retryAt, counts: spent ? 1 : 0, error: note(error), state } as const;
  return [
    failedNow({ key, fence, revision, ...failed }),
    failedBefore({ key, fence, revision }),
    failedInVain({ key, fence }),
  ];
}
