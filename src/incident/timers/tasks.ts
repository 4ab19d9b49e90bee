import { nextTask } from '../given-tasks.js';
import { isOpen } from '../state.js';
import type { TimersOf } from '../timers.js';

/** The task whose time is over next. */
export const taskTimers: TimersOf = (incident) => {
  const task = isOpen(incident) ? nextTask(incident) : null;
  return task === null
    ? []
    : [{ for: 'task', dueAt: task.askAt, command: { type: 'checkTask', id: task.id, dueAt: task.askAt } }];
};
