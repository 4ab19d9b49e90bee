import { type ApprovalRequest, answerable, approversWords, deciders, requestsOf } from '../approvals.js';
import type { CommandBodies, Meant } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import {
  type Actor,
  holderOf,
  type Incident,
  isRefusal,
  type Refusal,
  type Role,
  refuse,
  type Walk,
} from '../state.js';
import { inHand } from './in-hand.js';

/** Whoever brings a step in hand that needs an approval asks for it. */
export function asksApproval(walk: Walk, index: number | null): IncidentEvent[] {
  const role = index === null ? null : (walk.steps[index]?.approve ?? null);
  return index === null || role === null ? [] : [event('approvalAsked', { index, role })];
}

/** The same for several at once. */
export const asksApprovals = (walk: Walk, indexes: readonly number[]): IncidentEvent[] =>
  indexes.flatMap((index) => asksApproval(walk, index));

const alone =
  'Nobody there? /incident break-glass because <reason> goes ahead without, loudly; /incident skip <reason> is always possible, and is recorded.';

/** Why the step in hand cannot be done yet. */
export function unapproved(state: Incident, walk: Walk, index: number): Refusal | null {
  const role = walk.steps[index]?.approve;
  if (!role || walk.approval?.state === 'given') return null;
  const step = `Step ${index + 1}`;
  if (walk.approval?.state === 'declined')
    return refuse(
      'approval-declined',
      `${step} was declined: ${walk.approval.said}. Ask again with /incident take step, or /incident skip <reason>.`,
    );
  const request = ofStep(state, walk, index);
  const { given = [], count = 1 } = request ?? {};
  const have = count > 1 ? `${given.length} of ${count} have agreed. ` : '';
  const who =
    request && deciders(state, request).length > 0
      ? `${capital(approversWords(askedSoFar(request)))} ${given.length > 0 ? 'can' : 'has been asked, and'} say${given.length > 0 ? '' : 's'} /incident approve or /incident decline <reason>.`
      : holderOf(state, role) === null
        ? `Nobody has the role of ${role}: somebody else says /incident take ${role}, then /incident approve.`
        : `Somebody else takes the role with /incident take ${role}, then says /incident approve.`;
  return refuse('approval-needed', `${step} has to be approved before it is done. ${have}${who} ${alone}`);
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const askedSoFar = ({ levels, level }: ApprovalRequest) => levels.slice(0, level + 1);

/** The request of the step in hand, the latest. */
const ofStep = (state: Incident, walk: Walk, index: number): ApprovalRequest | undefined =>
  requestsOf(state).findLast(({ step }) => step?.hash === walk.hash && step.index === index);

type Meaning = Meant & { request?: number };
type Found = { request: ApprovalRequest; role: Role | null };

/** What an answer is for: what it names, else the step in hand, else the one request that waits for this person. */
function meant(state: Incident, context: Context, command: Meaning, actor: Actor): Found | Refusal {
  if (command.request !== undefined) return numbered(state, command.request);
  const mine = requestsOf(state).filter((each) => answerable(each) && each.step === null && isFor(state, each, actor));
  const [only, ...more] = mine;
  const named = command.step !== undefined || command.playbook !== undefined;
  const step = stepInHand(state, context, command, actor);
  if (named || !only) return step;
  const atStep = !isRefusal(step) && step.request.step !== null && answerable(step.request);
  if (atStep && isFor(state, step.request, actor)) return step;
  if (more.length === 0) return { request: only, role: null };
  const which = mine.map(({ id, what }) => `${id} (${what})`).join(', ');
  return refuse(
    'which-request',
    `There are ${mine.length} requests that wait for you: ${which}. Say its number: /incident approve ${only.id}`,
  );
}

const isFor = (state: Incident, request: ApprovalRequest, actor: Actor): boolean =>
  actor.kind === 'person' && deciders(state, request).includes(actor.personId);

function numbered(state: Incident, id: number): Found | Refusal {
  const request = requestsOf(state).find((each) => each.id === id);
  if (!request)
    return refuse(
      'no-such-request',
      `There is no request ${id} here. /incident status shows what waits for an approval.`,
    );
  return { request, role: request.step ? roleOf(state, request) : null };
}

const roleOf = ({ walk }: Incident, { step }: ApprovalRequest): Role | null =>
  step && walk?.hash === step.hash ? (walk.steps[step.index]?.approve ?? null) : null;

/** The step in hand, when it waits for somebody; else what else waits, the asker's own first, so that it can be said for whom. */
function stepInHand(state: Incident, context: Context, command: Meant, actor: Actor): Found | Refusal {
  const asked = requestsOf(state).filter((each) => answerable(each) && each.step === null);
  const own = asked.find(({ askedBy }) => actor.kind === 'person' && askedBy === actor.personId);
  const other = own ?? asked[0];
  const at = inHand(state, context, command);
  if (isRefusal(at)) return other ? { request: other, role: null } : at;
  const { walk, index } = at;
  const role = walk.steps[index]?.approve ?? null;
  const request = ofStep(state, walk, index);
  if (role !== null && request) return { request, role };
  return other
    ? { request: other, role: null }
    : refuse('no-approval', `Step ${index + 1} needs no approval. /incident next shows it.`);
}

const nameOf = ({ id, step }: ApprovalRequest): string => (step ? `Step ${step.index + 1}` : `Request ${id}`);

function notYours(state: Incident, request: ApprovalRequest): Refusal {
  const words = approversWords(askedSoFar(request));
  const what = request.step ? nameOf(request) : `${nameOf(request)} (${request.what})`;
  return refuse('not-approver', `${what} is for ${words} to approve.${takesOver(state, request)}`);
}

function takesOver(state: Incident, request: ApprovalRequest): string {
  const role = request.levels.find((level) => level.kind === 'role');
  if (role?.kind !== 'role') return '';
  return holderOf(state, role.role) === null
    ? ` Take the role with /incident take ${role.role}, then approve.`
    : ` /incident take ${role.role} takes the role over, where that is right.`;
}

/** The request, when this person may decide on it now. */
function mine(state: Incident, context: Context, command: Meaning, actor: Actor): Found | Refusal {
  const found = meant(state, context, command, actor);
  if (isRefusal(found)) return found;
  const { request, role } = found;
  if (request.state === 'dropped')
    return refuse('request-over', `${nameOf(request)} is not in hand any more. /incident next shows what is.`);
  if (request.state === 'broken' || (request.state === 'lapsed' && !request.step))
    return refuse(
      'request-over',
      request.state === 'broken'
        ? `Somebody has gone ahead without it already. /incident timeline says who, and why.`
        : `Nobody answered request ${request.id} in time. It can be asked again: /incident approve-request ${request.what}`,
    );
  if (actor.kind === 'person' && request.askedBy === actor.personId && request.state !== 'given')
    return own(state, found);
  if (role !== null && deciders(state, request).length + request.given.length === 0)
    return refuse(
      'nobody-approves',
      `Nobody has the role of ${role}. Take it with /incident take ${role}, then approve.`,
    );
  if (actor.kind === 'person' && request.given.includes(actor.personId) && request.state === 'asked')
    return refuse(
      'agreed-already',
      `You have agreed already; ${request.given.length} of ${request.count} have. Somebody else is needed: ${approversWords(request.levels)}.`,
    );
  if (request.state !== 'given' && !isFor(state, request, actor)) return notYours(state, request);
  return found;
}

function own(state: Incident, { request, role }: Found): Refusal {
  const others = deciders(state, request).length > 0;
  if (role === null)
    return refuse(
      'own-request',
      `You asked for it yourself, so somebody else has to agree: ${approversWords(request.levels)}. ${alone}`,
    );
  if (others && holderOf(state, role) !== request.askedBy) return notYours(state, request);
  return refuse(
    'own-request',
    `You brought ${nameOf(request).toLowerCase()} in hand yourself, so two people are needed. Whoever runs it says /incident take step, then you approve; or another takes the role with /incident take ${role}. ${alone}`,
  );
}

export function approve(state: Incident, command: CommandBodies['approve'], context: Context, actor: Actor): Decision {
  const at = mine(state, context, command, actor);
  if (isRefusal(at)) return at;
  const { request, role } = at;
  const { id, step, given, count } = request;
  if (request.state === 'given')
    return refuse(
      'already-approved',
      step
        ? `Step ${step.index + 1} is approved already. Report it with /incident done.`
        : `Request ${id} is approved already.`,
    );
  if (request.state === 'declined' && !step)
    return refuse('already-declined', `Request ${id} was declined: ${request.said}. It can be asked for again.`);
  return [event('approvalGiven', { id, index: step?.index ?? null, role, have: given.length + 1, of: count })];
}

export function decline(state: Incident, command: CommandBodies['decline'], context: Context, actor: Actor): Decision {
  const at = mine(state, context, command, actor);
  if (isRefusal(at)) return at;
  const { request, role } = at;
  const { id, step } = request;
  if (request.state === 'declined')
    return refuse('already-declined', `${nameOf(request)} is declined already: ${request.said}`);
  if (request.state === 'given' && !step)
    return refuse('already-approved', `Request ${id} is approved already. /incident note says what speaks against it.`);
  return [event('approvalDeclined', { id, index: step?.index ?? null, role, reason: command.reason })];
}
