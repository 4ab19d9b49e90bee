import pg from 'pg';
import type { Database, OpenMode, Result, Results, Statement, Value } from './database.js';
import { checkPostgres, migratePostgres } from './migrate-postgres.js';
import { ConflictError } from './port.js';
import { batches, eachText, numbered } from './postgres-text.js';

const uniqueViolation = '23505';
/** Two transactions waited for each other; the server undid ours, so it can simply be given again. */
const undone = new Set(['40P01', '40001']);
const triesAtMost = 4;
const bigint = 20;

/**
 * Commits are durable whatever the server's default. A replica that stops in the middle of a transaction (a paused
 * machine) loses its session, so that its locks do not hold up the others; nobody waits for a lock for ever.
 */
const settings = `SELECT set_config('idle_in_transaction_session_timeout', '5s', false),
  set_config('lock_timeout', '10s', false),
  CASE current_setting('synchronous_commit') WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END`;

const readOnly = 'SET default_transaction_read_only = on';

/**
 * A database that several processes may share. Statements of a transaction are sent without waiting for one another's
 * answers, on one connection of its own; a broken connection is thrown away, and its transaction with it.
 */
export async function openPostgres(url: string, { mode = 'migrate' }: { mode?: OpenMode } = {}): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'muster',
    max: 8,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    query_timeout: 20_000,
    // Times in ms fit a number; by default the library gives bigint as text.
    types: {
      getTypeParser: ((oid: number, format: never) =>
        oid === bigint ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
    },
  });
  // An idle connection that breaks is dropped by the pool; whoever asks next gets a new one, or the error.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.query(mode === 'read' ? `${settings}; ${readOnly}` : settings).catch(() => client.end());
  });
  try {
    await onOne(pool, mode === 'migrate' ? migratePostgres : checkPostgres);
  } catch (error) {
    await pool.end();
    const code = codeOf(error);
    throw code ? new Error(`PostgreSQL cannot be used: ${(error as Error).message || code}`, { cause: error }) : error;
  }

  const write = (statements: readonly Statement[]) => onOne(pool, (client) => transaction(client, statements));
  return {
    shared: true,
    async write<const S extends readonly Statement[]>(statements: S) {
      for (let tries = 1; ; tries++) {
        try {
          return (await write(statements)) as Results<S>;
        } catch (error) {
          if (!undone.has(codeOf(error)) || tries === triesAtMost) throw error;
        }
      }
    },
    read: async ({ query, values }) => (await pool.query(prepared(numbered(query.text), values.map(findable)))).rows,
    async readEach<R>(statements: readonly Statement<R>[]) {
      const found: R[][] = statements.map(() => []);
      if (statements.length === 0) return found;
      const { query, values } = statements[0]!;
      const columns = values.map((_, column) => statements.map(({ values }) => findable(values[column]!)));
      const { rows } = await pool.query<R & { nth: number }>(prepared(eachText(query, columns.length), columns));
      for (const row of rows) found[row.nth - 1]!.push(row);
      return found;
    },
    async size() {
      const { rows } = await pool.query<{ size: number }>('SELECT pg_database_size(current_database()) AS size');
      return { sizeBytes: Number(rows[0]?.size ?? 0), logBytes: null };
    },
    damage: async () => [],
    async clock() {
      const { rows } = await pool.query<{ now: number }>(
        'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now',
      );
      return Number(rows[0]?.now);
    },
    forget: async () => true,
    close: () => pool.end(),
  };
}

async function onOne<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const remember = (error: Error) => {
    broken = error;
  };
  // Unheard, an error of a checked-out connection would end the process.
  client.on('error', remember);
  try {
    return await work(client);
  } catch (error) {
    // Also when nothing was begun: what matters is that the connection goes back with nothing open, or not at all.
    await client.query('ROLLBACK').catch(remember);
    throw error;
  } finally {
    client.off('error', remember);
    client.release(broken);
  }
}

async function transaction(client: pg.PoolClient, statements: readonly Statement[]): Promise<Result[]> {
  const sent = batches(statements);
  // A transaction in which a statement has failed is undone by COMMIT, so that need not be waited for either.
  const unconditional = !statements.some(({ one }) => one);
  const begun = client.query('BEGIN');
  const answers = sent.map(({ text, values }) => client.query(prepared(text, values)));
  const early = unconditional ? client.query('COMMIT') : null;
  const settled = await Promise.allSettled([begun, ...answers, ...(early ? [early] : [])]);

  const results: Result[] = [];
  settled.slice(1).forEach((answer, index) => {
    const batch = sent[index];
    const streams = [...new Set(batch?.of.flatMap(({ stream }) => stream ?? []))];
    if (answer.status === 'rejected') {
      if (codeOf(answer.reason) === uniqueViolation) throw new ConflictError(streams, { cause: answer.reason });
      throw answer.reason;
    }
    if (!batch) return;
    const count = answer.value.rowCount ?? 0;
    for (const { one } of batch.of) {
      if (one && count !== 1) throw new ConflictError(streams);
      results.push({ rows: answer.value.rows, count });
    }
  });
  if (!early) await client.query('COMMIT');
  return results;
}

/** What holds a NUL was never stored; asking for it finds nothing, as in SQLite, instead of breaking off. */
const findable = <V extends Value>(value: V): V =>
  (typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value) as V;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

const names = new Map<string, string>();
/** The same text has the same name on every connection, so that each parses it once. */
function prepared(text: string, values: readonly (Value | readonly Value[])[]): pg.QueryConfig {
  const name = names.get(text) ?? `m${names.size}`;
  names.set(text, name);
  return { name, text, values: values as Value[] };
}
