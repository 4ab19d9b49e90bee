import type { Actor } from '../incident/state.js';
import { commitStatements, systemStream } from './commit.js';
import { type Database, sql } from './database.js';
import { ConflictError, type NewEvent, type Store } from './port.js';

/** `heads`: per stream that has changed since the last checkpoint, the seq and hash it has come to. */
export interface CheckpointBody {
  heads: Record<string, [seq: number, hash: string]>;
}

const systemHead = sql('SELECT seq, hash FROM heads WHERE stream = ?');
const changed = sql(`SELECT id, seq, head FROM incidents WHERE seq <> checkpoint_seq ORDER BY id LIMIT 1000`);
const seen = sql('UPDATE incidents SET checkpoint_seq = ? WHERE id = ?');
const actor: Actor = { kind: 'machine', name: 'audit' };
const triesAtMost = 5;

/** What a change of the system stream says of where it stands. */
export async function systemPosition(
  database: Database,
): Promise<{ id: string; expectedSeq: number; prevHash: string }> {
  const [row] = await database.read(systemHead, [systemStream]);
  return { id: systemStream, expectedSeq: Number(row?.seq ?? 0), prevHash: String(row?.hash ?? '') };
}

/** As many events as it takes; none when nothing has changed. The chain of `system` holds them together. */
export const checkpointOf = (database: Database): Store['checkpoint'] =>
  async function checkpoint(now) {
    for (let tries = 1; ; ) {
      const rows = await database.read(changed);
      if (rows.length === 0) return;
      const heads: CheckpointBody['heads'] = {};
      for (const { id, seq, head } of rows) heads[`incident/${id}`] = [Number(seq), String(head)];
      const body: CheckpointBody = { heads };
      const event: NewEvent = { type: 'checkpoint', at: now, recordedAt: now, actor, body };
      const stream = await systemPosition(database);
      try {
        await database.write([
          ...commitStatements([{ stream, events: [event], incident: null }]),
          ...rows.map(({ id, seq }) => ({ query: seen, values: [seq!, id!] })),
        ]);
      } catch (error) {
        if (!(error instanceof ConflictError) || tries++ === triesAtMost) throw error;
      }
    }
  };
