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

const alone = 'Nobody there? /incident skip <reason> is always possible, and is recorded.';

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
  const who =
    holderOf(state, role) === null
      ? `Nobody has the role of ${role}: somebody else says /incident take ${role}, then /incident approve.`
      : `The ${role} has been asked, and says /incident approve or /incident decline <reason>.`;
  return refuse('approval-needed', `${step} has to be approved before it is done. ${who} ${alone}`);
}

interface Asked {
  index: number;
  role: Role;
}

/** The step that waits, when this person may decide on it. */
function mine(state: Incident, context: Context, meant: Meant, actor: Actor): (Asked & { walk: Walk }) | Refusal {
  const at = inHand(state, context, meant);
  if (isRefusal(at)) return at;
  const { walk, index } = at;
  const role = walk.steps[index]?.approve;
  if (!role) return refuse('no-approval', `Step ${index + 1} needs no approval. /incident next shows it.`);
  const holder = holderOf(state, role);
  if (holder === null)
    return refuse(
      'nobody-approves',
      `Nobody has the role of ${role}. Take it with /incident take ${role}, then approve.`,
    );
  if (actor.kind !== 'person' || actor.personId !== holder)
    return refuse(
      'not-approver',
      `Step ${index + 1} is for the ${role} to approve. /incident take ${role} takes the role over, where that is right.`,
    );
  return { walk, index, role };
}

export function approve(state: Incident, command: CommandBodies['approve'], context: Context, actor: Actor): Decision {
  const at = mine(state, context, command, actor);
  if (isRefusal(at)) return at;
  const { walk, index, role } = at;
  if (walk.approval?.state === 'given')
    return refuse('already-approved', `Step ${index + 1} is approved already. Report it with /incident done.`);
  if (actor.kind === 'person' && walk.approval?.askedBy === actor.personId)
    return refuse(
      'own-request',
      `You brought step ${index + 1} in hand yourself, so two people are needed. Whoever runs it says /incident take step, then you approve; or another takes the role with /incident take ${role}. ${alone}`,
    );
  return [event('approvalGiven', { index, role })];
}

export function decline(state: Incident, command: CommandBodies['decline'], context: Context, actor: Actor): Decision {
  const at = mine(state, context, command, actor);
  if (isRefusal(at)) return at;
  const { walk, index, role } = at;
  if (walk.approval?.state === 'declined')
    return refuse('already-declined', `Step ${index + 1} is declined already: ${walk.approval.said}`);
  return [event('approvalDeclined', { index, role, reason: command.reason })];
}
