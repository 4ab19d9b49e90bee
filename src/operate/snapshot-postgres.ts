import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { openStore as openChat } from '../chat/web/store.js';
import { openStore } from '../store/open.js';
import { alone } from './snapshot.js';
import { listed, type Table, tablesOf } from './tables.js';
import { UnderWayError } from './under-way.js';

const rowsAtOnce = 500;
const bigint = 20;
/** Any number, but ours: two backups of one database at once would only be in each other's way. */
const backingUp = 7_370_003;

export const connection = (url: string): pg.Client =>
  new pg.Client({
    connectionString: url,
    application_name: 'muster backup',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: {
      getTypeParser: ((oid: number, format: never) =>
        oid === bigint ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });

/**
 * Writes both schemas, as they are at one moment, into two new SQLite files with the same tables. Those who write
 * meanwhile neither wait nor show.
 */
export async function snapshotPostgres(
  url: string,
  to: { ledger: string; chat: string },
  onRows: (rows: number) => void = () => {},
): Promise<void> {
  const store = await openStore({ kind: 'sqlite', file: to.ledger });
  await store.close();
  await (await openChat({ kind: 'sqlite', file: to.chat })).close();
  const client = connection(url);
  // Told by whichever query is under way; unheard, it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1) AS alone, current_schema() AS schema', [
      backingUp,
    ]);
    if (!rows[0].alone) throw new UnderWayError();
    await sameVersion(client, rows[0].schema, to.ledger);
    let copied = 0;
    const counted = (more: number): void => {
      copied += more;
      onRows(copied);
    };
    await copy(client, rows[0].schema, to.ledger, counted);
    await copy(client, 'chat', to.chat, counted);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  for (const file of [to.ledger, to.chat]) alone(file);
}

/** The copy has our tables; those of another version would not fit into it. */
async function sameVersion(client: pg.Client, schema: string, ledger: string): Promise<void> {
  const { rows } = await client.query(`SELECT name FROM "${schema}".migrations ORDER BY name`);
  const copy = new Sqlite(ledger, { readonly: true });
  const ours = copy.prepare('SELECT name FROM migrations ORDER BY name').pluck().all();
  copy.close();
  if (JSON.stringify(rows.map(({ name }) => name)) !== JSON.stringify(ours))
    throw new Error('The database is of another version than this Muster. Back up with the Muster that runs on it.');
}

async function copy(client: pg.Client, schema: string, file: string, counted: (rows: number) => void): Promise<void> {
  const target = new Sqlite(file, { fileMustExist: true });
  try {
    target.pragma('foreign_keys = OFF');
    target.pragma('synchronous = OFF');
    for (const table of tablesOf(target)) {
      target.exec(`DELETE FROM "${table.name}"`);
      for await (const rows of read(client, schema, table)) {
        write(target, table, rows);
        counted(rows.length);
      }
    }
  } finally {
    target.close();
  }
}

async function* read(client: pg.Client, schema: string, { name, columns }: Table): AsyncGenerator<unknown[][]> {
  await client.query(`DECLARE copied NO SCROLL CURSOR FOR SELECT ${listed(columns)} FROM "${schema}"."${name}"`);
  for (;;) {
    const { rows } = await client.query({ text: `FETCH ${rowsAtOnce} FROM copied`, rowMode: 'array' });
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query('CLOSE copied');
}

function write(target: Sqlite.Database, { name, columns }: Table, rows: unknown[][]): void {
  const insert = target.prepare(
    `INSERT INTO "${name}" (${listed(columns)}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  target.transaction(() => {
    for (const row of rows) insert.run(...row);
  })();
}
