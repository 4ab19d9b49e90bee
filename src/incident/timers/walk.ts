import type { TimersOf } from '../timers.js';

/** The time-box of the step in hand: it goes with the step, and survives a restart as a job. */
export const stepTimers: TimersOf = ({ walk }) => {
  const dueAt = walk?.dueAt ?? null;
  return dueAt === null ? [] : [{ for: 'step', dueAt, command: { type: 'checkStep', dueAt } }];
};
