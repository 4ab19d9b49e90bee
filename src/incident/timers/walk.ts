import type { Timer, TimersOf } from '../timers.js';

/** The time-box of each step in hand: it goes with the step, and survives a restart as a job. */
const steps: TimersOf = ({ walk }) => [
  ...(walk == null || walk.dueAt === null ? [] : [stepTimer('step', { dueAt: walk.dueAt })]),
  ...(walk?.beside ?? []).flatMap(({ index: step, dueAt }) =>
    dueAt === null ? [] : [stepTimer(`step-${step + 1}`, { dueAt, step })],
  ),
];

const stepTimer = (name: string, about: { dueAt: number; step?: number }): Timer => ({
  for: name,
  dueAt: about.dueAt,
  command: { type: 'checkStep', ...about },
});

/** The time of each phase the walk is in, and the questions it brings. */
const phases: TimersOf = ({ walk }) =>
  (walk?.phases ?? []).flatMap(({ dueAt, decideAt }, phase): Timer[] => [
    ...(dueAt === null
      ? []
      : [{ for: `phase-${phase + 1}`, dueAt, command: { type: 'checkPhase' as const, phase, dueAt } }]),
    ...(decideAt === null
      ? []
      : [
          {
            for: `decide-${phase + 1}`,
            dueAt: decideAt,
            command: { type: 'askDecision' as const, phase, dueAt: decideAt },
          },
        ]),
  ]);

export const stepTimers: TimersOf = (incident) => [...steps(incident), ...phases(incident)];
