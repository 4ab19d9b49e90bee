import { storableJson } from './storable.js';

/**
 * JSON with sorted keys and no spaces: the same value is always the same text. Like JSON.stringify it leaves out
 * `undefined`. @throws for numbers that JSON does not have, and for text that cannot be stored.
 */
export const canonical = (value: unknown): string => storableJson(JSON.stringify(ordered(value)));

/** The value itself where its keys are in order already. A replacer would cost several times as much. */
function ordered(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} is not a number JSON can hold.`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.some(isOther) ? value.map(ordered) : value;
  const keys = Object.keys(value);
  const of = value as Record<string, unknown>;
  let same = true;
  for (let i = 0; i < keys.length && same; i++)
    same = (i === 0 || (keys[i - 1] as string) < (keys[i] as string)) && !isOther(of[keys[i] as string]);
  if (same) return value;
  // A key like `__proto__` or `1` would not keep its place in an object that is filled key by key.
  return Object.fromEntries(keys.sort().map((key) => [key, ordered(of[key])]));
}

/** Whether it might be written otherwise. */
const isOther = (value: unknown): boolean =>
  typeof value === 'object' ? value !== null : typeof value === 'number' && !Number.isFinite(value);
