import { waiting } from '../approvals.js';
import type { TimersOf } from '../timers.js';

/** When the first of those that wait is asked of others as well. */
export const approvalTimers: TimersOf = (incident) => {
  const dues = waiting(incident).flatMap(({ dueAt }) => dueAt ?? []);
  if (dues.length === 0) return [];
  const dueAt = Math.min(...dues);
  return [{ for: 'approval', dueAt, command: { type: 'lapseApprovals', dueAt } }];
};
