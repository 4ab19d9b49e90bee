import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export const sessionLastsMs = 12 * 60 * 60_000;

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
/** Compares digests, so that neither length nor content shows in the time it takes. */
export const sameSecret = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

const content = z.object({ name: z.string(), until: z.number() });

/** Signed cookies without a table: another token ends every session. */
export interface Sessions {
  seal(name: string, now: number): string;
  /** The name signed in as, or null when it is not ours or is over. */
  open(sealed: string, now: number): string | null;
}

export function createSessions(token: string): Sessions {
  const key = Buffer.from(hkdfSync('sha256', token, '', 'muster web session', 32));
  const sign = (body: string): string => createHmac('sha256', key).update(body).digest('base64url');
  return {
    seal(name, now) {
      const body = Buffer.from(JSON.stringify({ name, until: now + sessionLastsMs })).toString('base64url');
      return `${body}.${sign(body)}`;
    },
    open(sealed, now) {
      const [body = '', signature = '', ...more] = sealed.split('.');
      if (more.length > 0 || !sameSecret(signature, sign(body))) return null;
      const { name, until } = content.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      return now < until ? name : null;
    },
  };
}
