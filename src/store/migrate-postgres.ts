import type { PoolClient } from 'pg';
import { migrationsOf, migrationsTable, notOurs, older, pending } from './migrate.js';

/** Any number, but ours: replicas that start together migrate one after the other. */
const migrating = 7_370_002;

/** @throws when the database is not Muster's, is newer, or could not hold the same text as every other one. */
export async function migratePostgres(client: PoolClient): Promise<void> {
  const { rows: about } = await client.query<{ encoding: string; version: number }>(
    "SELECT current_setting('server_encoding') AS encoding, current_setting('server_version_num')::int AS version",
  );
  if (about[0]?.encoding !== 'UTF8')
    throw new Error(`The database is ${about[0]?.encoding}; it must be made with UTF8.`);
  if (about[0].version < 130_000) throw new Error('PostgreSQL 13 or newer is needed.');
  const known = migrationsOf('postgres');
  while (await applyNext(client, known));
}

/** @throws when the database is not Muster's, or is of another version. */
export async function checkPostgres(client: PoolClient): Promise<void> {
  const { rows: tables } = await client.query("SELECT to_regclass('migrations') AS known");
  if (tables[0]?.known === null)
    throw new Error('The database has no tables of Muster yet. Start Muster, or run: muster migrate');
  const { rows: applied } = await client.query('SELECT name, sha256 FROM migrations');
  const missing = pending(migrationsOf('postgres'), applied);
  if (missing.length > 0) throw older(missing);
}

async function applyNext(client: PoolClient, known: ReturnType<typeof migrationsOf>): Promise<boolean> {
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [migrating]);
  const { rows: tables } = await client.query<{ tablename: string }>(
    'SELECT tablename FROM pg_tables WHERE schemaname = current_schema()',
  );
  if (!tables.some(({ tablename }) => tablename === 'migrations')) {
    if (tables.length > 0) throw notOurs();
    await client.query(migrationsTable);
  }
  const { rows: applied } = await client.query('SELECT name, sha256 FROM migrations');
  const [next] = pending(known, applied);
  if (next) {
    await client.query(next.script);
    await client.query('INSERT INTO migrations VALUES ($1, $2, $3)', [next.name, next.sha256, Date.now()]);
  }
  await client.query('COMMIT');
  return next !== undefined;
}
