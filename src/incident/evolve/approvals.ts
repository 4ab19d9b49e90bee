import {
  type ApprovalEvents,
  type ApprovalRequest,
  levelAskedAtOnce,
  levelsOf,
  requestsOf,
  ruleFor,
} from '../approvals.js';
import type { TimelineEvent } from '../events.js';
import { heldOf } from '../hand.js';
import { type Approval, type Incident, isOpen, type Walk } from '../state.js';
import { personOf, type Rule, watch } from './walk.js';

type Change = (request: ApprovalRequest) => Partial<ApprovalRequest>;

const withRequest = (incident: Incident, id: number, change: Change): ApprovalRequest[] =>
  requestsOf(incident).map((each) => (each.id === id ? { ...each, ...change(each) } : each));

const fresh = (
  event: TimelineEvent,
): Omit<ApprovalRequest, 'id' | 'what' | 'levels' | 'level' | 'count' | 'withinMs'> => ({
  step: null,
  askedBy: personOf(event),
  askedAt: event.at,
  dueAt: null,
  given: [],
  state: 'asked',
  endedAt: null,
  by: null,
  said: null,
});

/** The role that the step names, then whom the rules name for steps. */
function stepRequest(incident: Incident, body: ApprovalEvents['approvalAsked'], event: TimelineEvent): ApprovalRequest {
  const { index, role } = body;
  const rule = ruleFor(incident, 'step');
  const { walk } = incident;
  const request = {
    ...fresh(event),
    id: requestsOf(incident).length + 1,
    what: walk?.steps[index]?.title ?? '',
    step: walk && { hash: walk.hash, index },
    levels: levelsOf(incident, [{ kind: 'role', role }, ...rule.from]),
    count: rule.count,
    withinMs: rule.withinMs,
  };
  const level = levelAskedAtOnce(incident, request);
  return { ...request, level, dueAt: event.at + rule.withinMs };
}

const decided = (walk: Walk, event: TimelineEvent, end: Pick<Approval, 'state' | 'said' | 'alone'>): Approval => ({
  askedBy: walk.approval?.askedBy ?? null,
  askedAt: walk.approval?.askedAt ?? event.at,
  by: personOf(event),
  at: event.at,
  ...end,
});

/** What an answer does to the step it is for. */
function onStep(incident: Incident, id: number | null, change: (walk: Walk, index: number) => Partial<Walk>) {
  const { walk } = incident;
  const step = requestsOf(incident).find((each) => each.id === id)?.step;
  if (!walk || !step || walk.hash !== step.hash || walk.current !== step.index) return {};
  return { walk: { ...walk, ...change(walk, step.index) } };
}

export const approvalRules: { [T in keyof ApprovalEvents]: Rule<T> } = {
  approvalAsked: (incident, body, event) => ({
    approvals: [...requestsOf(incident), stepRequest(incident, body, event)],
    ...(incident.walk && {
      walk: {
        ...incident.walk,
        approval: { state: 'asked', askedBy: personOf(event), askedAt: event.at, by: null, at: null, said: null },
      },
    }),
  }),
  approvalRequested: (incident, { id, what, levels, level, count, withinMs }, event) => ({
    approvals: [
      ...requestsOf(incident),
      { ...fresh(event), id, what, levels, level, count, withinMs, dueAt: event.at + withinMs },
    ],
  }),
  // The time-box of a step is for the work, which begins now.
  approvalGiven: (incident, { id, have, of }, event) => {
    const by = personOf(event);
    const enough = have >= of;
    return {
      approvals: withRequest(incident, id, ({ given }) => ({
        given: by === null || given.includes(by) ? given : [...given, by],
        ...(enough && { state: 'given', by, endedAt: event.at, said: null }),
      })),
      ...(enough &&
        onStep(incident, id, (walk, index) => ({
          ...watch(incident, walk, index, event),
          approval: decided(walk, event, { state: 'given', said: null }),
        }))),
    };
  },
  approvalDeclined: (incident, { id, reason }, event) => ({
    approvals: withRequest(incident, id, () => ({
      state: 'declined',
      by: personOf(event),
      endedAt: event.at,
      said: reason,
    })),
    ...onStep(incident, id, (walk) => ({ approval: decided(walk, event, { state: 'declined', said: reason }) })),
  }),
  approvalClimbed: (incident, { id, level }, event) => ({
    approvals: withRequest(incident, id, ({ withinMs }) => ({ level, dueAt: event.at + withinMs })),
  }),
  approvalLapsed: (incident, { id }, event) => ({
    approvals: withRequest(incident, id, () => ({ state: 'lapsed', endedAt: event.at, dueAt: null })),
  }),
  glassBroken: (incident, { id, reason, followUp }, event) => ({
    followUps: [...incident.followUps, followUp],
    ...(id !== null && {
      approvals: withRequest(incident, id, () => ({
        state: 'broken',
        by: personOf(event),
        endedAt: event.at,
        said: reason,
      })),
    }),
    ...onStep(incident, id, (walk, index) => ({
      ...watch(incident, walk, index, event),
      approval: decided(walk, event, { state: 'given', said: reason, alone: true }),
    })),
  }),
};

/** A request of a step goes with its step, and what has ended is asked of nobody until it is open again. */
export function settled(before: Incident, after: Incident, event: TimelineEvent): ApprovalRequest[] | undefined {
  const { approvals, walk } = after;
  if (!approvals) return approvals;
  const open = isOpen(after);
  const latest = walk ? heldOf(walk).map(({ index, approval }) => approval && lastOf(approvals, walk, index)) : [];
  return approvals.map((each) => {
    const gone = each.step !== null && !latest.includes(each);
    if (gone && (each.state === 'asked' || each.state === 'lapsed'))
      return { ...each, state: 'dropped', endedAt: event.at, dueAt: null };
    if (each.state !== 'asked' || !open) return each.dueAt === null ? each : { ...each, dueAt: null };
    return each.dueAt === null && !isOpen(before) ? { ...each, dueAt: event.at + each.withinMs } : each;
  });
}

const lastOf = (approvals: readonly ApprovalRequest[], { hash }: Walk, index: number): ApprovalRequest | undefined =>
  approvals.findLast(({ step }) => step?.hash === hash && step.index === index);
