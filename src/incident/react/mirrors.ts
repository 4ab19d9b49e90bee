import { leavesChat } from '../audiences.js';
import type { TimelineEvent } from '../events.js';
import type { JobChange, Saying } from '../jobs.js';
import { placesOf } from '../places.js';
import type { Incident } from '../state.js';
import { placeOfSaying } from './updates.js';

/**
 * What other platforms hear, in their channel for stakeholders: what is said to stakeholders as it is, or the outline
 * of it. Each has a lane of its own, so that a mirror that is down holds up nothing.
 */
export function mirrored(
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
  toStakeholders: readonly Saying[],
): JobChange[] {
  if (!leavesChat(after)) return [];
  return placesOf(after).flatMap(({ platform, hears }) => {
    if (hears !== 'updates' && hears !== 'outline') return [];
    const outline = outlineNews(before, after, event) ? (['outline'] as const) : [];
    return (hears === 'outline' ? outline : toStakeholders).flatMap((say): JobChange[] => {
      const lane = `${after.id}/mirror/${platform}`;
      const { place, drops, revises } = placeOfSaying(before, event, say !== 'outline');
      // Home hears it under the key it would have at any other time, so that what it was told is known when it is back.
      const isHome = after.away?.platform === platform;
      const key = (of: string | number) =>
        isHome ? `say/${after.id}/${platform}/${of}/stakeholders` : `say/${lane}/${of}`;
      return [
        ...drops.map((each) => ({ drop: key(each) })),
        {
          put: {
            key: key(place),
            lane,
            dueAt: event.recordedAt,
            task: {
              kind: 'post',
              incidentId: after.id,
              platform,
              to: { to: 'named', name: 'stakeholders' },
              say,
              mirrored: true,
              ...(revises && { revises }),
            },
          },
        },
      ];
    });
  });
}

/** Whether numbers, severity or status have changed. That what is resolved is closed is no news. */
function outlineNews(before: Incident | null, after: Incident, { type }: TimelineEvent): boolean {
  if (type === 'declared') return true;
  if (before === null) return false;
  if (before.severity !== after.severity) return true;
  return before.status !== after.status && !(before.status === 'resolved' && after.status === 'closed');
}
