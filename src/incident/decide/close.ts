import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { mergedInto, nameOf } from '../links.js';
import { nextFollowUp } from '../owed.js';
import { type FollowUp, type Incident, isOpen, refuse, type Walk } from '../state.js';
import { leftAside, stillAhead } from '../way.js';
import { requiredOpen } from './required.js';

export { nextFollowUp };

export function addFollowUp(state: Incident, command: CommandBodies['addFollowUp']): Decision {
  const { text, owner, dueOn } = command;
  return [event('followUpAdded', { id: nextFollowUp(state), text, owner, dueOn, fromStep: null })];
}

export function close(state: Incident): Decision {
  if (state.status === 'closed')
    return refuse('already-closed', 'This incident is closed already. To go on with it: /incident reopen <reason>');
  if (state.status !== 'resolved')
    return refuse('not-resolved', `This incident is ${state.status}. Resolve it first: /incident resolve <summary>`);
  return requiredOpen(state) ?? [closing(state, false)];
}

/**
 * Steps the walk would still have come to are owed: they become follow-ups, without an owner until somebody takes them.
 * Of a playbook set aside on its way the step it was left at stands for the rest.
 */
export function closing(state: Incident, automatic: boolean): IncidentEvent {
  const openSteps = stillAhead(state.walk);
  const owing = [
    ...openSteps.flatMap((step) => (state.walk ? [{ walk: state.walk, step, text: finish(state.walk, step) }] : [])),
    ...leftAside(state).map(({ walk, step }) => ({
      walk,
      step,
      text: `${finish(walk, step)}; it was set aside there`,
    })),
  ];
  // Closed before, reopened, and still not done: it is owed once.
  const owed = new Set(state.followUps.map(({ fromWalk, fromStep }) => `${fromWalk}/${fromStep}`));
  const first = nextFollowUp(state);
  const followUps = owing
    .filter(({ walk, step }) => !owed.has(`${walk.hash}/${step}`))
    .map(
      ({ walk, step, text }, offset): FollowUp => ({
        id: first + offset,
        text,
        owner: walk.steps[step]?.assignee ?? null,
        dueOn: null,
        fromStep: step,
        fromWalk: walk.hash,
      }),
    );
  return event('closed', { automatic, followUps, openSteps });
}

const finish = (walk: Walk, step: number): string =>
  `Finish step ${step + 1} of ${walk.title}: ${walk.steps[step]?.title}`;

export function reopen(state: Incident, command: CommandBodies['reopen'], { rival }: Context, at: number): Decision {
  const there = mergedInto(state);
  if (there)
    return refuse(
      'merged',
      `This is merged into ${nameOf(there)}. Go on there, or take it out again: /incident unmerge`,
    );
  if (isOpen(state))
    return refuse(
      'open',
      `This incident is ${state.status}; there is nothing to reopen. /incident status shows where it stands.`,
    );
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
