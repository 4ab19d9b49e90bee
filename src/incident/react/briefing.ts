import { pagingOf } from '../escalation.js';
import type { EventType, TimelineEvent } from '../events.js';
import type { JobChange } from '../jobs.js';
import { directPlace } from '../places.js';
import { type Incident, isDeclared, isOpen } from '../state.js';

/** Before that nobody has missed anything. */
const runsSinceMs = 10 * 60_000;
/** These tell them by themselves, or bring many in at once who know it from elsewhere. */
const tellsItself: ReadonlySet<EventType> = new Set([
  'declared',
  'paged',
  'roleAssigned',
  'roleOffered',
  'handoverOffered',
  'handoverAccepted',
  'mergedFrom',
  'splitFrom',
]);

/** Whoever comes to an incident that runs is told alone, once, what happened, who does what and what is next. */
export function briefings(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  if (before === null || !isDeclared(before) || !isOpen(after) || tellsItself.has(event.type)) return [];
  if (event.recordedAt - (after.declaredAt ?? event.recordedAt) < runsSinceMs) return [];
  const platform = directPlace(after);
  if (platform === null) return [];
  const { id: incidentId } = after;
  // Whoever was called by name, and was not there before, comes with the answer.
  const { actor, type } = event;
  const answers = (personId: string): boolean =>
    type === 'pageAnswered' &&
    actor.kind === 'person' &&
    actor.personId === personId &&
    pagingOf(before).ringing.some((each) => each.personId === personId && each.isNew === true);
  return after.responders
    .filter((personId) => !before.responders.includes(personId) || answers(personId))
    .map((personId) => ({
      put: {
        key: `page/${incidentId}/${platform}/briefing/${personId}`,
        lane: `page:${personId}`,
        dueAt: event.recordedAt,
        task: { kind: 'post', incidentId, platform, to: { to: 'person', personId }, say: 'briefing' },
      },
    }));
}
