import type { PromisingEvents } from '../promising.js';

/** Stands for what somebody wrote, and for a person. */
const gone = '[redacted]';
const somebody = 'redacted';

export const promisingForms: { [T in keyof PromisingEvents]: (body: PromisingEvents[T]) => PromisingEvents[T] } = {
  published: ({ number, status, severity, promisedAt, lateMs, nextAt }) => ({
    number,
    title: gone,
    text: gone,
    status,
    severity,
    promisedAt,
    lateMs,
    nextAt,
  }),
  publishWarned: ({ dueAt }) => ({ dueAt }),
  publishMissed: ({ dueAt }) => ({ dueAt }),
  updateChased: ({ of, since, rungs, people, nextAt }) => ({
    of,
    since,
    rungs,
    people: people.map(() => somebody),
    nextAt,
  }),
};
