import type { Policy } from './state.js';

/** One rule that differs, by its place in the policy; undefined: it is not there. */
export interface Difference {
  path: string[];
  before: unknown;
  after: unknown;
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function between(before: unknown, after: unknown, path: string[]): Difference[] {
  if (isGroup(before) && isGroup(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => between(before[key], after[key], [...path, key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** The rules of two policies that differ. The order of keys does not matter; the chat platforms and their mirrors are no rules. */
export const policyDifferences = (before: Policy, after: Policy): Difference[] =>
  between({ ...before, platforms: [], mirrors: [] }, { ...after, platforms: [], mirrors: [] }, []);
