import { idleDueAt, pagingOf } from '../escalation.js';
import type { TimersOf } from '../timers.js';

/** Somebody called by name should answer; whoever acknowledged is asked whether they are still at it. */
export const escalationTimers: TimersOf = (incident) => {
  const idle = idleDueAt(incident);
  const answers = pagingOf(incident).ringing.flatMap(({ answerDueAt }) => answerDueAt ?? []);
  const dueAt = answers.length > 0 ? Math.min(...answers) : null;
  return [
    ...(idle === null
      ? []
      : [{ for: 'idle', dueAt: idle, command: { type: 'lapseAcknowledgement' as const, dueAt: idle } }]),
    ...(dueAt === null ? [] : [{ for: 'answer', dueAt, command: { type: 'missAnswer' as const, dueAt } }]),
  ];
};
