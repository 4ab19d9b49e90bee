import type { ChangedEvents } from '../changed.js';
import type { Rule } from './walk.js';

export const changedRules: { [T in keyof ChangedEvents]: Rule<T> } = {
  changesNoted: (_, { changes }) => ({ changed: changes }),
};
