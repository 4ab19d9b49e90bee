import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';

/**
 * Makes this process the only server of a data folder; the returned function gives the folder back. The operating
 * system lets go of the lock when the process ends, however it ends. Reading beside a server needs no lock.
 * @throws when another process serves the folder.
 */
export function lockDataFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'muster.lock.db');
  const lock = new Sqlite(file, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Sqlite.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new Error(
      `Another Muster is serving ${folder}. Stop it first, or give this one a folder of its own with MUSTER_DATA.`,
      { cause: error },
    );
  }
  return () => lock.close();
}
