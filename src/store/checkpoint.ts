import { eq, ne } from 'drizzle-orm/sql';
import type { Actor } from '../incident/state.js';
import { commitStatements, systemStream } from './commit.js';
import type { Database } from './database.js';
import { ConflictError, type NewEvent, type Store } from './port.js';
import { db, type Given, pick, query } from './query.js';
import { heads, incidents } from './schema.js';

/** `heads`: per stream that has changed since the last checkpoint, the seq and hash it has come to. */
export interface CheckpointBody {
  heads: Record<string, [seq: number, hash: string]>;
}

const systemHead = query(() =>
  db
    .select(pick(heads, 'seq', 'hash'))
    .from(heads)
    .where(eq(heads.stream, systemStream)),
);
const changed = query(() =>
  db
    .select(pick(incidents, 'id', 'seq', 'head'))
    .from(incidents)
    .where(ne(incidents.seq, incidents.checkpoint_seq))
    .orderBy(incidents.id)
    .limit(1000),
);
const seen = query(({ id, seq }: Given<{ id: string; seq: number }>) =>
  db.update(incidents).set({ checkpoint_seq: seq }).where(eq(incidents.id, id)),
);
const actor: Actor = { kind: 'machine', name: 'audit' };
const triesAtMost = 5;

/** What a change of the system stream says of where it stands. */
export async function systemPosition(
  database: Database,
): Promise<{ id: string; expectedSeq: number; prevHash: string }> {
  const [row] = await database.read(systemHead());
  return { id: systemStream, expectedSeq: row?.seq ?? 0, prevHash: row?.hash ?? '' };
}

/** As many events as it takes; none when nothing has changed. The chain of `system` holds them together. */
export const checkpointOf = (database: Database): Store['checkpoint'] =>
  async function checkpoint(now) {
    for (let tries = 1; ; ) {
      const rows = await database.read(changed());
      if (rows.length === 0) return;
      const came: CheckpointBody['heads'] = {};
      for (const { id, seq, head } of rows) came[`incident/${id}`] = [seq, head];
      const body: CheckpointBody = { heads: came };
      const event: NewEvent = { type: 'checkpoint', at: now, recordedAt: now, actor, body };
      const stream = await systemPosition(database);
      try {
        await database.write([
          ...commitStatements([{ stream, events: [event], incident: null }]),
          ...rows.map(({ id, seq }) => seen({ id, seq })),
        ]);
      } catch (error) {
        if (!(error instanceof ConflictError) || tries++ === triesAtMost) throw error;
      }
    }
  };
