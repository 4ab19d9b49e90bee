import { z } from 'zod';
import { hmac, same } from '../authentic.js';
import { jsonIn } from '../shapes.js';
import type { AboutProof, AboutReading, Authenticity, Received } from '../source.js';

/*
 * GitHub, and those that send as it does: Gitea and Forgejo write their own headers and GitHub's too, and all of them
 * may send the JSON as the field `payload` of a form.
 */

const signatures = ['x-forgejo-signature', 'x-gitea-signature', 'x-gogs-signature', 'x-hub-signature-256'];
const deliveries = ['x-forgejo-delivery', 'x-gitea-delivery', 'x-gogs-delivery', 'x-github-delivery'];
const events = ['forgejo', 'gitea', 'gogs', 'github'].flatMap((forge) => [`x-${forge}-event`, `x-${forge}-event-type`]);

const first = (headers: Received['headers'], names: readonly string[]): string | null =>
  names.map((name) => headers[name]?.trim()).find((value) => value) || null;

/** The JSON in the field `payload` of a form or a query; null: it came as it is. */
const inField = (body: unknown): string | null => {
  const { payload } = (body ?? {}) as { payload?: unknown };
  return typeof payload === 'string' ? payload : null;
};

/** GitHub signs the bytes it sends, Gitea and Forgejo the JSON, also where it is sent in a form. */
export function forgeAuthentic(
  { headers, raw, body }: Received,
  { secrets }: Pick<AboutProof, 'secrets'>,
): Authenticity {
  const given = signatures
    .flatMap((name) => (headers[name] ?? '').split(','))
    .map((each) => each.trim().replace(/^sha256=/, ''))
    .filter((each) => each !== '');
  if (given.length === 0 || secrets.length === 0) return 'absent';
  const field = inField(body);
  const signed = field === null ? [raw] : [raw, field];
  const wanted = secrets.flatMap((secret) => signed.map((each) => hmac(secret, each)));
  return given.every((each) => wanted.some((one) => same(each, one))) ? 'right' : 'wrong';
}

export const forgeDelivery = ({ headers }: Received): string | null => first(headers, deliveries);

/** What the headers call the event; null: they do not say. */
export const forgeEvent = ({ headers }: AboutReading): string | null => first(headers, events);

/** Wraps the shape of a body so that a form's `payload` is read like the body itself. */
export const unwrapped = <T extends z.ZodType>(shape: T) =>
  z.preprocess((body) => {
    const field = inField(body);
    return field === null ? body : (jsonIn(field) ?? body);
  }, shape);
