import type { GateEvents, Phase } from '../gates.js';
import { type Role, roles } from '../state.js';

const gone = '[redacted]';
const maybe = (written: string | null): string | null => (written === null ? null : gone);
const roleOrGone = (role: string | null): string | null =>
  role === null || (roles as readonly string[]).includes(role) ? role : gone;
const alsoOf = ({ also }: { also?: number[] }): { also?: number[] } => (also === undefined ? {} : { also });

export const namelessPhase = ({ from, to, parallel, thenTo, withinMs, otherwise, decide }: Phase): Phase => ({
  title: gone,
  ...{ from, to, parallel, thenTo, withinMs },
  otherwise: otherwise.map((each) => (each.do === 'page' ? { ...each, whom: gone } : each)),
  decide: decide && { afterMs: decide.afterMs, to: decide.to, label: gone },
});

export const gateForms: { [T in keyof GateEvents]: (body: GateEvents[T]) => GateEvents[T] } = {
  checkAnswered: (body) => ({
    index: body.index,
    next: body.next,
    ...alsoOf(body),
    yes: body.yes,
    answer: gone,
    said: maybe(body.said),
  }),
  valueGiven: ({ name, previous }) => ({ name, value: gone, previous: maybe(previous) }),
  phaseOverdue: ({ phase, withinMs, dueAt, alone }) => ({ phase, title: gone, withinMs, dueAt, alone }),
  decisionAsked: ({ phase, to, times, nextAskAt }) => ({ phase, title: gone, label: gone, to, times, nextAskAt }),
  decisionMade: (body) => ({
    phase: body.phase,
    title: gone,
    choice: body.choice,
    label: gone,
    why: maybe(body.why),
    forMs: body.forMs,
    next: body.next,
    ...alsoOf(body),
  }),
  rolledBack: (body) => ({
    of: body.of,
    next: body.next,
    ...alsoOf(body),
    end: body.end,
    returns: body.returns,
    reason: maybe(body.reason),
  }),
  stepCarried: ({ hash, index, followUp }) => ({
    hash,
    index,
    followUp: {
      id: followUp.id,
      text: gone,
      owner: followUp.owner === null ? null : 'redacted',
      dueOn: followUp.dueOn,
      fromStep: followUp.fromStep,
      ...(followUp.fromWalk !== undefined && { fromWalk: followUp.fromWalk }),
    },
  }),
  stepSettled: ({ hash, index, as, said }) => ({ hash, index, as, said: maybe(said) }),
  playbookChanged: ({ hash, newer }) => ({ hash, title: gone, newer }),
  playbookAdopted: ({ was, hash, steps, phases, hand }) => ({
    was,
    hash,
    title: gone,
    steps: steps.map(({ title: _title, phase: _phase, role, approve, ...step }) => ({
      ...step,
      title: gone,
      phase: gone,
      role: roleOrGone(role),
      approve: approve as Role | null,
    })),
    phases: phases.map(namelessPhase),
    hand,
  }),
};
