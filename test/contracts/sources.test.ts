import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { readAlerts, sourceOf, sources } from '../../src/alerts/sources.js';
import { kept } from '../../src/alerts/words.js';
import { readBody } from '../../src/http/body.js';
import { headersIn } from '../../src/http/recorded.js';
import { noon } from '../alerts/world.js';

/*
 * Each sender has a folder in test/fixtures/sources: real bodies, SOURCE.md that says where they are from, and
 * expected.json that says what is read from each.
 */
interface Case {
  /** The body's file; `query` and `form` hold the body where there is none. */
  file?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  form?: Record<string, string>;
  /** What must be read, field by field: one entry for each alert. `link` is the first one's address. */
  expect?: (Partial<Alert> & { link?: string | null })[];
  /** Instead: why nothing comes of it; a part of the words. */
  passedOver?: string;
}
interface Expected {
  cases: Case[];
  /** Files of a beginning and an end that are one episode; or places in `cases`. */
  episode?: [number, number][];
}

const folder = new URL('../fixtures/sources/', import.meta.url);
const kinds = readdirSync(folder)
  .filter((kind) => existsSync(new URL(`${kind}/expected.json`, folder)))
  .sort();
const expectedOf = (kind: string): Expected =>
  JSON.parse(readFileSync(new URL(`${kind}/expected.json`, folder), 'utf8'));

async function bodyOf(kind: string, { file, form, query }: Case): Promise<unknown> {
  if (file === undefined) return form ?? query;
  const raw = readFileSync(new URL(`${kind}/${file}`, folder));
  // A request line holds all there is to a GET.
  if (file.endsWith('.headers')) return headersIn(raw.toString('utf8')).query;
  if (file.endsWith('.multipart')) {
    const { headers } = headersIn(
      readFileSync(new URL(`${kind}/${file.replace(/multipart$/, 'headers')}`, folder), 'utf8'),
    );
    return readBody(raw, headers['content-type'], sourceOf(kind)?.takes ?? {});
  }
  return file.endsWith('.json') ? JSON.parse(raw.toString('utf8')) : raw.toString('utf8');
}

const read = async (kind: string, each: Case) => {
  const door = sourceOf(kind);
  if (!door) throw new Error(`There is no source ${kind}.`);
  const { headers = {}, query = {} } = each;
  return readAlerts(door, await bodyOf(kind, each), { source: kind, receivedAt: noon, headers, query });
};

const shown = ({ links, ...alert }: Alert) => ({ ...alert, links, link: links[0]?.href ?? null });

describe.each(kinds)('%s', (kind) => {
  const { cases, episode = [] } = expectedOf(kind);

  test.each(cases.map((each, index) => [each.file ?? `case ${index}`, each] as const))('%s', async (_, each) => {
    const { alerts, passedOver } = await read(kind, each);
    if (each.passedOver !== undefined) {
      expect(alerts).toEqual([]);
      expect(passedOver?.why).toContain(each.passedOver);
      return;
    }
    expect(alerts.map(shown)).toMatchObject(each.expect ?? []);
    expect(alerts).toHaveLength(each.expect?.length ?? 0);
    for (const alert of alerts) {
      expect(alert.fingerprint.length).toBeLessThanOrEqual(kept.fingerprint);
      expect(alert.name).not.toBe('');
      if (alert.severity !== null) expect(alert.severity).toBe(alert.severity.toLowerCase());
      for (const at of [alert.startsAt, alert.endsAt]) if (at !== null) expect(at).toBeGreaterThan(9e11);
    }
  });

  test('a beginning and its end are one alert', async () => {
    expect(episode.length > 0 || sourceOf(kind)?.episode !== 'proven').toBe(true);
    for (const [first, last] of episode) {
      const began = (await read(kind, cases[first] as Case)).alerts;
      const ended = (await read(kind, cases[last] as Case)).alerts;
      const firing = began.filter(({ status }) => status === 'firing').map(({ fingerprint }) => fingerprint);
      const over = ended.filter(({ status }) => status === 'resolved').map(({ fingerprint }) => fingerprint);
      expect(firing.length).toBeGreaterThan(0);
      expect(firing.some((each) => over.includes(each))).toBe(true);
    }
  });

  test('every body that is kept here is looked at', () => {
    const looked = new Set(cases.map(({ file }) => file));
    const there = readdirSync(new URL(`${kind}/`, folder)).filter(
      (name) => !/^(?:SOURCE\.md|expected\.json)$|\.headers$/.test(name),
    );
    expect(there.filter((name) => !looked.has(name))).toEqual([]);
  });
});

test('every source is tested here, and has a page', () => {
  const elsewhere = ['alertmanager', 'generic'];
  const names = sources.map(({ kind }) => kind).filter((kind) => !elsewhere.includes(kind));
  expect(names.filter((kind) => !kinds.includes(kind))).toEqual([]);
  expect(kinds.filter((kind) => !sourceOf(kind))).toEqual([]);
  expect(sources.filter(({ kind }) => !existsSync(new URL(`../../docs/sources/${kind}.md`, import.meta.url)))).toEqual(
    [],
  );
});
