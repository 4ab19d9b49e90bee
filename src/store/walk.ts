import { setImmediate as turn } from 'node:timers/promises';
import { and, eq, gt, sql } from 'drizzle-orm/sql';
import type { TimelineEvent } from '../incident/events.js';
import type { Incident } from '../incident/state.js';
import { canonical } from './canonical.js';
import { bodyDigest, type EventRow, eventHash } from './chain.js';
import type { CheckpointBody } from './checkpoint.js';
import { systemStream } from './commit.js';
import type { Database } from './database.js';
import { db, type Given, pick, query } from './query.js';
import { heads, incidents, timeline } from './schema.js';
import { fromJson } from './storable.js';
import { asEvent, remnantsOf } from './timeline.js';

const page = query(({ stream, from }: Given<{ stream: string; from: number }>) =>
  db
    .select()
    .from(timeline)
    .where(and(eq(timeline.stream, stream), gt(timeline.seq, from)))
    .orderBy(timeline.seq)
    .limit(500),
);
const rowOf = query(({ id }: Given<{ id: string }>) =>
  db
    .select(pick(incidents, 'seq', 'head', 'incident'))
    .from(incidents)
    .where(eq(incidents.id, id)),
);
const headOf = query(({ stream }: Given<{ stream: string }>) =>
  db
    .select({ seq: heads.seq, head: sql<string>`${heads.hash}`.as('head'), incident: sql<null>`null`.as('incident') })
    .from(heads)
    .where(eq(heads.stream, stream)),
);

export type Fold = (events: readonly TimelineEvent[]) => Incident | null;
/** What the checkpoints say of each stream, the latest of them: the chain vouches for what stands before. */
export type Told = Map<string, { seq: number; hash: string; met: boolean }>;
export interface Walked {
  events: number;
  redacted: number;
  problems: { seq: number | null; what: string }[];
}
type Row = { seq: number; head: string; incident: string | null };
type Last = { seq: number; hash: string };

/** Follows one stream from its first event to its row. Fills `told` from the checkpoints it meets. */
export async function walk(database: Database, stream: string, told: Told, fold: Fold | undefined): Promise<Walked> {
  const walked: Walked = { events: 0, redacted: 0, problems: [] };
  const report = (seq: number | null, what: string) => walked.problems.push({ seq, what });
  const read = (from: number) => database.read(page({ stream, from }));
  const checkpoint = told.get(stream);
  const kept: EventRow[] = [];
  let last: Last = { seq: 0, hash: '' };

  for (let rows = await read(0); rows.length > 0; rows = await read(last.seq)) {
    for (const event of rows) {
      link(last, event, report);
      if (event.body === null) walked.redacted++;
      if (event.seq === checkpoint?.seq) {
        checkpoint.met = true;
        if (event.hash !== checkpoint.hash) report(event.seq, 'a checkpoint has seen another event here');
      }
      if (event.type === 'checkpoint') remember(event, told);
      // Kept only as long as needed: to fold them, and to know what was erased.
      else if (fold || event.body === null || event.type === 'redacted') kept.push(event);
      last = event;
    }
    walked.events += rows.length;
    await turn();
  }
  // Read after the events. What was written since then is no cut tail: it is in both.
  const row = await rowFor(database, stream);
  if (row && row.seq > last.seq && (await read(last.seq)).length > 0) return walk(database, stream, told, fold);
  end(last, row, kept, fold, report);
  return walked;
}

type Report = (seq: number | null, what: string) => void;

function link(prev: Last, event: EventRow, report: Report): void {
  const { seq, salt, body } = event;
  if (seq !== prev.seq + 1) report(seq, `the event before it, ${seq - 1}, is missing`);
  if (eventHash(prev.hash, event) !== event.hash) report(seq, 'it was changed, or does not follow the event before it');
  if (body !== null && salt !== null) {
    if (bodyDigest(salt, body) !== event.body_digest) report(seq, 'its body was changed');
  } else if (body !== salt) report(seq, 'it is half erased');
}

function remember({ body }: EventRow, told: Told): void {
  if (body === null) return;
  for (const [stream, [seq, hash]] of Object.entries(fromJson<CheckpointBody>(body).heads))
    told.set(stream, { seq, hash, met: false });
}

async function rowFor(database: Database, stream: string): Promise<Row | undefined> {
  const [row]: Row[] =
    stream === systemStream
      ? await database.read(headOf({ stream }))
      : await database.read(rowOf({ id: stream.slice('incident/'.length) }));
  return row;
}

function end(last: Last, row: Row | undefined, kept: EventRow[], fold: Fold | undefined, report: Report): void {
  const remnants = remnantsOf(kept);
  for (const { seq, body } of kept)
    if (body === null && !remnants.has(seq)) report(seq, 'its body is gone, and no event says why');
  if (!row) {
    if (last.seq > 0) report(null, 'it has events, but its row is gone');
  } else if (row.seq > last.seq)
    report(last.seq, `it ends here, but its row has seen event ${row.seq}: the tail is cut`);
  else if (row.seq < last.seq || row.head !== last.hash) report(last.seq, 'it ends otherwise than its row says');
  else if (fold && row.incident !== null) {
    try {
      const folded = fold(kept.map((event) => asEvent(event, remnants)));
      if (canonical(folded) !== canonical(fromJson(row.incident)))
        report(null, 'its row is not what its events come to');
    } catch (error) {
      report(null, `its events cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
