import type { Query, Statement, Value } from './database.js';

/** A query as PostgreSQL wants it: placeholders have numbers. */
export function numberedText(query: Query): string {
  const known = numbered.get(query);
  if (known) return known;
  let n = 0;
  const text = query.text.replaceAll('?', () => `$${++n}`);
  numbered.set(query, text);
  return text;
}
const numbered = new WeakMap<Query, string>();

/** The same question for many keys at once; `nth` says, from 1, for which key a row was found. */
export function eachText(query: Query, keys: number): string {
  const known = each.get(query);
  if (known) return known;
  let n = 0;
  const one = query.text.replaceAll('?', () => `k.p${++n}`);
  const numbers = Array.from({ length: keys }, (_, index) => index + 1);
  const arrays = numbers.map((i) => `$${i}::text[]`).join(', ');
  const text = `SELECT k.nth, q.* FROM unnest(${arrays}) WITH ORDINALITY AS k(${numbers.map((i) => `p${i}`).join(', ')}, nth)
    CROSS JOIN LATERAL (${one}) q`;
  each.set(query, text);
  return text;
}
const each = new WeakMap<Query, string>();

/** The insert of many rows at once: one array per column. */
function manyText(query: Query, { table, tail }: NonNullable<Query['into']>): string {
  const known = many.get(query);
  if (known) return known;
  const columns = Object.entries(table.columns);
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, { type }], i) => `$${i + 1}::${type === 'text' ? 'text' : 'bigint'}[]`).join(', ');
  const text = `INSERT INTO ${table.name} (${names}) SELECT * FROM unnest(${arrays}) ${tail}`;
  many.set(query, text);
  return text;
}
const many = new WeakMap<Query, string>();

export interface Batch {
  of: Statement[];
  text: string;
  values: readonly (Value | readonly Value[])[];
}

/** Inserts into one table that follow one another become one statement, unless they would touch a row twice. */
export function batches(statements: readonly Statement[]): Batch[] {
  const runs: { of: Statement[]; keys: Set<string> }[] = [];
  for (const statement of statements) {
    const { query, values } = statement;
    const key = query.into ? keyOf(query.into.table, values) : '';
    const last = runs.at(-1);
    if (query.into && last?.of[0]?.query === query && !last.keys.has(key)) {
      last.of.push(statement);
      last.keys.add(key);
    } else runs.push({ of: [statement], keys: new Set([key]) });
  }
  return runs.map(({ of }) => {
    const { query, values } = of[0]!;
    if (of.length === 1 || !query.into) return { of, text: numberedText(query), values };
    const columns = values.map((_, column) => of.map((statement) => statement.values[column]!));
    return { of, text: manyText(query, query.into), values: columns };
  });
}

function keyOf(table: { columns: object; key: string[] }, values: readonly Value[]): string {
  const columns = Object.keys(table.columns);
  return JSON.stringify(table.key.map((column) => values[columns.indexOf(column)]));
}
