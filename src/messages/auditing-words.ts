import type { AuditingEvents } from '../incident/auditing.js';
import { count, itself, list, type Sentence } from './sentence.js';

export const auditingWords: { [T in keyof AuditingEvents]: (body: AuditingEvents[T]) => Sentence } = {
  timersRestored: ({ timers }) =>
    itself`${count(timers.length, 'timer')} had been lost and is set again${list(timers)}`,
};
