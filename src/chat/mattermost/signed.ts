import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

/** What goes along with a button or a dialog and comes back: `p` base64url of JSON, `s` its signature. */
export interface Signed {
  p: string;
  s: string;
}

/** For what a server hands back on behalf of anybody. Made of the bot's token, so a new token makes a new key. */
export const signingKey = (token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', 'muster mattermost callbacks', 32));

const signatureOf = (key: Buffer, p: string): Buffer => createHmac('sha256', key).update(p).digest();

export function signed(key: Buffer, payload: object): Signed {
  const p = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return { p, s: signatureOf(key, p).toString('base64url') };
}

/** What was signed; null: not by us. */
export function verified(key: Buffer, given: unknown): object | null {
  if (typeof given !== 'object' || given === null) return null;
  const { p, s } = given as Partial<Record<keyof Signed, unknown>>;
  if (typeof p !== 'string' || typeof s !== 'string') return null;
  const claimed = Buffer.from(s, 'base64url');
  const due = signatureOf(key, p);
  if (claimed.length !== due.length || !timingSafeEqual(claimed, due)) return null;
  return JSON.parse(Buffer.from(p, 'base64url').toString()) as object;
}
