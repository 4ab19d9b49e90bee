import { type Decisions, event } from '../context.js';
import { nextChase, type QueueCommands, triageWithin } from '../queue.js';
import { type Incident, refuse } from '../state.js';

function ownEntry(state: Incident, { personId }: QueueCommands['ownEntry'], at: number) {
  const { owner = null, dueAt = at } = state.queued ?? {};
  if (owner === personId)
    return refuse(
      'unchanged',
      'That person owns this entry already. Decide about it: /incident declare, snooze or dismiss',
    );
  // Whoever takes over something late gets the time it takes to look.
  return [event('entryOwned', { personId, previous: owner, dueAt: dueAt > at ? dueAt : at + triageWithin(state) })];
}

function chaseEntry(state: Incident, { dueAt }: QueueCommands['chaseEntry'], at: number) {
  const { queued } = state;
  if (state.status !== 'triage' || state.snoozedUntil !== null || !queued?.next || queued.next.at !== dueAt) return [];
  const { who } = queued.next;
  const people =
    who === 'owner' && queued.owner ? [queued.owner] : who === 'lead' ? (state.policy.platformLead ?? []) : [];
  return [event('entryChased', { who, dueAt: queued.dueAt, people: [...people], next: nextChase(state, who, at) })];
}

export const queueDecisions = {
  ownEntry: ['triage', (state, command, { at }) => ownEntry(state, command, at)],
  chaseEntry: ['anything', (state, command, { at }) => chaseEntry(state, command, at)],
} satisfies Decisions<keyof QueueCommands>;
