import { type Decision, type Decisions, event } from './context.js';
import type { JobChange } from './jobs.js';
import type { Incident } from './state.js';
import { type Timer, timerJob, timersOf } from './timers.js';

export interface AuditingCommands {
  /** These timers of the row have no job. */
  restoreTimers: { timers: Pick<Timer, 'for' | 'dueAt'>[] };
}

export interface AuditingEvents {
  /** What was to come had been lost, and is set again. */
  timersRestored: { timers: string[] };
}

/** Only what the row still has: what has been asked meanwhile is over. */
function restoreTimers(state: Incident, { timers }: AuditingCommands['restoreTimers']): Decision {
  const has = timersOf(state);
  const lost = timers.filter((each) => has.some((timer) => timer.for === each.for && timer.dueAt === each.dueAt));
  return lost.length === 0 ? [] : [event('timersRestored', { timers: lost.map((timer) => timer.for) })];
}

export const auditingDecisions: Decisions<keyof AuditingCommands> = {
  restoreTimers: ['anything', (state, command) => restoreTimers(state, command)],
};

export const restoredTimers = (after: Incident, { timers }: AuditingEvents['timersRestored']): JobChange[] =>
  timersOf(after)
    .filter((timer) => timers.includes(timer.for))
    .map((timer) => timerJob(after, timer));
