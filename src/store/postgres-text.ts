import type { Compiled, Statement, Value } from './database.js';

/** Text as PostgreSQL wants it: placeholders have numbers. */
export function numbered(text: string): string {
  const known = numberedTexts.get(text);
  if (known) return known;
  let n = 0;
  const made = text.replaceAll('?', () => `$${++n}`);
  numberedTexts.set(text, made);
  return made;
}
const numberedTexts = new Map<string, string>();

/** The same question for many keys at once; `nth` says, from 1, for which key a row was found. */
export function eachText(query: Compiled, keys: number): string {
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
const each = new WeakMap<Compiled, string>();

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
    const key = query.many ? JSON.stringify(query.many.key.map((place) => values[place])) : '';
    const last = runs.at(-1);
    if (query.many && last?.of[0]?.query === query && !last.keys.has(key)) {
      last.of.push(statement);
      last.keys.add(key);
    } else runs.push({ of: [statement], keys: new Set([key]) });
  }
  return runs.map(({ of }) => {
    const { query, values } = of[0]!;
    if (of.length === 1 || !query.many) return { of, text: numbered(query.text), values };
    const columns = values.map((_, column) => of.map((statement) => statement.values[column]!));
    return { of, text: numbered(query.many.text), values: columns };
  });
}
