import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Value } from './database.js';

/** A connection, as far as migrating needs it. */
export interface Migrating {
  run(script: string): void;
  all(text: string, values?: Value[]): Row[];
}

type Row = Record<string, Value>;

export interface Migration {
  name: string;
  sha256: string;
  script: string;
}

/** In order of their names. Found from `src` and from `dist` alike. */
export function migrationsOf(kind: 'sqlite' | 'postgres'): Migration[] {
  const folder = new URL(`../../migrations/${kind}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const script = readFileSync(new URL(name, folder), 'utf8');
      return { name, script, sha256: createHash('sha256').update(script).digest('hex') };
    });
}

export const migrationsTable =
  'CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied_at BIGINT NOT NULL)';

/**
 * Those still to be applied. @throws when the database was written by a newer Muster, or by one whose files were
 * other than ours: it must not be touched then.
 */
export function pending(known: readonly Migration[], applied: readonly Row[]): Migration[] {
  const ours = new Map(known.map((migration) => [migration.name, migration]));
  for (const { name, sha256 } of applied) {
    const migration = ours.get(String(name));
    if (!migration)
      throw new Error(`The database has the migration ${name}, which this Muster does not know. Use a newer Muster.`);
    if (migration.sha256 !== sha256)
      throw new Error(`The migration ${name} was changed after it had been applied. Put the released file back.`);
  }
  const done = new Set(applied.map(({ name }) => name));
  return known.filter(({ name }) => !done.has(name));
}

/** The refusal for a database with tables, none of them ours. */
export const notOurs = (): Error =>
  new Error('The database has tables already, and they are not those of Muster. Give Muster a database of its own.');

/** The refusal of whoever may not migrate. */
export const older = (missing: readonly Migration[]): Error =>
  new Error(
    `The database is older than this Muster: ${missing.map(({ name }) => name).join(', ')} is missing. Start Muster, or run: muster migrate`,
  );

/** @throws when the database is not Muster's, or is of another version. */
export function checkSqlite(database: Migrating): void {
  const tables = database.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  if (!tables.some(({ name }) => name === 'migrations')) throw notOurs();
  const missing = pending(migrationsOf('sqlite'), database.all('SELECT name, sha256 FROM migrations'));
  if (missing.length > 0) throw older(missing);
}

/** SQLite: synchronous, on the one connection, each file in a transaction of its own. */
export function migrateSqlite(database: Migrating): void {
  const exists = (condition: string): boolean =>
    database.all(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND ${condition} LIMIT 1`).length > 0;
  if (!exists("name = 'migrations'")) {
    if (exists("name NOT LIKE 'sqlite_%'")) throw notOurs();
    database.run(migrationsTable);
  }
  const known = migrationsOf('sqlite');
  const applied = () => database.all('SELECT name, sha256 FROM migrations');
  for (const { name, sha256, script } of pending(known, applied())) {
    database.run('BEGIN IMMEDIATE');
    try {
      // Another process that started with us may have been faster.
      if (!database.all('SELECT 1 FROM migrations WHERE name = ?', [name]).length) {
        database.run(script);
        database.all('INSERT INTO migrations VALUES (?, ?, ?) RETURNING name', [name, sha256, Date.now()]);
      }
      database.run('COMMIT');
    } catch (error) {
      database.run('ROLLBACK');
      throw error;
    }
  }
}
