import { createHash } from 'node:crypto';

/** sha256 of a value's JSON, hex. Give lists, not objects: their order is what is hashed. */
export const hash = (of: unknown): string => createHash('sha256').update(JSON.stringify(of)).digest('hex');
