import { hash, randomBytes } from 'node:crypto';
import type { timeline } from './schema.js';

export type EventRow = typeof timeline.$inferSelect;

const sha256 = (text: string): string => hash('sha256', text);

const saltBytes = 16;
let pool = Buffer.alloc(0);
/** Asking for randomness costs more than hashing: it is drawn for many at once. */
export function newSalt(): string {
  if (pool.length === 0) pool = randomBytes(saltBytes * 256);
  const salt = pool.toString('hex', 0, saltBytes);
  pool = pool.subarray(saltBytes);
  return salt;
}

/** The salt has a fixed length, so nothing can move between it and the body. Without it a short body could be guessed. */
export const bodyDigest = (salt: string, body: string): string => sha256(salt + body);

/** Binds an event to all before it. `prev` is '' for the first; a JSON array keeps the parts apart. */
export const eventHash = (
  prev: string,
  event: Pick<EventRow, 'seq' | 'type' | 'at' | 'recorded_at' | 'actor' | 'body_digest'>,
): string =>
  sha256(JSON.stringify([prev, event.seq, event.type, event.at, event.recorded_at, event.actor, event.body_digest]));
