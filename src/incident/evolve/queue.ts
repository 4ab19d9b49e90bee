import type { QueueEvents } from '../queue.js';
import type { Rule } from './walk.js';

export const queueRules: { [T in keyof QueueEvents]: Rule<T> } = {
  entryOwned: (_, { personId, dueAt }) => ({
    queued: { owner: personId, dueAt, next: { who: 'owner', at: dueAt } },
  }),
  entryChased: ({ queued }, { dueAt, next }) => ({ queued: { owner: queued?.owner ?? null, dueAt, next } }),
};
