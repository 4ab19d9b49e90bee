import type { TimelineEvent } from './events.js';
import type { Incident, Severity } from './state.js';
import type { TimersOf } from './timers.js';

const hour = 3_600_000;
const usually: Record<Severity, number> = { sev1: hour, sev2: 4 * hour, sev3: 24 * hour };
/** How long whoever was told has, before the next hear of it. */
const channelAfterMs = 4 * hour;
const leadAfterMs = 24 * hour;

/** Who is told that an entry waits past its time, one after another. */
export const chases = ['owner', 'channel', 'lead'] as const;
type Chase = (typeof chases)[number];

/** What an entry of the triage queue waits for. */
export interface Queued {
  owner: string | null;
  dueAt: number;
  /** Who is told next, and when; null: nobody. */
  next: { who: Chase; at: number } | null;
}

export interface QueueEvents {
  entryOwned: { personId: string; previous: string | null; dueAt: number };
  /** `people` were told directly; of `channel` nobody in particular. */
  entryChased: { who: Chase; dueAt: number; people: string[]; next: Queued['next'] };
}
export interface QueueCommands {
  ownEntry: { personId: string };
  /** From a due job; an older time does nothing. */
  chaseEntry: { dueAt: number };
}

export const triageWithin = ({ policy, severity }: Pick<Incident, 'policy' | 'severity'>): number =>
  policy.severities[severity].triageWithinMs ?? usually[severity];

/** The first owner of a service it names. */
const ownerByService = ({ services, policy }: Pick<Incident, 'services' | 'policy'>): string | null =>
  services.flatMap((each) => policy.services?.[each]?.owners ?? [])[0] ?? null;

/** Who hears next, after these were told; who is nobody is passed over. */
export function nextChase(incident: Pick<Incident, 'policy'>, told: Chase, at: number): Queued['next'] {
  if (told === 'owner') return { who: 'channel', at: at + channelAfterMs };
  return told === 'channel' && (incident.policy.platformLead ?? []).length > 0
    ? { who: 'lead', at: at + leadAfterMs }
    : null;
}

const firstChase = (owner: string | null, dueAt: number): Queued['next'] => ({
  who: owner ? 'owner' : 'channel',
  at: dueAt,
});

/** How the queue stands after any event: an entry that comes, comes back or gets its services is due anew. */
export function queuedAfter(
  before: Incident | null,
  after: Incident,
  event: Pick<TimelineEvent, 'type' | 'at'>,
): Pick<Incident, 'queued'> {
  const { queued } = after;
  if (after.status !== 'triage') return queued?.next ? { queued: { ...queued, next: null } } : {};
  const owner = queued?.owner ?? ownerByService(after);
  const back = before === null || before.status !== 'triage' || event.type === 'snoozeEnded';
  if (!queued || back) {
    const dueAt = Math.max(queued && event.type === 'snoozeEnded' ? queued.dueAt : 0, event.at + triageWithin(after));
    return { queued: { owner, dueAt, next: firstChase(owner, dueAt) } };
  }
  return queued.owner === null && owner !== null && queued.next?.at === queued.dueAt
    ? { queued: { ...queued, owner, next: firstChase(owner, queued.dueAt) } }
    : {};
}

/** What is snoozed is chased by nobody until it is back. */
export const queueTimers: TimersOf = ({ status, snoozedUntil, queued }) =>
  status === 'triage' && snoozedUntil === null && queued?.next
    ? [{ for: 'queue', dueAt: queued.next.at, command: { type: 'chaseEntry', dueAt: queued.next.at } }]
    : [];
