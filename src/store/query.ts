import { type Placeholder, type SQL, type SQLWrapper, sql } from 'drizzle-orm/sql';
import {
  BaseSQLiteDatabase,
  getTableConfig,
  type SQLiteColumn,
  type SQLiteInsertBase,
  type SQLiteInsertValue,
  SQLiteSyncDialect,
  type SQLiteTable,
  type SQLiteUpdateSetSource,
} from 'drizzle-orm/sqlite-core';
import type { Compiled, Statement, Value } from './database.js';

const dialect = new SQLiteSyncDialect();
/** Builds queries and never runs one, so it has no session. */
export const db = new BaseSQLiteDatabase<'sync', void>('sync', dialect, null as never, undefined);

/** What a query is asked with, by name. A `limit` and an `offset` have a type of their own in the builder. */
export type Given<V> = { [K in keyof V]: K extends 'limit' | 'offset' ? Placeholder : SQL<V[K]> };
type Asked<G> = { [K in keyof G]: G[K] extends SQL<infer V> ? V : number };
/** A row, from what the builder knows; a query written as text says itself: sql<Row>`…`. */
type RowOf<Q> = Q extends { _: { result: (infer R)[] } } ? R : Q extends SQL<infer R> ? R : never;

/** With its values a query is a statement. */
export type Query<V, R> = (...values: keyof V extends never ? [] : [V]) => Statement<R>;

/** What is not given by name becomes part of the text. */
export const query = <G extends Given<object>, Q extends SQLWrapper>(
  build: (given: G) => Q,
): Query<Asked<G>, RowOf<Q>> => once(() => compiled(build(anything as G)));

/** With the names of its placeholders, in their order. */
interface Named extends Compiled {
  names: readonly string[];
}

/** Compiled when first asked, and then no more. */
function once<V, R>(compile: () => Named): Query<V, R> {
  let known: Named;
  return (...[values]) => {
    known ??= compile();
    const by = values as Record<string, Value>;
    const list: Value[] = [];
    for (const name of known.names) list.push(by[name]!);
    return { query: known, values: list };
  };
}

const anything = new Proxy({}, { get: (_, name) => given(String(name)) });
function given(name: string): SQL | Placeholder {
  const placeholder = sql.placeholder(name);
  return name === 'limit' || name === 'offset' ? placeholder : sql`${placeholder}`;
}

function compiled(built: SQLWrapper): Named {
  const { sql: text, params } = dialect.sqlToQuery(built.getSQL().inlineParams());
  return { text, names: (params as Placeholder[]).map(({ name }) => name) };
}

type Columns<T extends SQLiteTable> = T['_']['columns'];

/** Some columns of a table, to be selected. */
export const pick = <T extends SQLiteTable, K extends string & keyof Columns<T> & keyof T>(table: T, ...names: K[]) =>
  Object.fromEntries(names.map((name) => [name, table[name]])) as unknown as Pick<Columns<T>, K>;

/** A column of the row that could not be inserted. */
export const excluded = (column: SQLiteColumn): SQL => sql`excluded.${sql.identifier(column.name)}`;

/** What becomes of a row whose primary key is there already: nothing, or these columns change. */
type Conflict<T extends SQLiteTable> = 'keep' | { set: SQLiteUpdateSetSource<T>; setWhere?: SQL };

/** An insert of whole rows. */
export const insert = <T extends SQLiteTable>(table: T, conflict?: Conflict<T>): Query<T['$inferSelect'], never> =>
  once(() => {
    const { columns } = getTableConfig(table);
    const row = Object.fromEntries(columns.map(({ name }) => [name, given(name)]));
    const arrays = columns.map(
      ({ name, dataType }) => sql`${given(name)}::${sql.raw(dataType === 'number' ? 'bigint' : 'text')}[]`,
    );
    const into = db.insert(table);
    const one = compiled(settled(into.values(row as SQLiteInsertValue<T>), table, conflict));
    const rows = into.select(sql`select * from unnest(${sql.join(arrays, sql`, `)})`);
    const key = keyOf(table).map((column) => columns.findIndex(({ name }) => name === column.name));
    return { ...one, many: { text: compiled(settled(rows, table, conflict)).text, key } };
  });

function settled<T extends SQLiteTable>(insert: SQLiteInsertBase<T, 'sync', void>, table: T, conflict?: Conflict<T>) {
  if (!conflict) return insert;
  if (conflict === 'keep') return insert.onConflictDoNothing();
  // The builder would say the table's name too, which PostgreSQL does not take here.
  const target = keyOf(table).map(({ name }) => sql.identifier(name)) as unknown as SQLiteColumn[];
  return insert.onConflictDoUpdate({ target, ...conflict });
}

function keyOf(table: SQLiteTable): SQLiteColumn[] {
  const { columns, primaryKeys } = getTableConfig(table);
  return primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
}

/** An insert that replaces all of a row already there. */
export function replace<T extends SQLiteTable>(table: T): Query<T['$inferSelect'], never> {
  const { columns } = getTableConfig(table);
  const rest = columns.filter(({ name }) => !keyOf(table).some((column) => column.name === name));
  const set = Object.fromEntries(rest.map((column) => [column.name, excluded(column)]));
  return insert(table, { set: set as SQLiteUpdateSetSource<T> });
}
