import { storableJson } from './storable.js';

/**
 * JSON with sorted keys and no spaces: the same value is always the same text. Like JSON.stringify it leaves out
 * `undefined`. @throws for numbers that JSON does not have, and for text that cannot be stored.
 */
export const canonical = (value: unknown): string => storableJson(JSON.stringify(value, sorted));

function sorted(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} is not a number JSON can hold.`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const keys = Object.keys(value);
  let ordered = true;
  for (let i = 1; i < keys.length && ordered; i++) ordered = (keys[i - 1] as string) < (keys[i] as string);
  if (ordered) return value;
  return Object.fromEntries(keys.sort().map((key) => [key, (value as Record<string, unknown>)[key]]));
}
