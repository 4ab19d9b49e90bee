import { nextRung } from '../climb.js';
import { climbOf, owesPublication } from '../publication.js';
import { isOpen } from '../state.js';
import type { Timer, TimersOf } from '../timers.js';

/** The next word to everybody, the warning before it, and the next rung while something is owed. */
export const promisingTimers: TimersOf = (incident) => {
  const { policy, publication } = incident;
  const nextAt = owesPublication(incident) ? (publication?.nextAt ?? null) : null;
  const climbs = (['update', 'publication'] as const).flatMap((of): Timer[] => {
    const climb = of === 'update' && !isOpen(incident) ? null : climbOf(incident, of);
    if (!climb || !nextRung(incident, climb)) return [];
    const { nextAt: dueAt } = climb;
    return [{ for: of === 'update' ? 'climb' : 'public-climb', dueAt, command: { type: 'chaseUpdate', of, dueAt } }];
  });
  if (nextAt === null) return climbs;
  return [
    { for: 'publish', dueAt: nextAt, command: { type: 'missPublish', dueAt: nextAt } },
    {
      for: 'warn-publish',
      dueAt: nextAt - policy.warnBeforeMs,
      command: { type: 'warnPublish', dueAt: nextAt },
      once: true,
    },
    ...climbs,
  ];
};
