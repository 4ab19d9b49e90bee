import { fresh, hmac, same } from '../authentic.js';
import type { AboutProof, Authenticity, Received } from '../source.js';
import { epoch } from '../times.js';

/** `whsec_` says that the rest is the key in base64; otherwise the text is the key. */
const keyOf = (secret: string): string | Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;

/**
 * Signatures of Standard Webhooks: `webhook-signature` holds `v1,<base64>` (several, divided by blanks) over
 * `<webhook-id>.<webhook-timestamp>.<body>`; the timestamp is in seconds and may differ from ours by five minutes.
 */
export function standardWebhook(
  { headers, raw }: Received,
  { secrets, now }: Pick<AboutProof, 'secrets' | 'now'>,
): Authenticity {
  const given = (headers['webhook-signature'] ?? '').split(' ').filter((each) => each.startsWith('v1,'));
  const at = headers['webhook-timestamp'];
  if (given.length === 0 || secrets.length === 0) return 'absent';
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id'] ?? ''}.${at ?? ''}.`), raw]);
  const wanted = secrets.map((secret) => `v1,${hmac(keyOf(secret), signed, { as: 'base64' })}`);
  if (!given.some((each) => wanted.some((one) => same(each, one)))) return 'wrong';
  return fresh(epoch(at), now) ? 'right' : 'stale';
}
