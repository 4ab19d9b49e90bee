import { createHash, randomBytes } from 'node:crypto';
import type { RowOf, timeline } from './schema.js';

export type EventRow = RowOf<typeof timeline>;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const newSalt = (): string => randomBytes(16).toString('hex');

/** The salt has a fixed length, so nothing can move between it and the body. Without it a short body could be guessed. */
export const bodyDigest = (salt: string, body: string): string => sha256(salt + body);

/** Binds an event to all before it. `prev` is '' for the first; a JSON array keeps the parts apart. */
export const eventHash = (
  prev: string,
  event: Pick<EventRow, 'seq' | 'type' | 'at' | 'recorded_at' | 'actor' | 'body_digest'>,
): string =>
  sha256(JSON.stringify([prev, event.seq, event.type, event.at, event.recorded_at, event.actor, event.body_digest]));
