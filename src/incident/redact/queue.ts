import type { QueueEvents } from '../queue.js';

const somebody = 'redacted';

export const queueForms: { [T in keyof QueueEvents]: (body: QueueEvents[T]) => QueueEvents[T] } = {
  entryOwned: ({ previous, dueAt }) => ({
    personId: somebody,
    previous: previous === null ? null : somebody,
    dueAt,
  }),
  entryChased: ({ who, dueAt, people, next }) => ({ who, dueAt, people: people.length > 0 ? [somebody] : [], next }),
};
