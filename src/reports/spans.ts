import type { EventType, TimelineEvent } from '../incident/events.js';
import { type Incident, type Walk, walksOf } from '../incident/state.js';

/** A point in time with the words for what it is. */
interface End {
  what: string;
  at: number;
}
export type Span = { name: string } & (
  | { from: End; to: End; tookMs: number }
  /** Why it is not known; whichever end is known is still given. */
  | { from: End | null; to: End | null; unknown: string }
);

export type Of<T extends EventType> = Extract<TimelineEvent, { type: T }>;
export const ofType = <T extends EventType>(timeline: readonly TimelineEvent[], type: T): Of<T>[] =>
  timeline.filter((event): event is Of<T> => event.type === type);

/** The playbook that was in hand when an event was written. */
export function walkAt(incident: Incident, timeline: readonly TimelineEvent[]): (seq: number) => Walk | undefined {
  const taken = timeline.flatMap((event) =>
    (event.type === 'playbookAttached' && !event.body.later) || event.type === 'walkSwitched'
      ? [{ seq: event.seq, hash: event.body.hash }]
      : [],
  );
  return (seq) => {
    const hash = taken.findLast((each) => each.seq < seq)?.hash;
    return walksOf(incident).find((walk) => walk.hash === hash);
  };
}

const end = (what: string, at: number | null | undefined): End | null =>
  at === null || at === undefined ? null : { what, at };

function between(name: string, from: End | null, to: End | null, missing: { from: string; to: string }): Span {
  if (from === null || to === null) {
    const unknown = [from === null ? missing.from : null, to === null ? missing.to : null].filter(Boolean).join('; ');
    return { name, from, to, unknown };
  }
  if (to.at < from.at)
    return { name, from, to, unknown: 'the second time lies before the first; one of them was given wrong' };
  return { name, from, to, tookMs: to.at - from.at };
}

/**
 * How long it took to detect, acknowledge, mitigate and resolve. Vendors disagree on where each begins and ends, so both
 * ends are always named. After a reopening the last mitigation and the last resolution count.
 */
export function spans(incident: Incident, timeline: readonly TimelineEvent[]): Span[] {
  const impact = end('impact start', incident.impactStartedAt);
  const alert = end('first alert', incident.firstAlertAt);
  const declared = end('declared', incident.declaredAt);
  const acknowledged = end('first acknowledgement', ofType(timeline, 'acknowledged')[0]?.at ?? incident.acknowledgedAt);
  const began = impact ?? alert ?? declared;
  const noBegin = 'nobody said when the impact began';
  const monitored = ofType(timeline, 'statusChanged').some(
    ({ body, at }) => body.to === 'monitoring' && at === incident.mitigatedAt,
  );
  const mitigated = end(monitored ? 'monitoring' : 'resolved, never monitoring before', incident.mitigatedAt);
  return [
    between('Detect', impact, alert ?? declared, { from: noBegin, to: 'no alert came and nobody declared it' }),
    between('Acknowledge', alert ?? declared, acknowledged, {
      from: 'no alert came and nobody declared it',
      to: 'nobody acknowledged it',
    }),
    between('Mitigate', began, mitigated, { from: noBegin, to: 'it never came to monitoring or resolved' }),
    between('Resolve', began, end('resolved', incident.resolvedAt), { from: noBegin, to: 'it was never resolved' }),
  ];
}
