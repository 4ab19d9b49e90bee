import { pagingOf } from '../escalation.js';
import type { TimelineEvent } from '../events.js';
import type { JobChange } from '../jobs.js';
import { isPageOver, pageJob, pageOverJob, wayPlace } from '../pages.js';
import { placesOf } from '../places.js';
import { type Incident, isOpen } from '../state.js';
import { unlessArchived } from './channel.js';

/** What follows from how pages end: the next way, whom to call by telephone, and that it is over for whoever was called. */
export const pageJobs = (before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] => [
  ...next(after, event),
  ...telephone(before, after, event),
  ...over(before, after, event),
];

function next({ id }: Incident, event: TimelineEvent): JobChange[] {
  if (event.type !== 'pageFailed' || event.body.next === null) return [];
  const { personId, page, next: way } = event.body;
  return [{ put: pageJob({ incidentId: id, personId, page, way }, event.recordedAt) }];
}

/** One message for all who were called together; who stood in one before needs no other. */
function telephone(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  if (event.type !== 'pageUnreached') return [];
  const { personId, page } = event.body;
  const told = (before?.pages ?? []).some((each) => each.personId === personId && each.unreached);
  if (told) return [];
  const incidentId = after.id;
  return placesOf(after).flatMap(({ platform, hears }): JobChange[] => {
    if (hears !== 'everything') return [];
    const lane = `${incidentId}/${platform}`;
    const to = { to: 'incident', incidentId } as const;
    const task = { kind: 'post', incidentId, platform, to, say: 'page-unreached', revises: true } as const;
    const say = { put: { key: `say/${lane}/unreached/${page}`, lane, dueAt: event.recordedAt, task } };
    return unlessArchived(after, platform, [say]);
  });
}

/** Each way that took a page is told that somebody is on it, and that it is over; one that took it too late, too. */
function over(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  if (before === null) return [];
  const tell = isOpen(after) ? 'acknowledged' : 'ended';
  const told = (of: { personId: string; page: number; way: string }): JobChange => ({
    put: pageOverJob({ incidentId: after.id, ...of }, event.recordedAt, tell),
  });
  if (event.type === 'pageHandedOver')
    return isPageOver(after, event.body.page, event.body.personId) ? [told(event.body)] : [];
  const ended = isOpen(before) && !isOpen(after);
  const came = (personId: string): boolean =>
    [before, after].map((row) => pagingOf(row).ringing.some((each) => each.personId === personId)).join() ===
    'true,false';
  const called = (before.pages ?? [])
    .filter(({ personId }) => ended || came(personId))
    .flatMap(({ personId, page, handed }) => handed.map((way) => ({ personId, page, way })));
  return [...new Map(called.map((each) => [wayPlace(each.personId, each.way), each])).values()].map(told);
}
