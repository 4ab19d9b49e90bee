import type { TimersOf } from '../timers.js';

/** Somebody has to acknowledge; a snoozed entry comes back. */
export const acknowledgeTimers: TimersOf = ({ acknowledgeDueAt: dueAt, snoozedUntil: until }) => [
  ...(dueAt === null ? [] : [{ for: 'acknowledge', dueAt, command: { type: 'missAcknowledge' as const, dueAt } }]),
  ...(until === null ? [] : [{ for: 'snooze', dueAt: until, command: { type: 'endSnooze' as const, until } }]),
];

/** What is promised, the warning before it, and what is asked around it. */
export const updateTimers: TimersOf = ({ updates: { dueAt, askAt, longAskAt }, policy }) => [
  ...(dueAt === null
    ? []
    : [
        { for: 'update', dueAt, command: { type: 'postAutomaticUpdate' as const, dueAt } },
        {
          for: 'warn',
          dueAt: dueAt - policy.warnBeforeMs,
          command: { type: 'warnUpdate' as const, dueAt },
          once: true as const,
        },
      ]),
  ...(askAt === null
    ? []
    : [{ for: 'ask-update', dueAt: askAt, command: { type: 'askUpdate' as const, dueAt: askAt } }]),
  ...(longAskAt === null
    ? []
    : [{ for: 'long', dueAt: longAskAt, command: { type: 'proposeLong' as const, dueAt: longAskAt } }]),
];
