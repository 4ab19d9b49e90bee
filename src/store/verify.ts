import { eq, gt, min, notExists, sql } from 'drizzle-orm/sql';
import { streamOf, systemStream } from './commit.js';
import type { Database } from './database.js';
import type { Store, Verification } from './port.js';
import { db, type Given, pick, query } from './query.js';
import { incidents, timeline } from './schema.js';
import { type Fold, type Told, walk } from './walk.js';

const nextStream = query(({ stream }: Given<{ stream: string }>) =>
  db
    .select({ stream: min(timeline.stream).as('stream') })
    .from(timeline)
    .where(gt(timeline.stream, stream)),
);
const rowsWithoutEvents = query(() => {
  const events = db
    .select(pick(timeline, 'seq'))
    .from(timeline)
    .where(eq(timeline.stream, sql`'incident/' || ${incidents.id}`));
  return db.select(pick(incidents, 'id')).from(incidents).where(notExists(events)).limit(100);
});

/** More would help nobody. */
const problemsShown = 100;

/** `fold`: also compare each row with what its events come to. */
export const verifierOf =
  (database: Database, fold: Fold | undefined): Store['verify'] =>
  async (onProgress) => {
    const found: Verification = { ok: true, streams: 0, events: 0, redacted: 0, problems: [] };
    const report = (stream: string, seq: number | null, what: string) => {
      found.ok = false;
      if (found.problems.length < problemsShown) found.problems.push({ stream, seq, what });
    };
    const told: Told = new Map();

    async function check(stream: string): Promise<void> {
      let walked = await walk(database, stream, told, fold);
      // Somebody may have redacted an event between two pages: what is really broken is so the second time too.
      if (walked.problems.length > 0) walked = await walk(database, stream, told, fold);
      for (const { seq, what } of walked.problems) report(stream, seq, what);
      if (walked.events > 0) found.streams++;
      found.events += walked.events;
      found.redacted += walked.redacted;
      onProgress?.(found.events);
    }

    // First, because it holds the checkpoints.
    await check(systemStream);
    for (let stream = await after(database, ''); stream !== null; stream = await after(database, stream))
      if (stream !== systemStream) await check(stream);
    for (const [stream, { seq, met }] of told)
      if (!met) report(stream, seq, 'a checkpoint has seen this event, and it is gone: the tail is cut');
    for (const { id } of await database.read(rowsWithoutEvents()))
      report(streamOf(id), null, 'all of its events are gone');
    return found;
  };

async function after(database: Database, stream: string): Promise<string | null> {
  const [row] = await database.read(nextStream({ stream }));
  return row?.stream ?? null;
}
