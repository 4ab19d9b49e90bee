import { audiencesFor, hasSubscribers, noticeKind, subscribers } from './audiences.js';
import { restoredTimers } from './auditing.js';
import type { EventType, IncidentEvent, TimelineEvent } from './events.js';
import { cardJob, type JobChange, type PostTo, type Saying, type TaskDraft } from './jobs.js';
import { mergedInto } from './links.js';
import { directPlace, type Place, placesOf } from './places.js';
import { saidOfApproval, toldOfApprovals } from './react/approvals.js';
import { briefings } from './react/briefing.js';
import { channelJobs, openedAgain, unlessArchived } from './react/channel.js';
import { calls, callsChanged, saidOfEscalation } from './react/escalation.js';
import { toldAlone } from './react/handover.js';
import { mirrored } from './react/mirrors.js';
import { isMove, moved } from './react/outage.js';
import { pageJobs } from './react/pages.js';
import { queueJobs } from './react/queue.js';
import { settling } from './react/symptoms.js';
import { chased, placeOfSaying } from './react/updates.js';
import { saidOfWalk, toldDirectly } from './react/walk.js';
import { waysIn } from './react/way-in.js';
import { graver, type Incident, invitedAt, isDeclared } from './state.js';
import { timerChanges } from './timers.js';

type Where = 'incident' | 'stakeholders' | 'triage' | 'operators';

/** What is said of an event, and where. An event that is not here is on the timeline and the card only. */
const sayings: Partial<Record<EventType, [Saying, Where][]>> = {
  declared: [
    ['declared', 'incident'],
    ['announcement', 'stakeholders'],
  ],
  acknowledged: [['acknowledged', 'incident']],
  severityChanged: [['severity-changed', 'incident']],
  severityProposed: [['severity-proposed', 'incident']],
  statusChanged: [['status-changed', 'incident']],
  statusProposed: [['alerts-cleared', 'incident']],
  roleAssigned: [['role-assigned', 'incident']],
  roleReleased: [['role-released', 'incident']],
  taskDone: [['task-ended', 'incident']],
  taskDropped: [['task-ended', 'incident']],
  handoverAccepted: [['handover-accepted', 'incident']],
  impactStated: [['impact', 'incident']],
  noted: [['note', 'incident']],
  updatePosted: [
    ['status-update', 'stakeholders'],
    ['status-update', 'incident'],
  ],
  updateWarned: [['update-due-soon', 'incident']],
  updateMissed: [['update-overdue', 'incident']],
  publishWarned: [['publish-due', 'incident']],
  published: [['published', 'incident']],
  updateAsked: [['update-asked', 'incident']],
  longProposed: [['long-proposed', 'incident']],
  longStarted: [
    ['long-mode', 'stakeholders'],
    ['long-mode', 'incident'],
  ],
  longEnded: [['long-over', 'incident']],
  workaroundStated: [['workaround', 'incident']],
  returnExpected: [['expected', 'incident']],
  followUpAdded: [['follow-up-added', 'incident']],
  resolved: [['resolved', 'incident']],
  reopened: [['reopened', 'incident']],
  closed: [['closed', 'incident']],
  postmortemDrafted: [['postmortem', 'incident']],
  mergedInto: [
    ['merged', 'stakeholders'],
    ['merged', 'incident'],
  ],
  splitInto: [['split', 'incident']],
  stormEnded: [['storm-over', 'incident']],
};

const destination = (where: Where, incidentId: string): PostTo =>
  where === 'incident' ? { to: 'incident', incidentId } : { to: 'named', name: where };

/** A storm of alerts is told at 10, 100, 1,000, … so that the channel stays readable; the card always shows the count. */
const worthTelling = (before: Incident | null, after: Incident): boolean =>
  before !== null && String(after.alerts.total).length > String(Math.max(1, before.alerts.total)).length;

/** One post for one act: that it is over, or that somebody declares or takes a role, says all of it there. */
function toldAlready(before: Incident | null, after: Incident, event: IncidentEvent & { at: number }): boolean {
  // Where it goes on was said just before.
  if (event.type === 'closed') return mergedInto(after) !== null;
  if (event.type === 'roleAssigned') return event.body.along ?? false;
  if (event.type === 'acknowledged') return event.body.along ?? false;
  if (event.type !== 'updatePosted') return false;
  const { status } = event.body;
  return status === 'closed' || (status === 'resolved' && before?.resolvedAt === event.at);
}

function saidOf(before: Incident | null, after: Incident, event: TimelineEvent): [Saying, Where][] {
  // A word to the operators that cannot be delivered is not told to the operators.
  if (event.type === 'deliveryFailed')
    return event.body.jobKey.endsWith('/operators') ? [] : [['delivery-failed', 'operators']];
  // The card is far up by now, so that it is back has to be said.
  if (event.type === 'snoozeEnded') return [['triage', 'triage']];
  if (!isDeclared(after)) return [];
  if (event.type === 'alertsAttached') return worthTelling(before, after) ? [['alerts-attached', 'incident']] : [];
  const ofCalls = saidOfEscalation(after, event);
  if (ofCalls) return ofCalls;
  const ofWalk = saidOfWalk(after, event) ?? saidOfApproval(before, event);
  const everywhere: [Saying, Where][] = event.type === 'glassBroken' ? [['glass-broken', 'operators']] : [];
  if (ofWalk) return [[ofWalk, 'incident'], ...everywhere];
  const told = toldAlready(before, after, event);
  return (sayings[event.type] ?? []).filter(
    ([, where]) => (where !== 'stakeholders' || after.visibility === 'public') && !(where === 'incident' && told),
  );
}

const toStakeholders = (...about: Parameters<typeof saidOf>): Saying[] =>
  saidOf(...about).flatMap(([say, where]) => (where === 'stakeholders' ? [say] : []));

/**
 * What should now happen in the world, and what no longer should. Pure. Runs once per event; the engine gives each
 * job its place in its lane from the event's seq.
 */
export function react(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  return [
    ...moved(after, event),
    ...openedAgain(before, after, event),
    ...placesOf(after).flatMap((place) => unlessArchived(after, place.platform, inPlace(before, after, event, place))),
    ...channelJobs(before, after, event),
    ...mirrored(before, after, event, toStakeholders(before, after, event)),
    ...calls(before, after, event),
    ...told(before, after, event),
    ...pageJobs(before, after, event),
    ...waysIn(before, after, event),
    ...queueJobs(after, event),
    ...briefings(before, after, event),
    ...notices(before, after, event),
    ...timerChanges(before, after),
    ...settling(before, after, event),
    ...(event.type === 'timersRestored' ? restoredTimers(after, event.body) : []),
    ...draft(after, event),
    ...keptSuggestions(after, event),
  ];
}

function inPlace(
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
  { platform, hears }: Place,
): JobChange[] {
  if (hears !== 'everything' && hears !== 'card') return [];
  const incidentId = after.id;
  const lane = `${incidentId}/${platform}`;
  const dueAt = event.recordedAt;
  const put = (key: string, task: TaskDraft): JobChange => ({ put: { key, lane, dueAt, task } });
  const jobs: JobChange[] = [];

  if (hears === 'card' || isMove(event)) return cards(before, after, event, platform, put);
  if (event.type === 'declared') jobs.push(put(`open/${lane}`, { kind: 'openChannel', incidentId, platform }));
  jobs.push(...cards(before, after, event, platform, put));
  jobs.push(...invites(before, after, event, platform, put));
  for (const [say, where] of saidOf(before, after, event)) {
    const { place, drops, revises } = placeOfSaying(before, event, where === 'stakeholders');
    const key = (of: string | number): string => `say/${lane}/${of}/${where}`;
    const to = destination(where, incidentId);
    jobs.push(...drops.map((each) => ({ drop: key(each) })));
    jobs.push(put(key(place), { kind: 'post', incidentId, platform, to, say, ...(revises && { revises }) }));
  }
  return jobs;
}

/** Whoever is on call, and everybody who acts: a private channel shows itself to nobody else. */
function invites(
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
  platform: string,
  put: (key: string, task: TaskDraft) => JobChange,
): JobChange[] {
  const incidentId = after.id;
  const key = `invite/${incidentId}/${platform}`;
  const invite = (of: string, people: string[]) => put(of, { kind: 'invite', incidentId, platform, people });
  if (event.type === 'declared') {
    const people = [...new Set([...invitedAt(after.policy, after.severity), ...after.responders])];
    return people.length > 0 ? [invite(key, people)] : [];
  }
  if (!isDeclared(after) || event.type === 'invited') return [];
  const raised = newlyFor(invitedAt, before, after).filter((personId) => !after.responders.includes(personId));
  // Whoever the severity invites anyway is invited already.
  const invited = event.type === 'paged' ? invitedAt(after.policy, after.severity) : [];
  const joined = after.responders.filter(
    (personId) => !before?.responders.includes(personId) && !invited.includes(personId),
  );
  return [
    ...(raised.length > 0 ? [invite(`${key}/${after.severity}`, raised)] : []),
    ...joined.map((personId) => invite(`${key}/${personId}`, [personId])),
  ];
}

/** Those a graver severity brings in beside the ones of before. */
function newlyFor(of: typeof invitedAt, before: Incident | null, after: Incident): string[] {
  if (before === null || !graver(after.severity, before.severity)) return [];
  const already = of(before.policy, before.severity);
  return of(after.policy, after.severity).filter((personId) => !already.includes(personId));
}

/** Bookkeeping of Muster's own says nothing new on a card. */
const quiet: ReadonlySet<EventType> = new Set([
  'invited',
  'deliveryFailed',
  'pageHandedOver',
  'pageFailed',
  'pageUnreached',
  'noted',
  'redacted',
  'messageKept',
  'keptMessageRevised',
  'keptMessageWithdrawn',
  'channelArchived',
  'timersRestored',
  'changeSuggested',
  'updateChased',
  'publishWarned',
]);

function cards(
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
  platform: string,
  put: (key: string, task: TaskDraft) => JobChange,
): JobChange[] {
  if (quiet.has(event.type) && !callsChanged(before, after)) return [];
  const incidentId = after.id;
  const queued = !isDeclared(after) || (before !== null && !isDeclared(before)) || leftQueueMeanwhile(after, event);
  const shown = [...(queued ? (['triage'] as const) : []), ...(isDeclared(after) ? (['situation'] as const) : [])];
  return shown.map((which) => {
    const { key, task } = cardJob(incidentId, platform, which);
    return put(key, task);
  });
}

/** Home still shows it as waiting. */
const leftQueueMeanwhile = ({ openedAt, declaredAt }: Incident, event: TimelineEvent): boolean =>
  event.type === 'platformBack' && openedAt < event.body.since && declaredAt !== null && declaredAt > event.body.since;

/** What somebody is told alone has a lane of theirs: a stuck post never holds it up. */
function told(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  const page = (personId: string, platform: string, say: Saying): JobChange => ({
    put: {
      key: `page/${after.id}/${platform}/${event.seq}/${personId}`,
      lane: `page:${personId}`,
      dueAt: event.recordedAt,
      task: { kind: 'post', incidentId: after.id, platform, to: { to: 'person', personId }, say },
    },
  });
  const home = directPlace(after);
  if (home === null) return [];
  const ofWalk = isDeclared(after)
    ? [
        ...toldDirectly(after, event),
        ...chased(event),
        ...toldOfApprovals(before, after, event),
        ...toldAlone(before, event),
      ].map(({ personId, say }) => page(personId, home, say))
    : [];
  if (event.type === 'roleAssigned' && !event.body.along)
    return [page(event.body.personId, home, 'role-expectations'), ...ofWalk];
  return ofWalk;
}

/** Each audience has a lane of its own, so that one that cannot be reached holds up neither chat nor another. */
function notices(before: Incident | null, after: Incident, event: TimelineEvent): JobChange[] {
  const kind = noticeKind(before, after, event);
  if (kind === null) return [];
  const named = audiencesFor(kind, before, after, event);
  return [...named, ...(hasSubscribers(kind, after) ? [subscribers] : [])].map((audience) => ({
    put: {
      key: `notify/${after.id}/${audience}/${event.seq}`,
      lane: `${after.id}/audience/${audience}`,
      dueAt: event.recordedAt,
      task: {
        kind: 'notify',
        incidentId: after.id,
        platform: `audience/${audience}`,
        audience,
        seq: event.seq,
      },
    },
  }));
}

function draft(after: Incident, event: TimelineEvent): JobChange[] {
  if (
    event.type !== 'closed' ||
    event.body.automatic ||
    mergedInto(after) !== null ||
    !after.policy.severities[after.severity].postmortem
  )
    return [];
  return [
    {
      put: {
        key: `postmortem/${after.id}`,
        lane: null,
        dueAt: event.recordedAt,
        task: { kind: 'draftPostmortem', incidentId: after.id },
      },
    },
  ];
}

function keptSuggestions({ id, suggestions = [] }: Incident, event: TimelineEvent): JobChange[] {
  if (event.type !== 'closed' || suggestions.length === 0) return [];
  const task = { kind: 'keepSuggestions' as const, incidentId: id };
  return [{ put: { key: `suggestions/${id}`, lane: null, dueAt: event.recordedAt, task } }];
}
