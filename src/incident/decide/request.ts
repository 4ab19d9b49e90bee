import {
  type ApprovalCommands,
  type ApprovalRequest,
  answerable,
  approversWords,
  deciders,
  levelAskedAtOnce,
  levelsOf,
  requestsOf,
  ruleFor,
  waiting,
} from '../approvals.js';
import { type Context, type Decision, type Decisions, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { handOf } from '../hand.js';
import { type Actor, type Incident, isOpen, isRefusal, type Refusal, refuse } from '../state.js';
import { approve, decline } from './approve.js';
import { nextFollowUp } from './close.js';
import { inHand } from './in-hand.js';

/** As many as a request may wait for; more would never come together. */
const countAtMost = 5;

function requestApproval(
  state: Incident,
  command: ApprovalCommands['requestApproval'],
  actor: Actor,
  at: number,
): Decision {
  const { what } = command;
  const kind = /^[a-z0-9][a-z0-9._-]*/i.exec(what)?.[0].toLowerCase() ?? '';
  const rule = ruleFor(state, kind);
  const levels = command.from ?? levelsOf(state, rule.from);
  const count = command.count ?? rule.count;
  const withinMs = command.withinMs ?? rule.withinMs;
  if (count < 1 || count > countAtMost)
    return refuse('wrong-count', `Between 1 and ${countAtMost} people can be asked to agree.`);
  const askedBy = actor.kind === 'person' ? actor.personId : null;
  const same = waiting(state).find((each) => each.step === null && each.what === what && each.askedBy === askedBy);
  if (same)
    return refuse(
      'asked-already',
      `That is asked for already, as request ${same.id}. It waits for ${approversWords(same.levels)}: /incident status`,
    );
  const made: Omit<ApprovalRequest, 'level'> = {
    id: requestsOf(state).length + 1,
    what,
    step: null,
    askedBy,
    askedAt: at,
    levels,
    count,
    withinMs,
    dueAt: null,
    given: [],
    state: 'asked',
    endedAt: null,
    by: null,
    said: null,
  };
  const everybody = deciders(state, { ...made, level: levels.length - 1 });
  if (everybody.length < count) return tooFew(made, everybody.length, state.visibility === 'private');
  const level = levelAskedAtOnce(state, made);
  return [event('approvalRequested', { id: made.id, what, levels, level, count, withinMs })];
}

function tooFew({ levels, count, what }: Omit<ApprovalRequest, 'level'>, there: number, hidden: boolean): Refusal {
  const who = levels.length === 0 ? 'nobody is named who could approve' : `it would ask ${approversWords(levels)}`;
  const lack =
    there === 0
      ? 'nobody but you is among them'
      : `${count} have to agree and only ${there} beside you ${there === 1 ? 'is' : 'are'} among them`;
  return refuse(
    'nobody-to-ask',
    `Nobody was asked: ${who}${levels.length === 0 ? '' : `, and ${lack}`}. Name somebody: /incident approve-request ${what} from @who. ${hidden ? 'Of a private incident only those in it are asked: give them a role first' : 'Or let somebody take command'}: /incident assign commander @who.`,
  );
}

/** Who did not answer in time is joined by the next, and after the last it lapses. */
function lapseApprovals(state: Incident, { dueAt }: ApprovalCommands['lapseApprovals'], at: number): Decision {
  if (!isOpen(state)) return [];
  return waiting(state).flatMap((request): IncidentEvent[] => {
    if (request.dueAt === null || request.dueAt > Math.max(dueAt, at)) return [];
    const index = request.step?.index ?? null;
    const { id } = request;
    const asked = deciders(state, request).length;
    const next = request.levels.findIndex(
      (_, level) => level > request.level && deciders(state, { ...request, level }).length > asked,
    );
    return [next < 0 ? event('approvalLapsed', { id, index }) : event('approvalClimbed', { id, index, level: next })];
  });
}

function breakGlass(
  state: Incident,
  command: ApprovalCommands['breakGlass'],
  context: Context,
  actor: Actor,
): Decision {
  if (actor.kind !== 'person') return refuse('not-a-person', 'Only a person breaks the glass.');
  const request = toBreak(state, command, context);
  if (isRefusal(request)) return request;
  const what = request?.what ?? command.what ?? '';
  const without = request ? approversWords(request.levels) : 'asking anybody';
  const owner = state.roles.commander ?? null;
  const followUp = {
    id: nextFollowUp(state),
    text: `Was it right to go ahead without ${without}: ${what}?`,
    owner: owner === actor.personId ? null : owner,
    dueOn: null,
    fromStep: null,
  };
  const { reason } = command;
  return [
    event('glassBroken', { id: request?.id ?? null, index: request?.step?.index ?? null, what, reason, followUp }),
  ];
}

/** What is gone ahead with: a request that waits, or null for what nobody was asked about. */
function toBreak(
  state: Incident,
  command: ApprovalCommands['breakGlass'],
  context: Context,
): ApprovalRequest | null | Refusal {
  const open = requestsOf(state).filter((each) => answerable(each) || each.state === 'declined');
  const still = open.filter((each) => each.state !== 'declined' || isInHand(state, each));
  if (command.request !== undefined) {
    const one = open.find(({ id }) => id === command.request);
    return (
      one ??
      refuse(
        'no-such-request',
        `Request ${command.request} does not wait for anybody. /incident status shows what does.`,
      )
    );
  }
  if (command.step !== undefined || command.playbook !== undefined) {
    const at = inHand(state, context, command);
    if (isRefusal(at)) return at;
    const one = still.find((each) => isInHand(state, each) && each.step?.index === at.index);
    return one ?? refuse('no-approval', `Step ${at.index + 1} waits for nobody. /incident next shows it.`);
  }
  if (command.what !== null) return null;
  const [only, ...more] = still;
  if (!only)
    return refuse(
      'nothing-waits',
      'Nothing waits for an approval here. Say what you go ahead with: /incident break-glass <what> because <reason>',
    );
  if (more.length === 0) return only;
  const which = still.map(({ id, what }) => `${id} (${what})`).join(', ');
  return refuse(
    'which-request',
    `Several wait: ${which}. Say its number: /incident break-glass ${only.id} because <reason>`,
  );
}

/** Its step is in hand, and waits on it. */
const isInHand = ({ walk }: Incident, { step }: ApprovalRequest): boolean =>
  step !== null && walk?.hash === step.hash && handOf(walk).includes(step.index);

export const approvalDecisions = {
  requestApproval: ['live', (state, command, { actor, at }) => requestApproval(state, command, actor, at)],
  approve: ['live', (state, command, { context, actor }) => approve(state, command, context, actor)],
  decline: ['live', (state, command, { context, actor }) => decline(state, command, context, actor)],
  lapseApprovals: ['declared', (state, command, { at }) => lapseApprovals(state, command, at)],
  breakGlass: ['live', (state, command, { context, actor }) => breakGlass(state, command, context, actor)],
} satisfies Decisions<'requestApproval' | 'approve' | 'decline' | 'lapseApprovals' | 'breakGlass'>;
