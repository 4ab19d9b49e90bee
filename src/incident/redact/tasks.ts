import type { TaskEvents } from '../given-tasks.js';

/** Stands for what somebody wrote, and for a person. */
const gone = '[redacted]';
const somebody = 'redacted';

export const taskForms: { [T in keyof TaskEvents]: (body: TaskEvents[T]) => TaskEvents[T] } = {
  taskGiven: ({ id, forMs, dueAt }) => ({ id, text: gone, personId: somebody, forMs, dueAt }),
  taskExtended: ({ id, forMs, dueAt }) => ({ id, forMs, dueAt }),
  taskOverdue: ({ id, dueAt, times, nextAt }) => ({ id, dueAt, times, asks: somebody, nextAt }),
  taskDone: ({ id, said }) => ({ id, personId: somebody, text: gone, said: said === null ? null : gone }),
  taskDropped: ({ id, reason }) => ({ id, personId: somebody, text: gone, reason: reason === null ? null : gone }),
};
