import type { TimelineEvent } from '../events.js';
import type { JobChange } from '../jobs.js';
import { directPlace, placesOf } from '../places.js';
import type { Incident } from '../state.js';

/** An entry waits past its time: its owner is told directly, then the queue, then whoever answers for the platform. */
export function queueJobs(after: Incident, event: TimelineEvent): JobChange[] {
  if (event.type !== 'entryChased') return [];
  const { id: incidentId } = after;
  const dueAt = event.recordedAt;
  if (event.body.who !== 'channel') {
    const platform = directPlace(after);
    if (platform === null) return [];
    return event.body.people.map((personId) => ({
      put: {
        key: `page/${incidentId}/${platform}/${event.seq}/${personId}`,
        lane: `page:${personId}`,
        dueAt,
        task: { kind: 'post', incidentId, platform, to: { to: 'person', personId }, say: 'entry-due' },
      },
    }));
  }
  // One message a day for the whole queue: a later entry takes its place.
  const day = new Date(event.recordedAt).toISOString().slice(0, 10);
  return placesOf(after).flatMap(({ platform, hears }): JobChange[] =>
    hears === 'everything'
      ? [
          {
            put: {
              key: `say/queue/${platform}/${day}`,
              lane: `${incidentId}/${platform}`,
              dueAt,
              task: {
                kind: 'post',
                incidentId,
                platform,
                to: { to: 'named', name: 'triage' },
                say: 'entry-due',
                revises: true,
              },
            },
          },
        ]
      : [],
  );
}
