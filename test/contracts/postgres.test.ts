import { eq, sql } from 'drizzle-orm/sql';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../src/store/database.js';
import { openStore } from '../../src/store/open.js';
import { openPostgres } from '../../src/store/postgres.js';
import { db, type Given, query } from '../../src/store/query.js';
import { counters } from '../../src/store/schema.js';
import { freshPostgres } from '../fakes/postgres.js';

let url: string;
let stop: () => Promise<void>;
let admin: pg.Client;
let database: Database;
let opened: Database | undefined;
beforeEach(async () => {
  ({ url, stop } = await freshPostgres());
  admin = new pg.Client(url);
  await admin.connect();
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await admin.end();
  await stop();
});

const raising = query(({ name }: Given<{ name: string }>) =>
  db
    .update(counters)
    .set({ value: sql`${counters.value} + 1` })
    .where(eq(counters.name, name)),
);
const raise = (name: string) => ({ ...raising({ name }), one: true as const });
const nap = query(() => sql`select pg_sleep(0.1)`)();
const all = query(() => db.select().from(counters).orderBy(counters.name));
const values = async () => {
  const rows = await database.read(all());
  return rows.map(({ value }) => value);
};
const others = 'FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

test('a deadlock is settled by giving the transaction again', async () => {
  database = opened = await openPostgres(url);
  await Promise.all([
    database.write([raise('fence'), nap, raise('pulse')]),
    database.write([raise('pulse'), nap, raise('fence')]),
  ]);
  expect(await values()).toEqual([2, 2]);
});

test('connections that were cut while idle are replaced', async () => {
  database = opened = await openPostgres(url);
  await Promise.all([1, 2, 3].map(() => database.write([raise('fence')])));
  await admin.query(`SELECT pg_terminate_backend(pid) ${others}`);
  await expect.poll(values).toEqual([3, 0]);
});

test('a transaction whose connection is cut leaves nothing, and the process lives', async () => {
  database = opened = await openPostgres(url);
  const cut = database.write([raise('fence'), query(() => sql`select pg_sleep(30)`)()]);
  const expectation = expect(cut).rejects.toThrow();
  await expect
    .poll(
      async () => (await admin.query(`SELECT pg_terminate_backend(pid) ${others} AND query LIKE '%sleep%'`)).rowCount,
    )
    .toBe(1);
  await expectation;
  expect(await values()).toEqual([0, 0]);
});

test('whoever waits for a lock that somebody keeps gets an error in the end, and a replica that stops loses its own', async () => {
  database = opened = await openPostgres(url);
  const settings = query(
    () =>
      sql`SELECT current_setting('lock_timeout') AS lock, current_setting('idle_in_transaction_session_timeout') AS idle`,
  );
  expect(await database.read(settings())).toEqual([{ lock: '10s', idle: '5s' }]);
});

test.each([
  ['off', 'on'],
  ['remote_apply', 'remote_apply'],
])('where commits are %s by default they are %s for Muster', async (given, expected) => {
  const { rows } = await admin.query('SELECT current_database() AS name');
  await admin.query(`ALTER DATABASE ${rows[0].name} SET synchronous_commit = ${given}`);
  database = opened = await openPostgres(url);
  const setting = query(() => sql`SELECT current_setting('synchronous_commit') AS c`);
  expect(await database.read(setting())).toEqual([{ c: expected }]);
});

test('a server that is not there is named as the trouble', async () => {
  await expect(openStore({ kind: 'postgres', url: 'postgres://muster@127.0.0.1:1/none' })).rejects.toThrow(
    /^PostgreSQL cannot be used: .*ECONNREFUSED/,
  );
});

test('a database that could not hold all text is refused', async () => {
  const { rows } = await admin.query('SELECT current_database() AS name');
  await admin.query(`CREATE DATABASE ${rows[0].name}_l1 ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
  await expect(openStore({ kind: 'postgres', url: `${url}_l1` })).rejects.toThrow('it must be made with UTF8');
  await admin.query(`DROP DATABASE ${rows[0].name}_l1`);
});
