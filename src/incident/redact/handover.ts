import type { HandoverEvents } from '../handover.js';

/** Stands for what somebody wrote, and for a person. */
const gone = '[redacted]';
const somebody = 'redacted';
const maybe = (personId: string | null): string | null => (personId === null ? null : somebody);

export const handoverForms: { [T in keyof HandoverEvents]: (body: HandoverEvents[T]) => HandoverEvents[T] } = {
  handoverProposed: ({ why, to, dueAt, again }) => ({ why, personId: somebody, to: maybe(to), dueAt, again }),
  handoverOffered: ({ roles, askAt }) => ({ to: somebody, roles, note: gone, askAt }),
  handoverReminded: ({ people, askAt }) => ({ people: people.map(() => somebody), askAt }),
  handoverClimbed: ({ to, because, after, askAt }) => ({ to: maybe(to), because, after, askAt }),
  handoverAccepted: ({ roles }) => ({ from: somebody, roles }),
  handoverDeclined: ({ next }) => ({ from: somebody, reason: gone, next: maybe(next) }),
  handoverWithdrawn: ({ to }) => ({ to: to.map(() => somebody) }),
  roleOffered: ({ role }) => ({ role, personId: somebody, commander: somebody }),
};
