import { insert, replacing, type Statement, sql } from './database.js';
import type { Delivery, JobWrite, Lease } from './port.js';
import * as t from './schema.js';
import { note, storable, toJson } from './storable.js';

/** A card is edited at most this often. */
const cardEveryMs = 1000;

// A put never takes a lease away: whoever carries the old revision out finishes it, and only then is the new one handed
// out, so that an old text can never arrive after a newer one.
const put = insert(
  t.jobs,
  `ON CONFLICT (key) DO UPDATE SET
    lane = excluded.lane,
    position = CASE WHEN excluded.kind = 'card' AND jobs.state = 'waiting' THEN jobs.position ELSE excluded.position END,
    due_at = CASE WHEN excluded.kind = 'card' AND jobs.state = 'waiting' AND jobs.due_at < excluded.due_at
      THEN jobs.due_at ELSE excluded.due_at END,
    not_before = NULL, revision = jobs.revision + 1, state = 'waiting', spent = 0, kind = excluded.kind,
    platform = excluded.platform, incident_id = excluded.incident_id, task = excluded.task, last_error = NULL`,
);
const restCard = sql(`
  UPDATE jobs SET due_at = (SELECT d.at FROM deliveries d WHERE d.job_key = jobs.key) + ${cardEveryMs}
  WHERE key = ? AND EXISTS (
    SELECT 1 FROM deliveries d WHERE d.job_key = jobs.key AND d.at + ${cardEveryMs} > jobs.due_at)`);
const dropIdle = sql('DELETE FROM jobs WHERE key = ? AND leased_until IS NULL');
const dropInHand = sql("UPDATE jobs SET state = 'dropped' WHERE key = ?");

/** A card that waits already keeps its place and its due time: a storm of changes must not push it back for ever. */
export function putJob({ key, lane, position, dueAt, platform, incidentId, task }: PutJob): Statement[] {
  const { kind } = task;
  const values = [storable(key), lane, position, dueAt, null, 1, 0, null, 'waiting', 0, 0, kind, platform, incidentId];
  const statements: Statement[] = [{ query: put, values: [...values, toJson(task), null] }];
  if (kind === 'card') statements.push({ query: restCard, values: [key] });
  return statements;
}
type PutJob = Extract<JobWrite, { put: unknown }>['put'];

/** A job in somebody's hand stays known until it is finished, so that its end can be told from a zombie's. */
export const dropJob = (key: string): Statement[] => [
  { query: dropIdle, values: [key] },
  { query: dropInHand, values: [key] },
];

const release = sql('UPDATE jobs SET leased_until = NULL WHERE key = ? AND fence = ? AND leased_until IS NOT NULL');
const removeFinished = sql("DELETE FROM jobs WHERE key = ? AND fence = ? AND (revision = ? OR state = 'dropped')");

/**
 * Only the last one to whom the job was handed out can finish it: the fence is never given twice. A newer revision
 * stays and is free from now on, a card not before a second after this delivery.
 */
export function finish({ key, fence, revision }: Lease, delivery: Delivery | null): Statement[] {
  const statements: Statement[] = [
    { query: release, values: [key, fence], one: true },
    { query: removeFinished, values: [key, fence, revision] },
  ];
  if (delivery)
    statements.push({ query: restDelivered, values: [delivery.at + cardEveryMs, key, delivery.at + cardEveryMs] });
  return statements;
}
const restDelivered = sql("UPDATE jobs SET due_at = ? WHERE key = ? AND kind = 'card' AND due_at < ?");

const putDelivery = insert(t.deliveries, replacing(t.deliveries));
export const deliver = ({ jobKey, incidentId, platform, channel, message, at }: Delivery): Statement => ({
  query: putDelivery,
  values: [jobKey, incidentId, platform, storable(channel), storable(message), at],
});

const failedNow = sql(`
  UPDATE jobs SET leased_until = NULL, not_before = ?, spent = spent + ?, last_error = ?, state = ?
  WHERE key = ? AND fence = ? AND revision = ? AND state = 'waiting' AND leased_until IS NOT NULL`);
const failedBefore = sql('UPDATE jobs SET leased_until = NULL WHERE key = ? AND fence = ? AND revision <> ?');
const failedInVain = sql("DELETE FROM jobs WHERE key = ? AND fence = ? AND state = 'dropped'");

/** The first statement counts 1 when the failure was noted; a newer revision, or a dropped job, has nothing to note. */
export function fail(
  { key, fence, revision }: Lease,
  { error, retryAt, spent }: { error: string; retryAt: number | null; spent: boolean },
): Statement[] {
  const state = retryAt === null ? 'quarantined' : 'waiting';
  return [
    { query: failedNow, values: [retryAt, spent ? 1 : 0, note(error), state, key, fence, revision] },
    { query: failedBefore, values: [key, fence, revision] },
    { query: failedInVain, values: [key, fence] },
  ];
}
