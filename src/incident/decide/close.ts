import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { type FollowUp, type Incident, isOpen, refuse } from '../state.js';
import { stillAhead } from '../way.js';

const nextId = (state: Incident): number => Math.max(0, ...state.followUps.map(({ id }) => id)) + 1;

export function addFollowUp(state: Incident, command: CommandBodies['addFollowUp']): Decision {
  const { text, owner, dueOn } = command;
  return [event('followUpAdded', { id: nextId(state), text, owner, dueOn, fromStep: null })];
}

export function close(state: Incident): Decision {
  if (state.status === 'closed') return refuse('already-closed', 'This incident is closed already.');
  if (state.status !== 'resolved')
    return refuse('not-resolved', `This incident is ${state.status}. Resolve it first: /incident resolve <summary>`);
  return [closing(state, false)];
}

/** Steps the walk would still have come to are owed: they become follow-ups, without an owner until somebody takes them. */
export function closing(state: Incident, automatic: boolean): IncidentEvent {
  const openSteps = stillAhead(state.walk);
  const first = nextId(state);
  // Closed before, reopened, and still not done: it is owed once.
  const owed = new Set(state.followUps.map(({ fromStep }) => fromStep));
  const followUps = openSteps
    .filter((step) => !owed.has(step))
    .map(
      (step, offset): FollowUp => ({
        id: first + offset,
        text: `Finish step ${step + 1} of ${state.walk?.title}: ${state.walk?.steps[step]?.title}`,
        owner: null,
        dueOn: null,
        fromStep: step,
      }),
    );
  return event('closed', { automatic, followUps, openSteps });
}

export function reopen(state: Incident, command: CommandBodies['reopen'], { rival }: Context, at: number): Decision {
  if (isOpen(state)) return refuse('open', `This incident is ${state.status}; there is nothing to reopen.`);
  if (rival) {
    const name = rival.number === null ? `${rival.title} in the triage queue` : `inc-${rival.number}`;
    return refuse('rival-open', `${name} is open for the same alerts. Go on there, or end it first.`);
  }
  const every = state.policy.severities[state.severity].updateEveryMs;
  const declared = state.number !== null;
  return [
    event('reopened', {
      reason: command.reason,
      to: declared ? 'investigating' : 'triage',
      acknowledgeDueAt: null,
      updateDueAt: declared && every !== null ? at + every : null,
    }),
  ];
}

export function recordPostmortem(state: Incident, command: CommandBodies['recordPostmortem']): Decision {
  const { version, sha256 } = command;
  return state.postmortem && state.postmortem.version >= version
    ? []
    : [event('postmortemDrafted', { version, sha256 })];
}
