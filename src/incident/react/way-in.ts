import { watchers } from '../escalation.js';
import type { TimelineEvent } from '../events.js';
import type { JobChange } from '../jobs.js';
import { type Incident, isDeclared } from '../state.js';

/**
 * Who has to find the way to where it goes on: the commander and whoever is on call; of a private incident only who is
 * there already.
 */
function seekers(incident: Incident | null): string[] {
  if (!incident?.away || !isDeclared(incident)) return [];
  const { roles, visibility, responders } = incident;
  const there = (personId: string): boolean => visibility === 'public' || responders.includes(personId);
  const people = [roles.commander, ...watchers(incident).filter(there)];
  return [...new Set(people.filter((personId) => personId !== undefined))];
}

/** Told outside chat, where home cannot tell them: when it is lost, and whoever comes to be among them later. */
export function waysIn(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  const sought = seekers(before);
  const acting = event.actor.kind === 'person' ? event.actor.personId : null;
  const people = seekers(after).filter((personId) => !sought.includes(personId) && personId !== acting);
  if (people.length === 0) return [];
  return [
    {
      put: {
        key: `way-in/${after.id}/${event.seq}`,
        lane: null,
        dueAt: event.recordedAt,
        task: { kind: 'wayIn', incidentId: after.id, platform: 'way-in', people },
      },
    },
  ];
}
