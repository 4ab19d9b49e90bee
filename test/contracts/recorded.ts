import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Alert } from '../../src/alerts/alert.js';
import { readAlerts, sourceOf } from '../../src/alerts/sources.js';
import { readBody } from '../../src/http/body.js';
import { headersIn } from '../../src/http/recorded.js';
import { noon } from '../alerts/world.js';

/*
 * Each sender has a folder in test/fixtures/sources: real bodies, SOURCE.md that says where they are from, and
 * expected.json that says what is read from each.
 */
export interface Case {
  /** The body's file; `query` and `form` hold the body where there is none. */
  file?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  form?: Record<string, string>;
  /** What its path says, beside the body. */
  path?: Record<string, string>;
  /** RFC 3339; left out: noon. */
  receivedAt?: string;
  /** What must be read, field by field: one entry for each alert. `link` is the first one's address. */
  expect?: (Partial<Alert> & { link?: string | null })[];
  /** Instead: why nothing comes of it; a part of the words. */
  passedOver?: string;
  /** Beside it: the line that open incidents take note of. */
  tells?: string;
}
interface Expected {
  cases: Case[];
  /** Files of a beginning and an end that are one episode; or places in `cases`. */
  episode?: [number, number][];
}

export const folder = new URL('../fixtures/sources/', import.meta.url);
export const kinds = readdirSync(folder)
  .filter((kind) => existsSync(new URL(`${kind}/expected.json`, folder)))
  .sort();
export const expectedOf = (kind: string): Expected =>
  JSON.parse(readFileSync(new URL(`${kind}/expected.json`, folder), 'utf8'));

export async function bodyOf(kind: string, { file, form, query }: Case): Promise<unknown> {
  if (file === undefined) return form ?? query;
  const raw = readFileSync(new URL(`${kind}/${file}`, folder));
  // A request line holds all there is to a GET.
  if (file.endsWith('.headers')) return headersIn(raw.toString('utf8')).query;
  if (/\.(?:multipart|form)$/.test(file)) {
    const { headers } = headersIn(
      readFileSync(new URL(`${kind}/${file.replace(/(?:multipart|form)$/, 'headers')}`, folder), 'utf8'),
    );
    return readBody(raw, headers['content-type'], sourceOf(kind)?.takes ?? {});
  }
  return file.endsWith('.json') ? JSON.parse(raw.toString('utf8')) : raw.toString('utf8');
}

export const read = async (kind: string, each: Case) => {
  const door = sourceOf(kind);
  if (!door) throw new Error(`There is no source ${kind}.`);
  const { headers = {}, query = {} } = each;
  const receivedAt = each.receivedAt === undefined ? noon : Date.parse(each.receivedAt);
  const body = await bodyOf(kind, each);
  return readAlerts(door, each.path ? { ...(body as object), ...each.path } : body, {
    source: kind,
    receivedAt,
    headers,
    query,
  });
};
