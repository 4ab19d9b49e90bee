import type { z } from 'zod';
import { literal } from '../messages/literal.js';
import { suggestion } from '../messages/near.js';
import type { ConfigProblem } from './secrets.js';
import { fixes } from './sections/words.js';
import type { Located, Path } from './yaml.js';

type Issue = z.core.$ZodIssue;
interface Schema {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys to values',
  record: 'a map of keys to values',
};

/** What zod found, in words, at its place in the file. A value is quoted, but never one of a token. */
export function issueProblems(error: z.ZodError, located: Located, schema: object): ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, located, schema as Schema));
}

function problemsOf(issue: Issue, located: Located, schema: Schema): ConfigProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schemaAt(schema, path).properties ?? {});
    return issue.keys.map((key) => ({
      where: located.at(path, key),
      what: `${inside(path)}There is no key "${shown(key)}".`,
      fix: soundsSecret(key) ? writtenDown : sentence(suggestion(key, known)),
    }));
  }
  if (issue.code === 'invalid_key') {
    const key = String(path.at(-1));
    const inner = issue.issues[0];
    return [
      {
        where: located.at(path.slice(0, -1), key),
        what: `${inside(path.slice(0, -1))}"${shown(key)}" ${inner?.message ?? 'is not a name'}.`,
        fix: fixes.get(inner?.message ?? '') ?? 'Choose another name.',
      },
    ];
  }
  const value = valueAt(located.value, path);
  const { what, fix } = faultOf(issue, value);
  const quoted = typeof value !== 'object' && value !== undefined && !isSecret(path);
  const subject = quoted ? `"${shown(value)}" ` : /^(is|has|needs) /.test(what) ? 'It ' : '';
  return [{ where: placeOf(path, located), what: `${named(path)}: ${subject}${what}.`, fix }];
}

function faultOf(issue: Issue, value: unknown): { what: string; fix: string } {
  const fix = fixes.get(issue.message);
  if (fix !== undefined) return { what: issue.message, fix };
  if (issue.code === 'invalid_type') {
    const wanted = kinds[issue.expected] ?? issue.expected;
    if (value === undefined) return { what: 'It is missing', fix: `Give ${wanted}.` };
    if (isSecret(issue.path) && issue.expected === 'object')
      return {
        what: 'A token or secret must not stand in this file',
        fix: 'Put it into an environment variable or a file, write { env: NAME } or { file: /path }, and make a new one: this one was written down.',
      };
    return { what: `${lead(value)} not ${wanted}`, fix: `Write ${wanted}.` };
  }
  if (issue.code === 'invalid_value') {
    const known = issue.values.map(String);
    if (value === undefined) return { what: 'It is missing', fix: `Give one of ${listed(known)}.` };
    return { what: 'is not known here', fix: sentence(suggestion(String(value), known)) };
  }
  if (issue.code === 'too_big') return { what: 'is too large', fix: `Write ${issue.maximum} at most.` };
  if (issue.code === 'too_small') return { what: 'is too small', fix: `Write ${issue.minimum} at least.` };
  return { what: issue.message, fix: 'See docs/configuration.md.' };
}

const soundsSecret = (key: string): boolean => /(?:token|secret|password)$/i.test(key);
const writtenDown =
  'Secrets stand in the environment or in files of their own, docs/configuration.md says under which names. Make a new one: this one was written down.';
const secretKeys = ['tokens', 'secrets', 'token', 'routing-key', 'basic', 'ical'];
const isSecret = (path: Path): boolean => secretKeys.some((key) => path.includes(key));
const lead = (value: unknown): string =>
  typeof value === 'object' ? (value === null ? 'It is empty,' : 'It is') : 'is';
const shown = (value: unknown): string => literal(String(value), 60);
const sentence = (words: string): string =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[?.]$/.test(words) ? '' : '.'}`;

/** `people.ada.groups[1]` */
const named = (path: Path): string =>
  path.length === 0
    ? 'The file'
    : path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${shown(part)}`)).join('');
const inside = (path: Path): string => (path.length === 0 ? '' : `${named(path)}: `);

/** A missing value stands nowhere: then where its map's name stands. */
function placeOf(path: Path, located: Located): string {
  const last = path.at(-1);
  const above = valueAt(located.value, path.slice(0, -1));
  const absent = typeof last === 'string' && typeof above === 'object' && above !== null && !Object.hasOwn(above, last);
  if (!absent) return located.at(path);
  const holder = path.slice(0, -1);
  return holder.length > 0 ? located.at(holder.slice(0, -1), String(holder.at(-1))) : located.at([]);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, part) ? at[part as keyof typeof at] : undefined,
    value,
  );
}

const schemaAt = (schema: Schema, path: Path): Schema =>
  path.reduce<Schema>(
    (at, part) =>
      (typeof part === 'number' ? at.items : (at.properties?.[String(part)] ?? (at.additionalProperties || {}))) ?? {},
    schema,
  );

const listedAtMost = 12;

function listed(known: readonly string[]): string {
  if (known.length <= listedAtMost) return known.join(', ');
  return `${known.slice(0, listedAtMost).join(', ')} and ${known.length - listedAtMost} more, all in docs/sources/README.md`;
}
