import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { ChatDatabase, Row, Statement } from './database.js';

const synchronousFull = 2;

/** A file of one process. Throws when it is no database or cannot be made durable. */
export async function openSqlite(file: string): Promise<ChatDatabase> {
  mkdirSync(path.dirname(file), { recursive: true });
  const database = new Sqlite(file);
  database.pragma('busy_timeout = 5000');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // What is erased is overwritten in the file too.
  database.pragma('secure_delete = ON');

  const prepared = new Map<string, Sqlite.Statement>();
  const run = ({ sql, values }: Statement): Row[] => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      statement = database.prepare(sql.replaceAll('chat.', ''));
      prepared.set(sql, statement);
    }
    if (statement.reader) return statement.all(...values) as Row[];
    statement.run(...values);
    return [];
  };
  const all = database.transaction((statements: readonly Statement[]) => statements.map(run));

  let asserted = false;
  return {
    shared: false,
    opening: [],
    async write(statements) {
      const rows = all.immediate(statements);
      // The library weakens WAL to NORMAL unless told otherwise, and shows it only after a write.
      if (!asserted && database.pragma('synchronous', { simple: true }) !== synchronousFull) {
        throw new Error(`${file}: synchronous=FULL does not hold`);
      }
      asserted = true;
      return rows;
    },
    read: async (statement) => run(statement),
    async forget() {
      database.pragma('wal_checkpoint(TRUNCATE)');
    },
    async close() {
      database.close();
    },
  };
}
