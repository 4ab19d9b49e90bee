/** One statement. Placeholders are `?`, tables are written `chat.<name>`; each dialect turns both into its own. */
export interface Statement {
  sql: string;
  values: (string | number | null)[];
}

export type Row = Record<string, unknown>;

/** The web chat's own database: nothing is computed inside a transaction, so a transaction is a list of statements. */
export interface ChatDatabase {
  /** All statements in one durable transaction, in order, or none. Answers the rows each of them returned. */
  write(statements: readonly Statement[]): Promise<Row[][]>;
  read(statement: Statement): Promise<Row[]>;
  /** Other processes may write here too, so whoever follows the changes must also ask from time to time. */
  readonly shared: boolean;
  /** What comes first in the transaction that makes the first table: one process after the other. */
  readonly opening: readonly Statement[];
  /** Empties what the file keeps of before; a server does that by itself. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export type ChatLocation = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

export const sql = (text: string, ...values: Statement['values']): Statement => ({ sql: text, values });

/** `pg` is only loaded by those who use it. */
export async function openDatabase(location: ChatLocation): Promise<ChatDatabase> {
  if (location.kind === 'sqlite') return (await import('./sqlite.js')).openSqlite(location.file);
  return (await import('./postgres.js')).openPostgres(location.url);
}
