import type { EventBodies, EventType, TimelineEvent } from '../events.js';
import type { Held, Phase, WalkPhase } from '../gates.js';
import { handOf, heldOf, holding } from '../hand.js';
import { type Incident, isOpen, type Walk, type WalkStep } from '../state.js';
import { movedBetween } from '../way.js';

export type Rule<T extends EventType> = (
  incident: Incident,
  body: EventBodies[T],
  event: TimelineEvent,
) => Partial<Incident>;

export const personOf = ({ actor }: TimelineEvent): string | null => (actor.kind === 'person' ? actor.personId : null);

/** A step that is begun again has not ended: what was said of it stays on the timeline. */
export const begunAgain = ({ led: _, ...step }: WalkStep, event: TimelineEvent): WalkStep => ({
  ...step,
  state: 'open',
  startedAt: event.at,
  endedAt: null,
  by: null,
  said: null,
});

type Watch = Pick<Walk, 'dueAt' | 'asked' | 'approval'>;
const nobodyWaits: Watch = { dueAt: null, asked: 0, approval: null };

/** The time-box of a step that comes in hand. What an ended incident still walks is asked about by nobody. */
export function watch(incident: Incident, walk: Walk, index: number | null, event: TimelineEvent): Watch {
  const within = index === null || !isOpen(incident) ? null : (walk.steps[index]?.withinMs ?? null);
  return { ...nobodyWaits, dueAt: within === null ? null : event.at + within };
}

/** One that comes in hand. */
export const freshlyHeld =
  (incident: Incident, walk: Walk, event: TimelineEvent) =>
  (index: number): Held => ({ index, ...watch(incident, walk, index, event) });

/** What comes in hand by an event. */
export const broughtBy = ({ next, also = [] }: { next: number | null; also?: number[] }): number[] =>
  next === null ? [] : [next, ...also];

/** One step ends and others are in hand: the same for done, skipped, failed and answered. */
export function endStep(
  incident: Incident,
  body: { index: number; next: number | null; also?: number[] },
  event: TimelineEvent,
  end: Pick<WalkStep, 'state' | 'said'>,
  answers: Record<string, string> = {},
): Partial<Incident> {
  const { walk } = incident;
  if (!walk) return {};
  const by = personOf(event);
  const brought = broughtBy(body);
  const others = heldOf(walk).filter(({ index }) => index !== body.index);
  const to = body.next ?? (others.length > 0 ? body.index : walk.steps.length);
  const still = others.map(({ index }) => index);
  const steps = movedBetween(walk.steps, body.index, to, still).map((step, index) => {
    if (brought.includes(index)) return { ...begunAgain(step, event), ticked: [] };
    if (index === body.index) return { ...step, ...end, by, endedAt: event.at, led: brought };
    return step;
  });
  const hand = [...others, ...brought.map(freshlyHeld(incident, walk, event))];
  return {
    walk: {
      ...holding(walk, hand),
      steps,
      trail: [...walk.trail.filter((step) => step !== body.index), body.index].filter(
        (step) => !brought.includes(step),
      ),
      finishedAt: hand.length === 0 ? event.at : null,
      answers: { ...walk.answers, ...answers },
    },
  };
}

function attached(body: EventBodies['playbookAttached']): Walk {
  return {
    hash: body.hash,
    playbookId: body.playbookId,
    title: body.title,
    reason: body.reason,
    current: null,
    startedAt: null,
    finishedAt: null,
    trail: [],
    answers: {},
    ...nobodyWaits,
    ...(body.phases && { phases: body.phases.map(notBegun) }),
    steps: body.steps.map((step) => ({
      ...step,
      state: 'open' as const,
      startedAt: null,
      endedAt: null,
      by: null,
      said: null,
      ticked: [],
      assignee: null,
    })),
  };
}

export const notBegun = (phase: Phase): WalkPhase => ({
  ...phase,
  ...{ startedAt: null, dueAt: null, decideAt: null, decideAsked: 0 },
});
const setAside = (walk: Walk): Walk => ({
  ...holding(
    walk,
    heldOf(walk).map(({ index }) => ({ index, ...nobodyWaits })),
  ),
  ...(walk.phases && { phases: walk.phases.map(notBegun) }),
});
const withStep = (walk: Walk, index: number, change: (step: WalkStep) => Partial<WalkStep>): Walk => ({
  ...walk,
  steps: walk.steps.map((step, at) => (at === index ? { ...step, ...change(step) } : step)),
});
const inHand = ({ walk }: Incident, change: (walk: Walk) => Partial<Walk>): Partial<Incident> =>
  walk ? { walk: { ...walk, ...change(walk) } } : {};

/** What is not in it any more is gone. */
const anew = ({ walk }: Incident, change: (walk: Walk) => Walk): Partial<Incident> =>
  walk ? { walk: change(walk) } : {};

/** What happens to the playbooks of an incident. */
export const walkRules: {
  [T in
    | 'playbookAttached'
    | 'walkSwitched'
    | 'walkStarted'
    | 'stepDone'
    | 'stepSkipped'
    | 'stepFailed'
    | 'steppedBack'
    | 'stepAssigned'
    | 'substepTicked'
    | 'stepOverdue'
    | 'stepExtended'
    | 'helpAsked']: Rule<T>;
} = {
  playbookAttached: ({ walk, aside }, body) => {
    if (body.later && walk) return { aside: [...aside, attached(body)] };
    // What nobody has begun is replaced: there is nothing of it to keep.
    return { walk: attached(body), aside: walk && walk.startedAt !== null ? [...aside, setAside(walk)] : aside };
  },
  walkSwitched: (incident, body, event) => {
    const { walk, aside } = incident;
    const taken = aside.find(({ hash }) => hash === body.hash);
    if (!taken) return {};
    const others = aside.filter((each) => each !== taken);
    return {
      walk: holding(taken, handOf(taken).map(freshlyHeld(incident, taken, event))),
      aside: walk ? [...others, setAside(walk)] : others,
    };
  },
  walkStarted: (incident, body, event) =>
    anew(incident, (walk) => {
      const brought = broughtBy({ next: body.index, ...(body.also && { also: body.also }) });
      return {
        ...holding(walk, brought.map(freshlyHeld(incident, walk, event))),
        startedAt: walk.startedAt ?? event.at,
        steps: walk.steps.map((step, index) => (brought.includes(index) ? { ...step, startedAt: event.at } : step)),
      };
    }),
  stepDone: (incident, body, event) =>
    endStep(incident, body, event, { state: 'done', said: body.evidence }, body.answers),
  stepSkipped: (incident, body, event) => endStep(incident, body, event, { state: 'skipped', said: body.reason }),
  stepFailed: (incident, body, event) => endStep(incident, body, event, { state: 'failed', said: body.what }),
  steppedBack: (incident, body, event) =>
    anew(incident, (walk) => {
      const led = walk.steps[body.to]?.led;
      const stay = heldOf(walk).filter(({ index }) => !led?.includes(index));
      // What was settled outside the walk is open again, and as little in hand as before.
      const hand = led ? [...stay, freshlyHeld(incident, walk, event)(body.to)] : stay;
      return {
        ...holding(walk, hand),
        finishedAt: hand.length > 0 ? null : walk.finishedAt,
        trail: walk.trail.filter((step) => step !== body.to),
        // Going back forward undoes a branch to an earlier step, which then is behind us as well.
        steps: movedBetween(
          walk.steps,
          body.index < body.to ? body.index - 1 : body.index,
          body.to,
          stay.map(({ index }) => index),
        ).map((step, index) => (index === body.to ? begunAgain(step, event) : step)),
      };
    }),
  stepAssigned: (incident, body) => ({
    ...inHand(incident, (walk) => withStep(walk, body.index, () => ({ assignee: body.personId }))),
    responders: incident.responders.includes(body.personId)
      ? incident.responders
      : [...incident.responders, body.personId],
  }),
  substepTicked: (incident, body) =>
    inHand(incident, (walk) =>
      withStep(walk, body.index, ({ ticked }) => ({
        ticked: [...ticked.filter((each) => each !== body.substep), ...(body.ticked ? [body.substep] : [])].sort(
          (a, b) => a - b,
        ),
      })),
    ),
  stepOverdue: (incident, body) => inHand(incident, () => ({ dueAt: body.nextDueAt, asked: body.times })),
  stepExtended: (incident, body) => inHand(incident, () => ({ dueAt: body.dueAt })),
  helpAsked: () => ({}),
};

/** The incident has ended: nobody is asked about a step any more. */
export const pausedWalk = (walk: Walk | null): Walk | null =>
  walk &&
  holding(
    walk,
    heldOf(walk).map((held) => ({ ...held, dueAt: null })),
  );

/** It has not ended after all: the time of the step in hand begins again. */
export function resumedWalk(walk: Walk | null, event: TimelineEvent): Walk | null {
  const again = (held: Held): Held => {
    const within = walk?.steps[held.index]?.withinMs ?? null;
    return { ...held, dueAt: within === null ? null : event.at + within, asked: 0 };
  };
  return walk && holding(walk, heldOf(walk).map(again));
}

/** At close only the steps that are owed stay open. */
export const closedWalk = (walk: Walk | null, owed: readonly number[]): Walk | null =>
  walk?.startedAt
    ? {
        ...(pausedWalk(walk) ?? walk),
        steps: walk.steps.map((step, index) =>
          step.state === 'open' && !owed.includes(index) ? { ...step, state: 'passed' as const } : step,
        ),
      }
    : walk;
