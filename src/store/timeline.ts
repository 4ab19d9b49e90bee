import { eq } from 'drizzle-orm/sql';
import type { TimelineEvent } from '../incident/events.js';
import type { EventRow } from './chain.js';
import { streamOf } from './commit.js';
import type { Database } from './database.js';
import { db, type Given, query } from './query.js';
import { timeline } from './schema.js';
import { fromJson } from './storable.js';

const eventsOf = query(({ stream }: Given<{ stream: string }>) =>
  db.select().from(timeline).where(eq(timeline.stream, stream)).orderBy(timeline.seq),
);

/** What stands in place of an erased body, by the seq of the event it belonged to. */
export function remnantsOf(rows: readonly EventRow[]): Map<number, unknown> {
  const remnants = new Map<number, unknown>();
  for (const { type, body } of rows) {
    if (type !== 'redacted' || body === null) continue;
    const { seq, remnant } = fromJson<{ seq: number; remnant: unknown }>(body);
    remnants.set(seq, remnant);
  }
  return remnants;
}

/** An event as it reads: a redacted one has its remnant for a body. */
export function asEvent(row: EventRow, remnants: ReadonlyMap<number, unknown>): TimelineEvent {
  const { seq, type, at, recorded_at: recordedAt, actor, body } = row;
  const event = { seq, type, at, recordedAt, actor: fromJson(actor) };
  return (
    body === null ? { ...event, body: remnants.get(seq), redacted: true } : { ...event, body: fromJson(body) }
  ) as TimelineEvent;
}

export async function timelineOf(database: Database, incidentId: string): Promise<TimelineEvent[]> {
  const rows = await database.read(eventsOf({ stream: streamOf(incidentId) }));
  const remnants = remnantsOf(rows);
  return rows.map((row) => asEvent(row, remnants));
}
