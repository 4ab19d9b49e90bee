import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open.js';
import * as schema from '../../src/store/schema.js';
import { freshPostgres } from '../fakes/postgres.js';

/** One line per column and key, as the database itself tells them. */
const asWritten = Object.values(schema)
  .map(getTableConfig)
  .flatMap(({ name, columns, primaryKeys }) => {
    const key = primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
    return [
      ...columns.map((column) => `${name}.${column.name} ${column.getSQLType()}${column.notNull ? ' not null' : ''}`),
      `${name} primary key ${key.map((column) => column.name).join(', ')}`,
      ...columns.filter(({ isUnique }) => isUnique).map((column) => `${name} unique ${column.name}`),
    ];
  })
  .sort();

test('the migrated SQLite file has exactly the tables of schema.ts', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'muster-schema-'));
  const file = path.join(dir, 'muster.db');
  await (await openStore({ kind: 'sqlite', file })).close();
  const database = new Sqlite(file, { readonly: true });
  const names = database
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migrations')`)
    .pluck()
    .all() as string[];
  const found = names.flatMap((name) => {
    const columns = database.pragma(`table_info(${name})`) as {
      name: string;
      type: string;
      notnull: number;
      pk: number;
    }[];
    const key = columns.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk);
    const unique = (database.pragma(`index_list(${name})`) as { name: string; origin: string }[])
      .filter(({ origin }) => origin === 'u')
      .map((index) =>
        (database.pragma(`index_info(${index.name})`) as { name: string }[]).map((column) => column.name).join(', '),
      );
    return [
      ...columns.map(
        (column) => `${name}.${column.name} ${column.type.toLowerCase()}${column.notnull ? ' not null' : ''}`,
      ),
      `${name} primary key ${key.map((column) => column.name).join(', ')}`,
      ...unique.map((column) => `${name} unique ${column}`),
    ];
  });
  database.close();
  await rm(dir, { recursive: true });
  expect(found.sort()).toEqual(asWritten);
});

test('the migrated PostgreSQL database has exactly the tables of schema.ts, however many start it at once', async () => {
  const { url, stop } = await freshPostgres();
  const stores = await Promise.all([1, 2, 3].map(() => openStore({ kind: 'postgres', url })));
  for (const store of stores) await store.close();
  const client = new pg.Client(url);
  await client.connect();
  const columns = await client.query<{ line: string }>(`
    SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'integer' ELSE data_type END
      || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS line
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'migrations'`);
  const keys = await client.query<{ line: string }>(`
    SELECT c.conrelid::regclass || ' ' || CASE c.contype WHEN 'p' THEN 'primary key' ELSE 'unique' END || ' ' || (
      SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k(attnum, n)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS line
    FROM pg_constraint c WHERE c.contype IN ('p', 'u') AND c.conrelid <> 'migrations'::regclass
      AND c.connamespace = 'public'::regnamespace`);
  await client.end();
  await stop();
  expect([...columns.rows, ...keys.rows].map(({ line }) => line).sort()).toEqual(asWritten);
});

test('a PostgreSQL database of another program, or of a newer Muster, is refused', async () => {
  const { url, stop } = await freshPostgres();
  const change = async (statement: string) => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query(statement);
    await client.end();
  };
  await change('CREATE TABLE recipes (name text)');
  await expect(openStore({ kind: 'postgres', url })).rejects.toThrow('not those of Muster');
  await change('DROP TABLE recipes');
  await (await openStore({ kind: 'postgres', url })).close();
  await change(`INSERT INTO migrations VALUES ('9999_future.sql', 'x', 1)`);
  await expect(openStore({ kind: 'postgres', url })).rejects.toThrow('which this Muster does not know');
  await change(`DELETE FROM migrations WHERE name LIKE '9999%'; UPDATE migrations SET sha256 = 'x'`);
  await expect(openStore({ kind: 'postgres', url })).rejects.toThrow('0001_initial.sql was changed');
  await stop();
});
