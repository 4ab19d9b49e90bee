import type { TaskEvents } from '../incident/given-tasks.js';
import type { Actor } from '../incident/state.js';
import { because, does, isSame, itself, line, quote, type Sentence } from './sentence.js';
import { formatDuration } from './zones.js';

/** What happened to work that was given to somebody, in plain words. */
export const taskWords: { [T in keyof TaskEvents]: (body: TaskEvents[T], by: Actor) => Sentence } = {
  taskGiven: ({ id, text, personId, dueAt }, by) =>
    isSame(by, personId)
      ? does`took task ${id}${quote(text)}, back by ${{ at: dueAt }}`
      : does`gave task ${id} to ${{ personId }}${quote(text)}, back by ${{ at: dueAt }}`,
  taskExtended: ({ id, forMs, dueAt }) => does`gave task ${id} ${formatDuration(forMs)} more, until ${{ at: dueAt }}`,
  taskOverdue: ({ id, dueAt, asks }) =>
    itself`The time of task ${id} was over at ${{ at: dueAt }}; ${{ personId: asks }} was asked`,
  taskDone: ({ id, text, said }) =>
    does`finished task ${id}${quote(text)}${said === null ? [] : line`; it came to “${said}”`}`,
  taskDropped: ({ id, text, reason }) => does`dropped task ${id}${quote(text)}${because(reason)}`,
};
