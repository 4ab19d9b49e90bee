import type { EventBodies, IncidentEvent } from '../events.js';
import type { Saying } from '../jobs.js';
import type { Incident } from '../state.js';

/** Whoever stands on the next rung hears it alone: the channel has been told. */
export const chased = (event: IncidentEvent): { personId: string; say: Saying }[] =>
  event.type === 'updateChased'
    ? event.body.people.map((personId) => ({ personId, say: 'update-chased' as const }))
    : [];

/** Updates are known by their number, so that a later one can take the place of one. */
const updatePlace = (number: number): string => `update-${number}`;

/** What is said of an event under which key, and what it takes back. `revises`: it takes the place of what was sent. */
export function placeOfSaying(
  before: Incident | null,
  event: IncidentEvent & { seq: number },
  ofStakeholders: boolean,
): { place: string | number; drops: string[]; revises: boolean } {
  if (event.type !== 'updatePosted') return { place: event.seq, drops: [], revises: false };
  const replaced = replacedUpdate(before, event.body, ofStakeholders);
  const revised = ofStakeholders ? (event.body.revises ?? null) : null;
  return {
    place: updatePlace(revised ?? event.body.number),
    drops: replaced === null ? [] : [updatePlace(replaced)],
    revises: revised !== null,
  };
}

/**
 * The automatic update that this one takes back while nobody has seen it: after an outage of the chat the latest is
 * told, with its age. What a person wrote is never taken back, and neither is what "no change" refers to.
 */
function replacedUpdate(
  before: Incident | null,
  body: EventBodies['updatePosted'],
  ofStakeholders: boolean,
): number | null {
  if (!before || before.updates.automaticInARow === 0) return null;
  const { toldSince, lastAt, shown } = before.updates;
  if ((body.unchangedSince ?? null) !== null && toldSince === lastAt) return null;
  if (!ofStakeholders) return body.number - 1;
  return shown === null || body.revises === shown.number ? null : shown.number;
}
