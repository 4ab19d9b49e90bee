import { type Context, type Decision, type Decisions, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { asOther, type LinkCommands, type Moved, mergeable, mergedInto, nameOf } from '../links.js';
import { mergeEvidence, noEvidence } from '../severity.js';
import { graver, type Incident, isDeclared, isOpen, isRefusal, type Refusal, refuse } from '../state.js';
import { dependenciesOf, type Symptom } from '../symptoms.js';
import { stillAhead } from '../way.js';

const unknown = refuse('unknown-incident', 'There is no such incident for you. /incident list shows those there are.');
const nothingMoves: Moved = {
  alerts: { firing: 0, total: 0, names: [] },
  evidence: noEvidence,
  startedAt: null,
  left: { firing: 0, total: 0, names: [] },
  leftEvidence: noEvidence,
};

/** The other one, when this actor may know of it and it is another. */
function otherOf(state: Incident, context: Context, verb: string): Incident | Refusal {
  const other = context.together?.other ?? null;
  if (!other || context.may(verb, other)) return unknown;
  if (other.id === state.id) return refuse('same', 'That is this incident itself. Name the other one: #12');
  return other;
}
const movedOf = ({ together }: Context): Moved => together?.moved ?? nothingMoves;

const hidden = ({ visibility }: Incident): boolean => visibility === 'private';
/** What a private incident says may reach only those who may see it anyway. */
function tells(from: Incident, to: Incident): Refusal | null {
  if (!hidden(from) && !hidden(to)) return null;
  if (hidden(from) !== hidden(to))
    return refuse(
      'private',
      `One of them is private and the other is not: together, one would show what the other hides. Say in the private one what matters: /incident note <text>`,
    );
  const missing = (one: Incident, two: Incident) => one.responders.filter((each) => !two.responders.includes(each));
  const lacks = missing(from, to).length + missing(to, from).length;
  return lacks === 0
    ? null
    : refuse(
        'private',
        `Both are private, and ${lacks === 1 ? '1 person is' : `${lacks} people are`} in only one of them. Bring the same people into both first: /incident join`,
      );
}

const goesOnThere = (state: Incident): Refusal | null => {
  const there = mergedInto(state);
  return (
    there &&
    refuse(
      'merged',
      `This is merged into ${nameOf(there)} already. Go on there, or take it out again: /incident unmerge`,
    )
  );
};

function merge(state: Incident, { reason }: LinkCommands['merge'], context: Context): Decision {
  const other = otherOf(state, context, 'merge');
  if (isRefusal(other)) return other;
  const no = goesOnThere(state) ?? tells(state, other);
  if (no) return no;
  if (!mergeable.has(state.status))
    return refuse(
      'ended',
      `This is ${state.status}, so nothing of it goes on. Link them instead: /incident link #${other.number}`,
    );
  const over = isDeclared(state)
    ? event('closed', { automatic: false, followUps: [], openSteps: stillAhead(state.walk) })
    : event('dismissed', { reason: `merged into ${nameOf(other)}`, automatic: false });
  return [event('mergedInto', { other: asOther(other), reason }), over];
}

function takeIn(state: Incident, { reason }: LinkCommands['takeIn'], context: Context, byPerson: boolean): Decision {
  const from = otherOf(state, context, 'merge');
  if (isRefusal(from)) return from;
  const there = mergedInto(state);
  if (there)
    return refuse('merged', `That one, #${state.number}, is merged itself: merge into ${nameOf(there)} instead.`);
  if (!isDeclared(state))
    return refuse(
      'not-declared',
      'That one is still in the triage queue. Declare it first, or merge it into this one.',
    );
  if (!isOpen(state))
    return refuse(
      'ended',
      `That one, #${state.number}, is ${state.status}. Reopen it first: /incident #${state.number} reopen <reason>`,
    );
  const first = Math.max(0, ...state.followUps.map(({ id }) => id)) + 1;
  const events: IncidentEvent[] = [
    event('mergedFrom', {
      other: asOther(from),
      reason,
      alerts: movedOf(context).alerts,
      evidence: mergeEvidence(state.evidence, from.evidence),
      startedAt: from.impactStartedAt,
      firstAlertAt: from.firstAlertAt,
      people: from.responders.filter((each) => !state.responders.includes(each)),
      followUps: from.followUps.map((each, offset) => ({ ...each, id: first + offset })),
      ...symptomsOf(from),
    }),
  ];
  // Whoever merges has seen both.
  if (byPerson && state.acknowledgedAt === null) events.push(event('acknowledged', { along: true }));
  if (graver(from.severity, state.severity) && state.severityProposal?.severity !== from.severity)
    events.push(
      event('severityProposed', {
        to: from.severity,
        reason: `${nameOf(from)} was ${from.severity}: ${from.severityReason}`,
      }),
    );
  return events;
}

function split(state: Incident, { detach }: LinkCommands['split'], context: Context): Decision {
  const no = goesOnThere(state);
  if (no) return no;
  const other = context.together?.other;
  if (!other) return unknown;
  const { alerts, left, leftEvidence } = movedOf(context);
  const service = detach && { service: detach.service };
  return [event('splitInto', { other: asOther(other), alerts, left, evidence: leftEvidence, ...service })];
}

function giveUp(state: Incident, context: Context): Decision {
  const other = otherOf(state, context, 'split');
  if (isRefusal(other)) return other;
  const { alerts, left, leftEvidence } = movedOf(context);
  return [event('splitInto', { other: asOther(other), alerts, left, evidence: leftEvidence })];
}

function receive(state: Incident, { undone }: LinkCommands['receive'], context: Context): Decision {
  const other = otherOf(state, context, 'split');
  if (isRefusal(other)) return other;
  const { alerts, evidence, startedAt } = movedOf(context);
  const people = hidden(state) ? other.responders.filter((each) => !state.responders.includes(each)) : [];
  const { firstAlertAt } = other;
  return [event('splitFrom', { other: asOther(other), alerts, evidence, startedAt, firstAlertAt, people, undone })];
}

const symptomsOf = (from: Incident): { symptoms?: Symptom[] } => {
  const { symptoms } = dependenciesOf(from);
  return symptoms.length > 0 ? { symptoms: symptoms.map(({ at: _, ...each }) => each) } : {};
};

/** It stands again as it was declared, or waits in the queue again; its alerts are brought by `receive`. */
function unmerge(state: Incident, context: Context, at: number): Decision {
  const there = mergedInto(state);
  if (!there)
    return refuse(
      'not-merged',
      'This was not merged into another incident. To take alerts out of it: /incident split <alerts> as <title>',
    );
  const other = otherOf(state, context, 'unmerge');
  if (isRefusal(other)) return other;
  if (context.rival)
    return refuse('rival-open', `Another, ${nameOf(context.rival)}, is open for the same alerts by now. Go on there.`);
  const every = state.policy.severities[state.severity].updateEveryMs;
  const declared = isDeclared(state);
  const { alerts, evidence, startedAt } = movedOf(context);
  return [
    event('splitFrom', {
      other: asOther(other),
      alerts,
      evidence,
      startedAt,
      firstAlertAt: state.firstAlertAt,
      people: [],
      undone: true,
    }),
    event('reopened', {
      reason: `it was merged into ${nameOf(there)} by mistake`,
      to: declared ? 'investigating' : 'triage',
      acknowledgeDueAt: null,
      updateDueAt: declared && every !== null ? at + every : null,
    }),
  ];
}

const linkTo = (state: Incident, other: Incident): boolean =>
  (state.links ?? []).some(({ incidentId, how }) => incidentId === other.id && how === 'related');

function link(state: Incident, { reason }: LinkCommands['link'], context: Context): Decision {
  const other = otherOf(state, context, 'link');
  if (isRefusal(other)) return other;
  const no = tells(state, other);
  if (no) return no;
  if (linkTo(state, other))
    return refuse('unchanged', `They are linked already. To take it back: /incident unlink #${other.number}`);
  return [event('linked', { other: asOther(other), reason })];
}

function unlink(state: Incident, context: Context): Decision {
  const other = otherOf(state, context, 'link');
  if (isRefusal(other)) return other;
  return linkTo(state, other)
    ? [event('unlinked', { other: asOther(other) })]
    : refuse('unchanged', `They are not linked. To link them: /incident link #${other.number}`);
}

/** The same on the other timeline; one that has it already is left as it is. */
function back(state: Incident, context: Context, reason: string | null | undefined): Decision {
  const other = otherOf(state, context, 'link');
  if (isRefusal(other)) return other;
  if (linkTo(state, other) === (reason !== undefined)) return [];
  return reason === undefined
    ? [event('unlinked', { other: asOther(other) })]
    : [event('linked', { other: asOther(other), reason })];
}

export const linkDecisions = {
  link: ['anything', (state, command, { context }) => link(state, command, context)],
  linkBack: ['anything', (state, command, { context }) => back(state, context, command.reason)],
  unlink: ['anything', (state, _command, { context }) => unlink(state, context)],
  unlinkBack: ['anything', (state, _command, { context }) => back(state, context, undefined)],
  merge: ['anything', (state, command, { context }) => merge(state, command, context)],
  takeIn: [
    'anything',
    (state, command, { context, actor }) => takeIn(state, command, context, actor.kind === 'person'),
  ],
  split: ['live', (state, command, { context }) => split(state, command, context)],
  unmerge: ['anything', (state, _command, { context, at }) => unmerge(state, context, at)],
  giveUp: ['anything', (state, _command, { context }) => giveUp(state, context)],
  receive: ['anything', (state, command, { context }) => receive(state, command, context)],
} satisfies Decisions<keyof LinkCommands>;
