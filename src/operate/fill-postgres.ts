import Sqlite from 'better-sqlite3';
import type pg from 'pg';
import { openStore as openChat } from '../chat/web/store.js';
import { openStore } from '../store/open.js';
import { connection } from './snapshot-postgres.js';
import { listed, type Table, tablesOf } from './tables.js';

const rowsAtOnce = 500;
/** Filled by the tables' own making, and by a Muster that only looked whether it can write. */
const neverEmpty = ['migrations', 'counters', 'meta', 'counter'];

/** @throws when the database holds anything: tables of another program, or rows of a Muster. */
export async function refuseUsedPostgres(url: string): Promise<void> {
  const used = await onOne(url, async (client) => {
    const { rows } = await client.query<{ schema: string; name: string }>(
      `SELECT schemaname AS schema, tablename AS name FROM pg_tables
       WHERE schemaname IN (current_schema(), 'chat') ORDER BY schemaname DESC, tablename`,
    );
    const ours = rows.length === 0 || rows.some(({ name }) => name === 'migrations');
    if (!ours) return rows[0]?.name;
    for (const { schema, name } of rows) {
      if (neverEmpty.includes(name)) continue;
      const { rowCount } = await client.query(`SELECT 1 FROM "${schema}"."${name}" LIMIT 1`);
      if (rowCount) return name;
    }
    return undefined;
  });
  if (used !== undefined)
    throw new Error(
      `The database is in use: its table ${used} is there and not empty. A backup is restored into an empty one: make it with createdb, and point DATABASE_URL at it.`,
    );
}

/** Fills an empty database from two SQLite files: all of it in one transaction, or nothing. */
export async function fillPostgres(url: string, from: { ledger: string; chat: string }): Promise<void> {
  await (await openStore({ kind: 'postgres', url })).close();
  await (await openChat({ kind: 'postgres', url })).close();
  await onOne(url, async (client) => {
    await client.query('BEGIN');
    const { rows } = await client.query('SELECT current_schema() AS schema');
    await fill(client, rows[0].schema, from.ledger);
    await fill(client, 'chat', from.chat);
    await client.query('COMMIT');
  });
}

async function fill(client: pg.Client, schema: string, file: string): Promise<void> {
  const source = new Sqlite(file, { readonly: true, fileMustExist: true });
  try {
    for (const table of tablesOf(source)) {
      await client.query(`DELETE FROM "${schema}"."${table.name}"`);
      let rows: unknown[][] = [];
      for (const row of source
        .prepare(`SELECT ${listed(table.columns)} FROM "${table.name}"`)
        .raw()
        .iterate()) {
        rows.push(row as unknown[]);
        if (rows.length < rowsAtOnce) continue;
        await insert(client, schema, table, rows);
        rows = [];
      }
      if (rows.length > 0) await insert(client, schema, table, rows);
    }
  } finally {
    source.close();
  }
}

async function insert(client: pg.Client, schema: string, { name, columns }: Table, rows: unknown[][]): Promise<void> {
  const arrays = columns.map(({ text }, n) => `$${n + 1}::${text ? 'text' : 'bigint'}[]`).join(', ');
  await client.query(
    `INSERT INTO "${schema}"."${name}" (${listed(columns)}) SELECT * FROM unnest(${arrays})`,
    columns.map((_, n) => rows.map((row) => row[n])),
  );
}

async function onOne<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = connection(url);
  // Told by whichever query is under way; unheard, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    throw new Error(`PostgreSQL cannot be used: ${said || (error as { code?: string }).code}`, { cause: error });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
