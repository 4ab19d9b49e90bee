import type { TimelineEvent } from '../events.js';
import type { AdoptedStep, GateEvents, WalkPhase } from '../gates.js';
import { handOf, heldOf, holding, inOrder } from '../hand.js';
import { type Incident, isOpen, type Walk, type WalkStep } from '../state.js';
import { movedBetween } from '../way.js';
import { begunAgain, broughtBy, endStep, freshlyHeld, notBegun, personOf, type Rule } from './walk.js';

const onWalk = ({ walk }: Incident, change: (walk: Walk) => Walk): Partial<Incident> =>
  walk ? { walk: change(walk) } : {};
const onPhase = (incident: Incident, at: number, change: Partial<WalkPhase>): Partial<Incident> =>
  onWalk(incident, (walk) => ({
    ...walk,
    phases: (walk.phases ?? []).map((phase, index) => (index === at ? { ...phase, ...change } : phase)),
  }));

/** The walk goes on elsewhere though no step has ended: what was in hand is not any more. */
function moved(
  incident: Incident,
  walk: Walk,
  body: { next: number | null; also?: number[] },
  event: TimelineEvent,
): Walk {
  const brought = broughtBy(body);
  const [first] = brought;
  const from = handOf(walk)[0] ?? walk.steps.length;
  if (first === undefined) return walk;
  const last = walk.trail.at(-1);
  const steps = movedBetween(walk.steps, from < first ? from - 1 : from, first).map((step, index) => {
    if (brought.includes(index)) return { ...begunAgain(step, event), ticked: [] };
    // Going back leads to the step before it, whichever way was taken since.
    return index === last ? { ...step, led: brought } : step;
  });
  const { rollingBack: _, ...rest } = walk;
  return {
    ...holding(rest, brought.map(freshlyHeld(incident, walk, event))),
    steps,
    trail: walk.trail.filter((step) => !brought.includes(step)),
    finishedAt: null,
  };
}

const settledStep = (walk: Walk, { index, as, said }: GateEvents['stepSettled'], event: TimelineEvent): Walk => ({
  ...walk,
  trail: [...walk.trail.filter((step) => step !== index), index],
  steps: walk.steps.map(({ led, ...step }, at) =>
    at === index
      ? { ...step, state: as, said, by: personOf(event), endedAt: event.at, startedAt: step.startedAt ?? event.at }
      : { ...step, ...(led && { led }) },
  ),
});

export const gateRules: { [T in keyof GateEvents]: Rule<T> } = {
  checkAnswered: (incident, body, event) =>
    endStep(incident, body, event, { state: 'done', said: [body.answer, body.said].filter(Boolean).join(': ') }),
  valueGiven: (incident, { name, value }) =>
    onWalk(incident, (walk) => ({ ...walk, answers: { ...walk.answers, [name]: value } })),
  phaseOverdue: (incident, { phase }) => onPhase(incident, phase, { dueAt: null }),
  decisionAsked: (incident, { phase, times, nextAskAt }) =>
    onPhase(incident, phase, { decideAsked: times, decideAt: nextAskAt }),
  decisionMade: (incident, body, event) => {
    const decideAt = body.forMs === null ? null : event.at + body.forMs;
    const { walk = null } = onPhase(incident, body.phase, { decideAt });
    return walk ? { walk: moved(incident, walk, body, event) } : {};
  },
  rolledBack: (incident, body, event) =>
    onWalk(incident, (walk) => ({
      ...moved(incident, walk, body, event),
      rollingBack: { to: body.next, end: body.end, returns: body.returns },
    })),
  stepCarried: (incident, { followUp }) => ({ followUps: [...incident.followUps, followUp] }),
  stepSettled: (incident, body, event) => {
    const { walk, aside } = incident;
    if (walk?.hash === body.hash) return { walk: settledStep(walk, body, event) };
    return { aside: aside.map((each) => (each.hash === body.hash ? settledStep(each, body, event) : each)) };
  },
  playbookChanged: ({ walk, aside }, { hash, newer }) => {
    const told = (each: Walk): Walk => (each.hash === hash ? { ...each, newer } : each);
    return { walk: walk && told(walk), aside: aside.map(told) };
  },
  playbookAdopted: (incident, body, event) =>
    onWalk(incident, (walk) => {
      const { newer: _newer, rollingBack: _back, phases: _phases, beside: _beside, ...rest } = walk;
      const to = (index: number): number[] => body.steps.flatMap(({ from }, at) => (from === index ? [at] : []));
      const before = new Map(
        heldOf(walk).flatMap((held) => to(held.index).map((index) => [index, { ...held, index }])),
      );
      const next: Walk = {
        ...rest,
        hash: body.hash,
        title: body.title,
        steps: body.steps.map((step, index) => adoptedStep(walk, step, body.hand.includes(index), to, event)),
        trail: walk.trail.flatMap(to),
        ...(body.phases.length > 0 && { phases: body.phases.map(notBegun) }),
        ...{ current: null, dueAt: null, asked: 0, approval: null },
      };
      const fresh = freshlyHeld(incident, next, event);
      return {
        ...holding(
          next,
          body.hand.map((index) => before.get(index) ?? fresh(index)),
        ),
        finishedAt: walk.startedAt !== null && body.hand.length === 0 ? (walk.finishedAt ?? event.at) : null,
      };
    }),
};

/** What was said of a step stays with it; what the new text says of it counts from now on. */
function adoptedStep(
  walk: Walk,
  { from, ...step }: AdoptedStep,
  inHand: boolean,
  to: (index: number) => number[],
  event: TimelineEvent,
): WalkStep {
  const was = from === null ? undefined : walk.steps[from];
  const kept: WalkStep = {
    ...step,
    state: was?.state === 'passed' ? 'open' : (was?.state ?? 'open'),
    startedAt: was?.startedAt ?? null,
    endedAt: was?.endedAt ?? null,
    by: was?.by ?? null,
    said: was?.said ?? null,
    ticked: was && was.substeps === step.substeps ? was.ticked : [],
    assignee: was?.assignee ?? null,
    ...(was?.led && { led: was.led.flatMap(to) }),
  };
  return inHand && kept.startedAt === null ? begunAgain(kept, event) : kept;
}

/**
 * The walk as it is kept, its phases timed: the time of one begins with the first of its steps that comes in hand, and
 * is over when none is, or when the incident is.
 */
export function phasesAt(after: Incident, event: TimelineEvent): Walk | null {
  if (!after.walk) return null;
  const { rollingBack: back, ...rest } = inOrder(after.walk);
  const hand = handOf(rest);
  const still = back && hand.some((index) => back.to <= index && index < back.end);
  const walk: Walk = still ? { ...rest, rollingBack: back } : rest;
  const open = isOpen(after);

  if (!walk.phases) return walk;
  return {
    ...walk,
    phases: walk.phases.map((phase) => {
      const inside = open && hand.some((index) => phase.from <= index && index < phase.to);
      if (!inside) return notBegun(phase);
      if (phase.startedAt !== null) return phase;
      const in1 = (ms: number | undefined | null): number | null => (ms == null ? null : event.at + ms);
      return {
        ...phase,
        startedAt: event.at,
        dueAt: in1(phase.withinMs),
        decideAt: in1(phase.decide?.afterMs),
        decideAsked: 0,
      };
    }),
  };
}
