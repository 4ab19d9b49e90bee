import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Compiled, Database, OpenMode, Result, Results, Statement } from './database.js';
import type { Migrating } from './migrate.js';
import { ConflictError } from './port.js';

const full = 2;
const conflicts = new Set(['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE']);
/** Larger files are checked by `muster doctor`, not at every start: it takes about 0.5 s per 100 MB. */
const checkedAtMostBytes = 100 * 1024 * 1024;

/**
 * A file that stays where it is. A missing one is made aside and moved into place complete, so an empty or damaged
 * file is always one that has lost something: it is refused, never filled anew.
 */
export function openSqlite(
  file: string,
  migrate: (database: Migrating) => void,
  { mode = 'migrate' }: { mode?: OpenMode } = {},
): Database {
  if (mode === 'migrate' && !existsSync(file)) create(file, migrate);
  const database = open(file, mode === 'read');
  try {
    migrate(migrating(database));
  } catch (error) {
    database.close();
    throw error;
  }
  return compiled(file, database);
}

function create(file: string, migrate: (database: Migrating) => void): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  for (const end of ['', '-wal', '-shm']) rmSync(fresh + end, { force: true });
  const database = new Sqlite(fresh);
  try {
    prepare(database);
    migrate(migrating(database));
  } finally {
    database.close();
  }
  try {
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh);
  }
  const folder = openSync(path.dirname(file), 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function open(file: string, readonly: boolean): Sqlite.Database {
  const refused = (why: string, cause?: unknown) =>
    new Error(`${file} cannot be used: ${why} Nothing was changed. Restore a backup, or move the file away.`, {
      cause,
    });
  const about = statSync(file, { throwIfNoEntry: false });
  if (!about) throw new Error(`There is no database at ${file}.`);
  if (about.size === 0) throw refused('it is empty.');
  const database = new Sqlite(file, { fileMustExist: true, readonly });
  try {
    prepare(database, readonly);
    const found = about.size > checkedAtMostBytes ? 'ok' : database.pragma('quick_check(1)', { simple: true });
    if (found !== 'ok') throw refused(`it is damaged (${found}).`);
    return database;
  } catch (error) {
    database.close();
    const code = error instanceof Sqlite.SqliteError ? error.code : '';
    if (code === 'SQLITE_NOTADB') throw refused('it is not a database.', error);
    if (code.startsWith('SQLITE_CORRUPT')) throw refused('it is damaged.', error);
    throw error;
  }
}

/** Older ones can lose commits when two connections write and checkpoint at once. */
function sound(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3) return major > 3;
  if (minor === 44) return patch >= 6;
  if (minor === 50) return patch >= 7;
  return minor > 51 || (minor === 51 && patch >= 3);
}

function prepare(database: Sqlite.Database, readonly = false): void {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string;
  if (!sound(version)) throw new Error(`SQLite ${version} can lose commits; 3.51.3 or newer is needed.`);
  database.pragma('busy_timeout = 5000');
  if (readonly) return;
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  // What is erased is overwritten in the file too.
  database.pragma('secure_delete = ON');
  // 16 MB: a page written many times goes into the file once.
  database.pragma('wal_autocheckpoint = 4000');
  // 64 MB: the indexes by which a million alerts are found stay in memory.
  database.pragma('cache_size = -65536');
}

const migrating = (database: Sqlite.Database): Migrating => ({
  run: (script) => database.exec(script),
  all: (text, values = []) => database.prepare(text).all(...values) as ReturnType<Migrating['all']>,
});

function compiled(file: string, database: Sqlite.Database): Database {
  const prepared = new Map<Compiled, Sqlite.Statement>();
  const statementOf = (query: Compiled): Sqlite.Statement => {
    let statement = prepared.get(query);
    if (!statement) {
      statement = database.prepare(query.text);
      prepared.set(query, statement);
    }
    return statement;
  };
  const run = ({ query, values }: Statement): Result => {
    const statement = statementOf(query);
    if (!statement.reader) return { rows: [], count: statement.run(...values).changes };
    const rows = statement.all(...values);
    return { rows, count: rows.length };
  };
  const all = <R>({ query, values }: Statement<R>) => statementOf(query).all(...values) as R[];
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const rollback = database.prepare('ROLLBACK');

  const transaction = (statements: readonly Statement[]): Result[] => {
    const results: Result[] = [];
    begin.run();
    let current: Statement | undefined;
    try {
      for (current of statements) {
        const result = run(current);
        if (current.one && result.count !== 1) throw new ConflictError(current.stream ? [current.stream] : []);
        results.push(result);
      }
      current = undefined;
      commit.run();
    } catch (error) {
      if (database.inTransaction) rollback.run();
      if (error instanceof Sqlite.SqliteError && conflicts.has(error.code))
        throw new ConflictError(current?.stream ? [current.stream] : [], { cause: error });
      throw error;
    }
    return results;
  };

  let asserted = false;
  return {
    shared: false,
    async write<const S extends readonly Statement[]>(statements: S) {
      const results = transaction(statements);
      // The library weakens WAL to NORMAL unless told otherwise, and shows it only after a write.
      if (!asserted && database.pragma('synchronous', { simple: true }) !== full)
        throw new Error(`${file}: synchronous=FULL does not hold, so a commit would not survive a power failure.`);
      asserted = true;
      return results as Results<S>;
    },
    read: async (statement) => all(statement),
    readEach: async (statements) => statements.map(all),
    async size() {
      const bytes = (end: string): number => statSync(file + end, { throwIfNoEntry: false })?.size ?? 0;
      return { sizeBytes: bytes(''), logBytes: bytes('-wal') };
    },
    async damage() {
      const found = database.prepare('PRAGMA quick_check(20)').pluck().all() as string[];
      return found.filter((line) => line !== 'ok');
    },
    clock: async () => null,
    async forget() {
      const [outcome] = database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      return outcome?.busy === 0;
    },
    async close() {
      database.close();
    },
  };
}
