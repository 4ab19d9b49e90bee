import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import { isAcknowledged, pagingOf } from '../escalation.js';
import { type Actor, graver, type Incident, isOpen, refuse } from '../state.js';
import { proposalsFor } from '../watch.js';

/** A promise already made is kept: a milder severity changes the cadence after the update that is due. */
export function changeSeverity(state: Incident, command: CommandBodies['changeSeverity'], at: number): Decision {
  if (command.to === state.severity)
    return refuse(
      'unchanged',
      `This incident is ${state.severity} already. Another one: /incident sev <1|2|3> <reason>`,
    );
  const rules = state.policy.severities[command.to];
  const worse = graver(command.to, state.severity);
  const wasLong = state.updates.longSince !== null;
  const promised = state.updates.dueAt;
  const sooner = (due: number | null, every: number | null) =>
    every === null ? due : Math.min(due ?? Number.POSITIVE_INFINITY, at + every);
  return [
    event('severityChanged', {
      from: state.severity,
      to: command.to,
      reason: command.reason,
      setBy: 'person',
      acknowledgeDueAt:
        state.acknowledgedAt !== null || state.alerts.firing === 0 || !isOpen(state)
          ? null
          : worse
            ? sooner(state.acknowledgeDueAt, rules.acknowledgeWithinMs)
            : state.acknowledgeDueAt,
      updateDueAt: isOpen(state)
        ? worse || promised === null || wasLong
          ? sooner(promised, rules.updateEveryMs)
          : promised
        : null,
    }),
  ];
}

export function changeStatus(state: Incident, command: CommandBodies['changeStatus']): Decision {
  if (command.to === state.status)
    return refuse('unchanged', `This incident is ${state.status} already. /incident status shows where it stands.`);
  if (!isOpen(state))
    return refuse('ended', `This incident is ${state.status}. Reopen it first: /incident reopen <reason>`);
  return [event('statusChanged', { from: state.status, to: command.to, reason: command.reason })];
}

/** Whoever takes a role for themself has seen the incident: nobody is chased after that. */
export function assignRole(
  state: Incident,
  command: CommandBodies['assignRole'],
  { actor, context, at }: { actor: Actor; context: Context; at: number },
): Decision {
  const previous = state.roles[command.role] ?? null;
  if (previous === command.personId)
    return refuse(
      'unchanged',
      `That person has the role of ${command.role} already. /incident status shows who does what.`,
    );
  const seen = actor.kind === 'person' && actor.personId === command.personId && state.acknowledgedAt === null;
  return [
    event('roleAssigned', {
      role: command.role,
      personId: command.personId,
      previous,
      ...(command.role === 'commander' && { propose: proposalsFor(state, command.personId, context.onCall, at) }),
    }),
    ...(seen && isOpen(state) ? [event('acknowledged', { along: true })] : []),
  ];
}

export const releaseRole = (state: Incident, { role, personId }: CommandBodies['releaseRole']): Decision =>
  state.roles[role] === personId
    ? [event('roleReleased', { role, personId })]
    : refuse('unchanged', `That person is not ${role}.`);

/** Whoever was called by name and comes has answered. */
export function join(state: Incident, command: CommandBodies['join'], actor: Actor): Decision {
  const { personId, said } = command;
  const noted = said ? [event('noted', { text: said })] : [];
  if (!state.responders.includes(personId)) return [event('responderJoined', { personId }), ...noted];
  const called = pagingOf(state).ringing.some((each) => each.personId === personId && each.answerDueAt !== null);
  if (called && isAcknowledged(state) && actor.kind === 'person' && actor.personId === personId)
    return [event('pageAnswered', {}), ...noted];
  return said === undefined ? refuse('unchanged', 'That person is in this incident already.') : noted;
}
