import { pagingOf } from '../escalation.js';
import type { TimelineEvent } from '../events.js';
import type { JobChange, Saying } from '../jobs.js';
import type { Incident } from '../state.js';

const pageKey = (incident: Incident, seq: number, personId: string): string => `page/${incident.id}/${seq}/${personId}`;

/** Each call is a job of its own; it is dropped when the row no longer has it. */
export function calls(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  const still = new Set(pagingOf(after).ringing.map(({ seq, personId }) => pageKey(after, seq, personId)));
  const was = before ? pagingOf(before).ringing.map(({ seq, personId }) => pageKey(after, seq, personId)) : [];
  const dropped = was.filter((key) => !still.has(key)).map((key) => ({ drop: key }));
  if (event.type !== 'paged') return dropped;
  const { seq, recordedAt: dueAt } = event;
  return [
    ...dropped,
    // Whoever calls the level they are on themselves is there already.
    ...event.body.people.flatMap(({ personId }): JobChange[] => {
      const key = pageKey(after, seq, personId);
      const task = { kind: 'page', incidentId: after.id, platform: 'page', personId, seq } as const;
      return still.has(key) ? [{ put: { key, lane: null, dueAt, task } }] : [];
    }),
  ];
}

/** The card shows who is called. */
export const callsChanged = (before: Incident | null, after: Incident): boolean =>
  before !== null &&
  (before.acknowledgeDueAt !== after.acknowledgeDueAt ||
    pagingOf(before).ringing.length !== pagingOf(after).ringing.length);

type Where = 'incident' | 'operators';

/**
 * What is said of calling people. That they are called when it opens is on the card; whoever acknowledged is asked
 * alone. null: this event is none of these.
 */
export function saidOfEscalation(after: Incident, event: TimelineEvent): [Saying, Where][] | null {
  const aloud = (say: Saying): [Saying, Where][] => [
    [say, 'incident'],
    ...(after.drill ? [] : ([[say, 'operators']] as [Saying, Where][])),
  ];
  switch (event.type) {
    case 'acknowledgeMissed':
      if (event.body.next === 'over') return aloud('nobody-answered');
      return event.body.next === 'asked' ? [['acknowledge-overdue', 'incident']] : [];
    case 'paged': {
      const { people, why, escalation, round } = event.body;
      if (people.length === 0) return round > 1 ? [['nobody-called', 'incident']] : aloud('nobody-called');
      if (why === 'missed') return [['acknowledge-overdue', 'incident']];
      return why === 'asked' || (why === 'idle' && escalation !== null) ? [['paged', 'incident']] : [];
    }
    case 'pageAnswered':
      return [['page-answered', 'incident']];
    case 'answerMissed':
      return [['answer-overdue', 'incident']];
    case 'acknowledgementLapsed':
      return [];
    default:
      return null;
  }
}
