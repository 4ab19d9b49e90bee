import type { CommandBodies } from '../commands.js';
import { type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { type Incident, isOpen, refuse } from '../state.js';

interface Saying {
  text: string | null;
  automatic: boolean;
  at: number;
  nextAt: number | null;
}

/** An update carries what is known at that moment; nothing in it is invented later. */
export function update(state: Incident, { text, automatic, at, nextAt }: Saying): IncidentEvent {
  // A person's update answers the oldest broken promise; Muster's own answers only the latest.
  const promisedAt = automatic ? state.updates.dueAt : (state.updates.overdueSince ?? state.updates.dueAt);
  const step = state.walk && state.walk.current !== null ? state.walk.steps[state.walk.current] : null;
  return event('updatePosted', {
    number: state.updates.count + 1,
    automatic,
    text,
    happened: state.title,
    impact: state.impact && { text: state.impact.text, at: state.impact.at },
    doing: step?.title ?? null,
    status: state.status,
    severity: state.severity,
    promisedAt,
    lateMs: promisedAt === null ? 0 : Math.max(0, at - promisedAt),
    nextAt,
  });
}

/** The clock starts again from now, not from the promise: after an outage one update is owed, not ten. */
const nextPromise = (state: Incident, at: number): number | null => {
  const every = state.policy.severities[state.severity].updateEveryMs;
  return every === null || !isOpen(state) ? null : at + every;
};

export function postUpdate(state: Incident, command: CommandBodies['postUpdate'], at: number): Decision {
  return [update(state, { text: command.text, automatic: false, at, nextAt: nextPromise(state, at) })];
}

const isPromise = (state: Incident, dueAt: number): boolean => isOpen(state) && state.updates.dueAt === dueAt;

/** After an outage the promise may be past already: then the update itself follows at once and a warning is noise. */
export function warnUpdate(state: Incident, command: CommandBodies['warnUpdate'], at: number): Decision {
  return isPromise(state, command.dueAt) && at < command.dueAt ? [event('updateWarned', { dueAt: command.dueAt })] : [];
}

export function postAutomaticUpdate(
  state: Incident,
  command: CommandBodies['postAutomaticUpdate'],
  at: number,
): Decision {
  if (!isPromise(state, command.dueAt)) return [];
  if (state.updates.automaticInARow >= state.policy.automaticUpdates)
    return [event('updateMissed', { dueAt: command.dueAt })];
  return [update(state, { text: null, automatic: true, at, nextAt: nextPromise(state, at) })];
}

export function resolve(state: Incident, command: CommandBodies['resolve'], at: number): Decision {
  if (state.status === 'resolved' || state.status === 'closed')
    return refuse('already-resolved', `This incident is ${state.status} already.`);
  const after = { ...state, status: 'resolved' as const };
  return [
    event('resolved', { summary: command.summary, updateDueAt: null }),
    update(after, { text: command.summary, automatic: command.summary === null, at, nextAt: null }),
  ];
}
