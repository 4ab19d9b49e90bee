import type { EventBodies, EventType, TimelineEvent } from '../events.js';
import { type Incident, isOpen, type Walk, type WalkStep } from '../state.js';
import { movedBetween } from '../way.js';

export type Rule<T extends EventType> = (
  incident: Incident,
  body: EventBodies[T],
  event: TimelineEvent,
) => Partial<Incident>;

export const personOf = ({ actor }: TimelineEvent): string | null => (actor.kind === 'person' ? actor.personId : null);

/** A step that is begun again has not ended: what was said of it stays on the timeline. */
const begunAgain = (step: WalkStep, event: TimelineEvent): WalkStep => ({
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

/** One step ends and another is in hand: the same for done, skipped and failed. */
function endStep(
  incident: Incident,
  body: { index: number; next: number | null },
  event: TimelineEvent,
  end: Pick<WalkStep, 'state' | 'said'>,
  answers: Record<string, string> = {},
): Partial<Incident> {
  const { walk } = incident;
  if (!walk) return {};
  const by = personOf(event);
  const steps = movedBetween(walk.steps, body.index, body.next ?? walk.steps.length).map((step, index) => {
    if (index === body.next) return { ...begunAgain(step, event), ticked: [] };
    if (index === body.index) return { ...step, ...end, by, endedAt: event.at };
    return step;
  });
  return {
    walk: {
      ...walk,
      steps,
      trail: [...walk.trail.filter((step) => step !== body.index), body.index].filter((step) => step !== body.next),
      current: body.next,
      finishedAt: body.next === null ? event.at : null,
      answers: { ...walk.answers, ...answers },
      ...watch(incident, walk, body.next, event),
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

const setAside = (walk: Walk): Walk => ({ ...walk, ...nobodyWaits });
const withStep = (walk: Walk, index: number, change: (step: WalkStep) => Partial<WalkStep>): Walk => ({
  ...walk,
  steps: walk.steps.map((step, at) => (at === index ? { ...step, ...change(step) } : step)),
});
const inHand = ({ walk }: Incident, change: (walk: Walk) => Partial<Walk>): Partial<Incident> =>
  walk ? { walk: { ...walk, ...change(walk) } } : {};

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
      walk: { ...taken, ...watch(incident, taken, taken.current, event) },
      aside: walk ? [...others, setAside(walk)] : others,
    };
  },
  walkStarted: (incident, body, event) =>
    inHand(incident, (walk) => ({
      current: body.index,
      startedAt: walk.startedAt ?? event.at,
      steps: withStep(walk, body.index, () => ({ startedAt: event.at })).steps,
      ...watch(incident, walk, body.index, event),
    })),
  stepDone: (incident, body, event) =>
    endStep(incident, body, event, { state: 'done', said: body.evidence }, body.answers),
  stepSkipped: (incident, body, event) => endStep(incident, body, event, { state: 'skipped', said: body.reason }),
  stepFailed: (incident, body, event) => endStep(incident, body, event, { state: 'failed', said: body.what }),
  steppedBack: (incident, body, event) =>
    inHand(incident, (walk) => ({
      current: body.to,
      finishedAt: null,
      trail: walk.trail.filter((step) => step !== body.to),
      // Going back forward undoes a branch to an earlier step, which then is behind us as well.
      steps: movedBetween(walk.steps, body.index < body.to ? body.index - 1 : body.index, body.to).map((step, index) =>
        index === body.to ? begunAgain(step, event) : step,
      ),
      ...watch(incident, walk, body.to, event),
    })),
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
export const pausedWalk = (walk: Walk | null): Walk | null => walk && { ...walk, dueAt: null };

/** It has not ended after all: the time of the step in hand begins again. */
export function resumedWalk(walk: Walk | null, event: TimelineEvent): Walk | null {
  const within = walk && walk.current !== null ? (walk.steps[walk.current]?.withinMs ?? null) : null;
  return walk && { ...walk, dueAt: within === null ? null : event.at + within, asked: 0 };
}

/** At close only the steps that are owed stay open. */
export const closedWalk = (walk: Walk | null, owed: readonly number[]): Walk | null =>
  walk?.startedAt
    ? {
        ...walk,
        dueAt: null,
        steps: walk.steps.map((step, index) =>
          step.state === 'open' && !owed.includes(index) ? { ...step, state: 'passed' as const } : step,
        ),
      }
    : walk;
