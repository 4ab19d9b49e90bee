import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import { z } from 'zod';
import { suggestion } from '../messages/near.js';
import { parseDate, parseDuration } from './duration.js';
import type { Playbook } from './playbook.js';
import type { Place, Report } from './report.js';
import { looksLikeSecret } from './secret-shape.js';
import { type Page, placeOf } from './tree.js';

type Front = Pick<Playbook, 'title' | 'owner' | 'reviewed' | 'reviewEveryMs' | 'matches' | 'severity' | 'needs'>;

const LONGEST = 16 * 1024;
const MOST_BRACKETS = 200;
/** Keys that reach into an object's prototype where a value is merged carelessly. */
const RESERVED = ['__proto__', 'constructor', 'prototype'];

const words = z.string({ error: 'is not a text' }).trim().min(1, 'is empty').max(500, 'is longer than 500 characters');
const oneOrMore = z
  .union([words.transform((only) => [only]), z.array(words).min(1)], { error: 'is not a text or a list of texts' })
  .pipe(z.array(z.string()).max(100, 'has more than 100 entries'));
const match = z.strictObject(
  {
    service: oneOrMore.optional(),
    alertname: oneOrMore.optional(),
    labels: z.record(z.string(), oneOrMore, { error: 'is not a map of label names to values' }).optional(),
  },
  { error: refusal('is not a map like { service: registry }') },
);
const mostMatches = 20;
const matches = z
  .preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(match).max(mostMatches, `has more than ${mostMatches} entries`),
  )
  .default([]);
const schema = z.strictObject(
  {
    title: words.max(200, 'is longer than 200 characters'),
    owner: words.nullish(),
    reviewed: words.refine((value) => parseDate(value) !== null, 'is not a date').nullish(),
    'review-every': words.refine((value) => parseDuration(value) !== null, 'is not a duration').nullish(),
    matches,
    severity: z.enum(['sev1', 'sev2', 'sev3'], { error: 'is not sev1, sev2 or sev3' }).nullish(),
    needs: oneOrMore
      .pipe(z.array(z.string().refine((line) => !looksLikeSecret(line), 'looks like the secret itself')))
      .default([]),
  },
  { error: refusal('is not a map of keys to values') },
);

/** Unknown keys keep zod's own issue; anything else about the map is said in our words. */
function refusal(message: string): (issue: { code?: string | undefined }) => string | undefined {
  return (issue) => (issue.code === 'invalid_type' ? message : undefined);
}

const HINTS: Record<string, string> = {
  title: 'write `title:` and a few words',
  reviewed: 'write a day that exists as 2026-11-01',
  'review-every': 'write a number and a unit: 90d, 12 weeks',
  severity: 'sev1 is the gravest',
  matches: 'write { service: name }, { alertname: name } or { labels: { name: value } }',
  needs: 'a list of texts that say where each credential is; put quotes around a text that has a colon',
};

/** The front matter, or null when it has errors (which are then reported). `now` in ms allows for the review's age. */
export function frontOf(page: Page, report: Report, now: number | undefined): Front | null {
  const node = page.root.children[0];
  if (node?.type !== 'yaml') {
    const hint = 'start the file with a line ---, then title: and a few words, then a line ---';
    report.error({ line: 1, column: 1 }, 'there is no front matter', hint);
    return null;
  }
  const firstLine = placeOf(node).line + 1;
  const brackets = [...node.value].filter((each) => '[{'.includes(each)).length;
  if (node.value.length > LONGEST || brackets > MOST_BRACKETS) {
    const message = `the front matter is ${brackets > MOST_BRACKETS ? 'nested too deep' : 'too long'}`;
    report.error({ line: firstLine, column: 1 }, message, 'it has a few short keys');
    return null;
  }
  const lines = new LineCounter();
  const document = parseDocument(node.value, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1) - 1 + firstLine, column: Math.max(col, 1) };
  };
  if (!soundYaml(document, report, place)) return null;
  const read = schema.safeParse(readValue(document));
  if (read.success) return frontWith(read.data, report, placeIn(document, place), now);
  for (const issue of read.error.issues) {
    reportIssue({ ...issue, path: asWritten(issue.path, document) }, report, placeIn(document, place));
  }
  return null;
}

/** An empty value (`owner:`) counts as absent. */
function readValue(document: Document): unknown {
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  if (value === null || value === '') return {};
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== '' && each !== null));
}

function soundYaml(document: Document<ParsedNode>, report: Report, place: (offset: number) => Place): boolean {
  for (const fault of [...document.errors, ...document.warnings]) {
    const reason = fault.message.split('\n')[0] ?? fault.code;
    report.error(
      place(fault.pos[0]),
      `the front matter is not YAML: ${reason}`,
      'put quotes around a text with a colon',
    );
  }
  if (report.failed()) return false;
  visit(document, (key, node) => {
    const at = isNode(node) ? place(node.range?.[0] ?? 0) : { line: 1, column: 1 };
    if (isAlias(node)) report.error(at, 'the front matter uses an alias', 'write the value out');
    if (key === 'key' && isScalar(node) && RESERVED.includes(String(node.value))) {
      report.error(at, `"${String(node.value)}" is not a key`, 'choose another name');
    }
    if (key === 'key' && !isScalar(node)) report.error(at, 'a key is not a text', 'write `key: value`');
  });
  return !report.failed();
}

/** A single match was read as a list of one. */
const asWritten = (path: PropertyKey[], document: Document): PropertyKey[] =>
  path[0] === 'matches' && !isSeq(document.get('matches', true)) ? path.filter((_, depth) => depth !== 1) : path;

/** Where a value stands; for a key that is absent, where its map stands. */
const placeIn =
  (document: Document, place: (offset: number) => Place) =>
  (path: readonly PropertyKey[], key?: string): Place => {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
      if (key !== undefined && isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && each.key.value === key);
        if (isNode(pair?.key)) return place(pair.key.range?.[0] ?? 0);
      }
      if (isNode(node)) return place(node.range?.[0] ?? 0);
    }
    return place(0);
  };

type PlaceOfKey = ReturnType<typeof placeIn>;

function reportIssue(issue: z.core.$ZodIssue, report: Report, placeOfKey: PlaceOfKey): void {
  const [top] = issue.path;
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(top === 'matches' ? match.shape : schema.shape);
    for (const key of issue.keys) {
      report.error(placeOfKey(issue.path, key), `unknown key "${key}"`, suggestion(key, known));
    }
    return;
  }
  const name = issue.path.map(String).join('.');
  const missing = name === 'title' && issue.code === 'invalid_type';
  const what = name === '' ? `the front matter ${issue.message}` : `${name} ${issue.message}`;
  report.error(
    placeOfKey(issue.path),
    missing ? 'the title is missing' : what,
    HINTS[String(top)] ?? 'write `key: value`',
  );
}

function frontWith(
  front: z.infer<typeof schema>,
  report: Report,
  placeOfKey: PlaceOfKey,
  now: number | undefined,
): Front {
  const reviewedAt = parseDate(front.reviewed ?? '');
  const reviewEveryMs = parseDuration(front['review-every'] ?? '');
  if (reviewEveryMs !== null && reviewedAt === null) {
    report.warning(
      placeOfKey([], 'review-every'),
      'no review is recorded',
      'add `reviewed:` with the day of the last one',
    );
  } else if (now !== undefined && reviewedAt !== null && reviewedAt > now) {
    report.warning(placeOfKey([], 'reviewed'), `the review is dated in the future`, 'write the day it took place');
  } else if (now !== undefined && reviewedAt !== null && reviewEveryMs !== null && reviewedAt + reviewEveryMs < now) {
    const due = new Date(reviewedAt + reviewEveryMs).toISOString().slice(0, 10);
    report.warning(
      placeOfKey([], 'reviewed'),
      `the review was due on ${due}`,
      'go through the steps, then set the new date',
    );
  }
  return {
    title: front.title,
    owner: front.owner ?? null,
    reviewed: front.reviewed ?? null,
    reviewEveryMs,
    matches: front.matches.map(({ service, alertname, labels }) => ({
      ...(service && { service }),
      ...(alertname && { alertname }),
      ...(labels && { labels }),
    })),
    severity: front.severity ?? null,
    needs: front.needs,
  };
}
