import type { PoolClient } from 'pg';
import { type ChatDatabase, type Row, type Statement, sql } from './database.js';

/** Under the 10 s after which a call counts as ambiguous. */
const queryTimeoutMs = 8_000;
const connectTimeoutMs = 5_000;
/** Any number, but ours: replicas that start together create the schema one after the other. */
const openingLock = 7_370_001;

/** The schema `chat` in that database; several processes may use it at once. */
export async function openPostgres(url: string): Promise<ChatDatabase> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: 'muster web chat',
  });
  // An idle connection that breaks is dropped by the pool; whoever asks next gets a new one or the error.
  pool.on('error', () => undefined);

  async function inTransaction<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    let broken: Error | undefined;
    const remember = (error: Error) => {
      broken = error;
    };
    client.on('error', remember);
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      // A failed rollback means a broken connection: it is thrown away below, and with it the transaction.
      await client.query('ROLLBACK').catch(remember);
      throw error;
    } finally {
      client.off('error', remember);
      client.release(broken);
    }
  }

  return {
    shared: true,
    opening: [sql('SELECT pg_advisory_xact_lock(?)', openingLock), sql('CREATE SCHEMA IF NOT EXISTS chat')],
    write: (statements) =>
      inTransaction(async (client) => {
        const rows: Row[][] = [];
        for (const statement of statements) rows.push((await client.query(...numbered(statement))).rows);
        return rows;
      }),
    read: async (statement) => (await pool.query(...numbered(statement))).rows,
    forget: async () => {},
    close: () => pool.end(),
  };
}

function numbered({ sql: text, values }: Statement): [string, Statement['values']] {
  let n = 0;
  return [text.replaceAll('?', () => `$${++n}`), values];
}
