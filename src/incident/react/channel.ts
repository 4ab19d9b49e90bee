import { callLinks } from '../call.js';
import type { TimelineEvent } from '../events.js';
import type { JobChange, TaskDraft } from '../jobs.js';
import { placesOf } from '../places.js';
import { type Incident, invitedAt, isDeclared } from '../state.js';

/** The platforms where it has a channel that people work in. */
const workedIn = (incident: Incident | null): string[] =>
  incident && isDeclared(incident)
    ? placesOf(incident).flatMap(({ platform, hears }) =>
        hears === 'everything' && incident.channels[platform] ? [platform] : [],
      )
    : [];

/**
 * What concerns the channel itself: its head, the file with the postmortem, its end. The first two have a lane of their
 * own, so that one of them that fails holds up nothing that is said; the end waits for all that is still to be said.
 */
export function channelJobs(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  const { id: incidentId } = after;
  const worked = workedIn(after);
  const were = workedIn(before);
  const beside = (platform: string, key: string, task: TaskDraft): JobChange => ({
    put: { key, lane: `${incidentId}/${platform}/head`, dueAt: event.recordedAt, task },
  });
  const jobs = worked.flatMap((platform): JobChange[] => {
    const isNew = !were.includes(platform) || (event.type === 'channelOpened' && event.body.platform === platform);
    const { postmortem } = after;
    return [
      ...(isNew || headOf(before) !== headOf(after)
        ? [beside(platform, `head/${incidentId}/${platform}`, { kind: 'describe', incidentId, platform })]
        : []),
      ...(postmortem && (isNew || postmortem.version !== before?.postmortem?.version)
        ? [
            beside(platform, `file/${incidentId}/${platform}/postmortem-${postmortem.version}`, {
              kind: 'attach',
              incidentId,
              platform,
              version: postmortem.version,
            }),
          ]
        : []),
    ];
  });
  return [...jobs, ...ends(before, after, [...new Set([...were, ...worked])])];
}

/** What the head of a channel says; every change of it may be a line in the channel, so it is little. */
const headOf = (incident: Incident | null): string =>
  JSON.stringify(
    incident && [incident.severity, incident.status, incident.roles.commander, incident.title, callLinks(incident)],
  );

/** When its channel there is put away; null: it is not. */
function endOf(incident: Incident | null, platform: string): number | null {
  const afterMs = incident?.policy.archiveAfterMs ?? null;
  if (!incident || afterMs === null || incident.status !== 'closed' || incident.closedAt === null) return null;
  return workedIn(incident).includes(platform) && !incident.channels[platform]?.archived
    ? incident.closedAt + afterMs
    : null;
}

function ends(before: Incident | null, after: Incident, platforms: readonly string[]): JobChange[] {
  const { id: incidentId } = after;
  return platforms.flatMap((platform): JobChange[] => {
    const dueAt = endOf(after, platform);
    if (dueAt === endOf(before, platform)) return [];
    const key = `archive/${incidentId}/${platform}`;
    const lane = `${incidentId}/${platform}`;
    return dueAt === null
      ? [{ drop: key }]
      : [{ put: { key, lane, dueAt, task: { kind: 'archive', incidentId, platform } } }];
  });
}

/** A channel that was put away stays so: it goes on in another, with everybody in it. Comes before all that is said there. */
export function openedAgain(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  if (event.type !== 'reopened') return [];
  const { id: incidentId } = after;
  return workedIn(after).flatMap((platform): JobChange[] => {
    if (!before?.channels[platform]?.archived) return [];
    const lane = `${incidentId}/${platform}`;
    const put = (key: string, task: TaskDraft): JobChange => ({ put: { key, lane, dueAt: event.recordedAt, task } });
    const people = [...new Set([...invitedAt(after.policy, after.severity), ...after.responders])];
    return [
      put(`open/${lane}`, { kind: 'openChannel', incidentId, platform, again: event.seq }),
      ...(people.length > 0 ? [put(`invite/${lane}`, { kind: 'invite', incidentId, platform, people })] : []),
    ];
  });
}

/** Nothing more is said in a channel that has been put away. */
export const unlessArchived = (after: Incident, platform: string, jobs: JobChange[]): JobChange[] =>
  after.status === 'closed' && after.channels[platform]?.archived
    ? jobs.filter((job) => !('put' in job && intoChannel(job.put.task)))
    : jobs;

const intoChannel = (task: TaskDraft): boolean =>
  task.kind === 'invite' || ((task.kind === 'post' || task.kind === 'card') && task.to.to === 'incident');
