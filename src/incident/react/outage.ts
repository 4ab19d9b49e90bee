import { watchers } from '../escalation.js';
import type { TimelineEvent } from '../events.js';
import type { CatchUpOf, JobChange, PostTo, Saying, TaskDraft } from '../jobs.js';
import { directPlace } from '../places.js';
import { type Incident, invitedAt, isDeclared, isOpen } from '../state.js';
import { unlessArchived } from './channel.js';

type Moved = Extract<TimelineEvent, { type: 'platformLost' | 'platformBack' }>;
export const isMove = (event: TimelineEvent): event is Moved =>
  event.type === 'platformLost' || event.type === 'platformBack';

/**
 * What a change of place brings besides the cards. What waits for home is forgotten: of what it has missed it hears one
 * card when it is back. In the other place there is a channel with everybody in it, and what it has missed.
 */
export function moved(after: Incident, event: TimelineEvent): JobChange[] {
  if (!isMove(event)) return [];
  const { id: incidentId } = after;
  const lost = event.type === 'platformLost';
  const { platform: home, standIn } = event.body;
  const there = lost ? standIn : home;
  const put = (key: string, platform: string, task: TaskDraft): JobChange => ({
    put: { key, lane: `${incidentId}/${platform}`, dueAt: event.recordedAt, task },
  });
  const catchUp = (platform: string, of: CatchUpOf): JobChange => {
    const to: PostTo = of === 'incident' ? { to: 'incident', incidentId } : { to: 'named', name: 'stakeholders' };
    const key = `catch-up/${incidentId}/${platform}/${event.seq}/${of}`;
    return put(key, platform, { kind: 'catchUp', incidentId, platform, to, of, seq: event.seq });
  };
  const forStakeholders = (platform: string): JobChange[] =>
    after.visibility === 'public' ? [catchUp(platform, 'announcement'), catchUp(platform, 'update')] : [];

  const say = (key: string, platform: string, to: PostTo, said: Saying): JobChange =>
    put(`say/${incidentId}/${platform}/${event.seq}/${key}`, platform, {
      kind: 'post',
      incidentId,
      platform,
      to,
      say: said,
    });

  const jobs: JobChange[] = lost ? [{ clear: { incidentId, platform: home } }] : [];
  if (!isDeclared(after)) return jobs;
  const channel = after.channels[there];
  // What was put away stays so, also when it was reopened while nobody could be told there.
  if (!channel || channel.archived) {
    const again = channel ? { again: event.seq } : {};
    jobs.push(
      put(`open/${incidentId}/${there}`, there, { kind: 'openChannel', incidentId, platform: there, ...again }),
    );
  }
  const people = [...new Set([...invitedAt(after.policy, after.severity), ...after.responders])];
  if (people.length > 0)
    jobs.push(put(`invite/${incidentId}/${there}`, there, { kind: 'invite', incidentId, platform: there, people }));
  jobs.push(catchUp(there, 'incident'), ...forStakeholders(there));
  const back = () => say('incident', standIn, { to: 'incident', incidentId }, 'platform-back');
  if (!lost) return [...jobs, ...unlessArchived(after, standIn, [back()])];
  jobs.push(...pages(after, event));
  if (event.body.of === 'platform') return jobs;
  const operators: PostTo = { to: 'named', name: 'operators' };
  return [...jobs, ...forStakeholders(home), say('operators', home, operators, 'channel-lost')];
}

/** Whoever leads, and whoever is told while nobody does: they would look for it where it was. */
function pages(after: Incident, event: TimelineEvent): JobChange[] {
  const platform = directPlace(after);
  if (platform === null || !isOpen(after)) return [];
  const onCall = watchers(after).filter(
    (personId) => after.visibility === 'public' || after.responders.includes(personId),
  );
  const { commander } = after.roles;
  return [...new Set([...(commander === undefined ? [] : [commander]), ...onCall])].map((personId) => ({
    put: {
      key: `page/${after.id}/${platform}/${event.seq}/${personId}`,
      lane: `page:${personId}`,
      dueAt: event.recordedAt,
      task: { kind: 'post', incidentId: after.id, platform, to: { to: 'person', personId }, say: 'platform-lost' },
    },
  }));
}
