import { secretsIn } from './find.js';

/** Where people and alerts write freely. Everything else in an event is an id, a count, a time or one of Muster's words. */
const free = new Set([
  'text',
  'title',
  'reason',
  'severityReason',
  'summary',
  'evidence',
  'what',
  'workaround',
  'said',
  'error',
  'why',
]);
/** Less than this stands in too many other places by chance. Characters. */
const shortest = 8;

/** `known`: they are secrets by their shape. */
export interface Words {
  known: boolean;
  words: readonly string[];
}

/**
 * What must be nowhere when this body is erased: the secrets in it, or, where none is known, all that was written
 * freely, each as it was written.
 */
export function wordsOf(body: unknown): Words {
  const secrets = secretsIn(body).map(({ text }) => text);
  if (secrets.length > 0) return { known: true, words: secrets };
  const words = new Set<string>();
  each(body, (text, key) => {
    if (free.has(key) && text.length >= shortest) words.add(text);
  });
  return { known: false, words: [...words].sort((a, b) => b.length - a.length) };
}

/** Letters alone, or an id: Muster's own records are made of such words. */
const ownMakings = /^(?:[a-z_-]*|[0-9a-f-]{32,})$/i;

/** Those that can be looked for among records without hitting what holds these together. */
export const telling = ({ known, words }: Words): string[] => words.filter((word) => known || !ownMakings.test(word));

/** Whether any of these words stands anywhere in a body. */
export function holdsAny(body: unknown, words: readonly string[]): boolean {
  let holds = false;
  each(body, (text) => {
    holds ||= words.some((word) => text.includes(word));
  });
  return holds;
}

/** The same value with `instead` where any of these words stood. */
export function without<T>(value: T, words: readonly string[], instead: string): T {
  if (typeof value === 'string')
    return words.reduce((left, word) => left.replaceAll(word, instead), value as string) as T;
  if (Array.isArray(value)) return value.map((one) => without(one, words, instead)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, without(one, words, instead)])) as T;
}

/** What ties records to one another stands under these names: words that are no secrets stay there. */
const ties =
  /Id$|^(?:id|key|kind|type|platform|channel|people|source|fingerprint|state|status|severity|to|say|card|tone|style|outcome)$/;

/** The same record, read from JSON, without these words in its texts; still a record, whatever the words are. */
export function recordWithout(record: unknown, { known, words }: Words, instead: string, name = ''): unknown {
  if (typeof record === 'string') return known || !ties.test(name) ? without(record, words, instead) : record;
  if (Array.isArray(record)) return record.map((one) => recordWithout(one, { known, words }, instead, name));
  if (typeof record !== 'object' || record === null) return record;
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, one]) => [key, recordWithout(one, { known, words }, instead, key)]));
}

/** A word as it stands in JSON, without its quotes. */
export const inJson = (word: string): string => JSON.stringify(word).slice(1, -1);

/** Every text in a value, with the name it has; the values of answers count as text. */
function each(value: unknown, see: (text: string, key: string) => void, key = ''): void {
  if (typeof value === 'string') see(value, key);
  else if (Array.isArray(value)) for (const one of value) each(one, see, key);
  else if (typeof value === 'object' && value !== null)
    for (const [name, one] of Object.entries(value)) each(one, see, key === 'answers' ? 'text' : name);
}
