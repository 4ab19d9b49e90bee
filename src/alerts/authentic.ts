import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AboutProof, Authenticity, Received } from './source.js';

/** How far a signed time may be from ours. */
const clockMayDifferMs = 300_000;

const digest = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();

/** In constant time, of whatever length. */
export const same = (given: string | Buffer, wanted: string | Buffer): boolean =>
  timingSafeEqual(digest(given), digest(wanted));

/** Whether a time that was signed, in ms, is near enough; null: it was no time. */
export const fresh = (signedAt: number | null, now: number): boolean =>
  signedAt !== null && Math.abs(now - signedAt) <= clockMayDifferMs;

export const hmac = (
  secret: string | Buffer,
  signed: string | Buffer,
  { hash = 'sha256', as = 'hex' }: { hash?: 'sha1' | 'sha256' | 'sha512'; as?: 'hex' | 'base64' } = {},
): string => createHmac(hash, secret).update(signed).digest(as);

/**
 * The usual signature: a header holds `prefix` and the HMAC of the body under the secret, lower case hex. Several,
 * divided by commas, are each as good as one. An empty header, or the prefix alone, is none: senders without a secret
 * write that.
 */
export const signedBody =
  (header: string, { prefix = '', hash = 'sha256' as 'sha1' | 'sha256' | 'sha512' } = {}) =>
  ({ headers, raw }: Received, { secrets }: Pick<AboutProof, 'secrets'>): Authenticity => {
    const given = (headers[header] ?? '')
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '' && each !== prefix);
    if (given.length === 0 || secrets.length === 0) return 'absent';
    const wanted = secrets.map((secret) => prefix + hmac(secret, raw, { hash }));
    return given.some((each) => wanted.some((one) => same(each, one))) ? 'right' : 'wrong';
  };
