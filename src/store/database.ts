import type { Table } from './schema.js';

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** SQL text, written once for both databases. Placeholders are `?`; each dialect compiles and prepares it once. */
export interface Query {
  readonly text: string;
  /** Of an insert made by `insert`: what a dialect needs to write many rows at once. */
  readonly into?: { table: Table; tail: string };
}

export interface Statement {
  query: Query;
  values: Value[];
  /** Exactly one row must be affected, else the whole transaction is undone with a ConflictError. */
  one?: true;
  /** Whom the ConflictError names. */
  stream?: string;
}

/** What a statement did: the rows it returned, and how many it affected. */
export interface Result {
  rows: Row[];
  count: number;
}

/** A database, as the store needs it. Nothing is computed inside a transaction, so a transaction is a list. */
export interface Database {
  /**
   * All statements in one durable transaction, in order, or none. @throws ConflictError when a primary or unique key
   * is taken, or an expectation of a statement fails.
   */
  write(statements: readonly Statement[]): Promise<Result[]>;
  read(query: Query, values?: readonly Value[]): Promise<Row[]>;
  /** The same question for many keys; all values are text. Answers in the order of the keys. */
  readEach(query: Query, keys: readonly (readonly string[])[]): Promise<Row[][]>;
  /** True when other processes may write too. */
  readonly shared: boolean;
  close(): Promise<void>;
}

export const sql = (text: string): Query => ({ text });

/** All columns by name: `*` would break the prepared queries of a replica that runs while a newer one adds a column. */
export const columnsOf = (table: Table): string => Object.keys(table.columns).join(', ');

/** An insert of whole rows; `tail` says what to do when the row is there already. */
export function insert(table: Table, tail = ''): Query {
  const columns = Object.keys(table.columns);
  const text = `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${tail}`;
  return { text, into: { table, tail } };
}

/** The tail of an insert that replaces these columns of a row already there, or all that are no key. */
export function replacing(table: Table, columns?: string[]): string {
  const replaced = columns ?? Object.keys(table.columns).filter((column) => !table.key.includes(column));
  const set = replaced.map((column) => `${column} = excluded.${column}`).join(', ');
  return `ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${set}`;
}

export const keeping = (table: Table): string => `ON CONFLICT (${table.key.join(', ')}) DO NOTHING`;
