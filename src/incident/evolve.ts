import { audiencesOf, heardWith } from './audiences.js';
import { pagingOf } from './escalation.js';
import type { EventBodies, EventType, IncidentEvent, TimelineEvent } from './events.js';
import { approvalRules, settled } from './evolve/approvals.js';
import { changedRules } from './evolve/changed.js';
import { attended, escalationRules, pagingAnew } from './evolve/escalation.js';
import { gateRules, phasesAt } from './evolve/gates.js';
import { handedOn, handoverRules } from './evolve/handover.js';
import { keepRules } from './evolve/keep.js';
import { linkRules } from './evolve/links.js';
import { noiseRules } from './evolve/noise.js';
import { pageRules, pagesAfter } from './evolve/pages.js';
import { promisingRules } from './evolve/promising.js';
import { queueRules } from './evolve/queue.js';
import { cameWith, symptomRules } from './evolve/symptoms.js';
import { taskRules } from './evolve/tasks.js';
import { undoRules } from './evolve/undo.js';
import { noUpdates, paced, promisedSooner, updateRules } from './evolve/updates.js';
import { closedWalk, pausedWalk, type Rule, resumedWalk, walkRules } from './evolve/walk.js';
import { withFocus } from './hand.js';
import { hereAfter } from './here.js';
import { mergedInto, nameOf } from './links.js';
import { nudgeAfter } from './nudges.js';
import { queuedAfter } from './queue.js';
import { noEvidence } from './severity.js';
import type { Incident, Status } from './state.js';
import { suggestingRules } from './suggesting.js';
import { actsAfter } from './undo.js';

type Opening = EventBodies['triaged'];

const namesKept = 5;
const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];
const earliest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b);

function opened(opening: Opening, status: Status, event: TimelineEvent): Incident {
  return {
    id: opening.incidentId,
    number: null,
    title: opening.title,
    status,
    severity: opening.severity,
    severityReason: opening.severityReason,
    severitySetBy: opening.severitySetBy,
    severityProposal: null,
    statusProposal: null,
    visibility: opening.visibility,
    drill: opening.drill,
    services: opening.services,
    groupKey: opening.groupKey,
    evidence: noEvidence,
    policy: opening.policy,
    openedAt: event.at,
    openedBy: event.actor,
    declaredAt: null,
    declaredBy: null,
    impactStartedAt: null,
    firstAlertAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    acknowledgeDueAt: null,
    acknowledgeMisses: 0,
    identifiedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    closedAt: null,
    snoozedUntil: null,
    outcome: null,
    roles: {},
    responders: [],
    impact: null,
    workaround: null,
    expected: null,
    alerts: { firing: 0, total: 0, names: [] },
    walk: null,
    aside: [],
    updates: noUpdates,
    followUps: [],
    channels: {},
    postmortem: null,
  };
}

const decided = (reason: string, event: TimelineEvent): NonNullable<Incident['triageDecision']> => ({
  by: event.actor.kind === 'person' ? event.actor.personId : null,
  reason,
});

const rules: { [T in EventType]: Rule<T> } = {
  triaged: () => ({}),
  declared: (incident, body, event) => ({
    number: body.number,
    status: 'investigating',
    severity: body.severity,
    severityReason: body.severityReason,
    severitySetBy: body.severitySetBy,
    severityProposal: null,
    declaredAt: event.at,
    declaredBy: event.actor,
    closedAt: null,
    acknowledgeDueAt: body.acknowledgeDueAt,
    snoozedUntil: null,
    outcome: null,
    updates: { ...incident.updates, dueAt: body.updateDueAt },
  }),
  snoozed: (_, body, event) => ({ snoozedUntil: body.until, triageDecision: decided(body.reason, event) }),
  snoozeEnded: () => ({ snoozedUntil: null }),
  dismissed: (_, body, event) => ({
    status: 'dismissed',
    snoozedUntil: null,
    closedAt: event.at,
    outcome: { reason: body.reason, automatic: body.automatic },
    triageDecision: decided(body.reason, event),
  }),
  alertsAttached: (incident, body, event) => ({
    alerts: {
      firing: incident.alerts.firing + body.firing,
      total: incident.alerts.total + body.count,
      names: union(incident.alerts.names, body.names).slice(0, namesKept),
    },
    evidence: body.evidence,
    services: union(incident.services, body.evidence.services),
    firstAlertAt: earliest(incident.firstAlertAt, event.at),
    lastAlertAt: event.at,
    impactStartedAt: earliest(incident.impactStartedAt, body.startedAt),
    statusProposal: body.firing > 0 ? null : incident.statusProposal,
    acknowledgeDueAt: body.acknowledgeDueAt ?? incident.acknowledgeDueAt,
    ...cameWith(incident, body, event.at),
  }),
  alertsResolved: (incident, body) => {
    const firing = Math.max(0, incident.alerts.firing - body.count);
    return {
      alerts: { ...incident.alerts, firing },
      // Escalation of what has cleared by itself stops; it starts again with the next firing alert.
      acknowledgeDueAt: firing === 0 && pagingOf(incident).lapsedAt === null ? null : incident.acknowledgeDueAt,
    };
  },
  acknowledged: (incident, _body, event) => ({
    acknowledgedAt: incident.acknowledgedAt ?? event.at,
    acknowledgedBy: event.actor.kind === 'person' ? event.actor.personId : null,
    acknowledgeDueAt: null,
  }),
  acknowledgeMissed: (incident, body) => ({
    acknowledgeDueAt: body.nextDueAt,
    acknowledgeMisses: incident.acknowledgeMisses + 1,
  }),
  severityChanged: (incident, body) => ({
    severity: body.to,
    severityReason: body.reason,
    severitySetBy: body.setBy,
    severityProposal: null,
    acknowledgeDueAt: body.acknowledgeDueAt,
    updates: { ...incident.updates, dueAt: body.updateDueAt },
  }),
  severityProposed: (_, body) => ({ severityProposal: { severity: body.to, reason: body.reason } }),
  statusChanged: (incident, body, event) => ({
    status: body.to,
    statusProposal: null,
    identifiedAt: body.to === 'identified' ? (incident.identifiedAt ?? event.at) : incident.identifiedAt,
    mitigatedAt: body.to === 'monitoring' ? (incident.mitigatedAt ?? event.at) : incident.mitigatedAt,
  }),
  statusProposed: (_, body) => ({ statusProposal: { status: body.to, reason: body.reason } }),
  roleAssigned: (incident, body) => ({
    roles: { ...incident.roles, [body.role]: body.personId },
    responders: union(incident.responders, [body.personId]),
  }),
  roleReleased: ({ roles }, body) => ({
    roles: Object.fromEntries(Object.entries(roles).filter(([role]) => role !== body.role)),
  }),
  responderJoined: (incident, body) => ({ responders: union(incident.responders, [body.personId]) }),
  noted: () => ({}),
  ...keepRules,
  ...taskRules,
  ...handoverRules,
  ...linkRules,
  ...changedRules,
  ...noiseRules,
  ...symptomRules,
  ...queueRules,
  ...undoRules,
  ...escalationRules,
  ...walkRules,
  ...approvalRules,
  ...gateRules,
  ...updateRules,
  ...promisingRules,
  followUpAdded: (incident, body) => ({ followUps: [...incident.followUps, body] }),
  resolved: (incident, _body, event) => ({
    status: 'resolved',
    resolvedAt: event.at,
    mitigatedAt: incident.mitigatedAt ?? event.at,
    statusProposal: null,
    severityProposal: null,
    acknowledgeDueAt: null,
    updates: { ...incident.updates, dueAt: null, overdueSince: null },
    walk: pausedWalk(incident.walk),
  }),
  reopened: (incident, body, event) => ({
    status: body.to,
    resolvedAt: null,
    closedAt: null,
    mitigatedAt: null,
    outcome: null,
    acknowledgeDueAt: body.acknowledgeDueAt,
    acknowledgeMisses: 0,
    updates: { ...incident.updates, dueAt: body.updateDueAt },
    walk: resumedWalk(incident.walk, event),
    ...pagingAnew(incident),
  }),
  closed: (incident, body, event) => ({
    status: 'closed',
    closedAt: event.at,
    resolvedAt: incident.resolvedAt ?? event.at,
    statusProposal: null,
    severityProposal: null,
    acknowledgeDueAt: null,
    outcome: { reason: body.automatic ? 'every alert cleared by itself' : endOf(incident), automatic: body.automatic },
    updates: { ...incident.updates, dueAt: null, overdueSince: null },
    followUps: [...incident.followUps, ...body.followUps],
    walk: closedWalk(incident.walk, body.openSteps),
  }),
  postmortemDrafted: (_, body, event) => ({ postmortem: { version: body.version, at: event.at } }),
  platformLost: (_, { platform, standIn, since, of }, { seq }) => ({
    away: { platform, standIn, since, seq, of },
    stoodIn: standIn,
  }),
  platformBack: () => ({ away: null }),
  channelOpened: (incident, body) => ({
    channels: { ...incident.channels, [body.platform]: { channel: body.channel, name: body.name } },
  }),
  channelArchived: ({ channels }, { platform, channel }) => ({
    channels: { ...channels, [platform]: { name: '', ...channels[platform], channel, archived: true } },
  }),
  invited: (incident, body) => ({ responders: union(incident.responders, body.people) }),
  ...pageRules,
  deliveryFailed: () => ({}),
  policyAdopted: ({ updates }, body) => ({
    policy: body.policy,
    ...(body.updateDueAt !== undefined && { updates: { ...updates, dueAt: body.updateDueAt } }),
  }),
  timersRestored: () => ({}),
  ...suggestingRules,
  redacted: () => ({}),
};

/** In words, how a person ended it. */
function endOf(incident: Incident): string {
  const there = mergedInto(incident);
  return there ? `merged into ${nameOf(there)}` : 'closed';
}

/** Whoever marks a message as worth keeping need not work on the incident. */
const bystanding: ReadonlySet<EventType> = new Set(['messageKept']);

/**
 * The row after one more event. Pure; events carry every computed value, so it needs nothing else.
 * @throws when a first event opens nothing, or a later one has no incident: the ledger is broken.
 */
export function evolve(incident: Incident | null, event: TimelineEvent): Incident {
  const before = incident ?? first(event);
  const rule = rules[event.type] as Rule<EventType>;
  const about = 'index' in event.body ? withFocus(before, event.body.index as number) : before;
  const after = { ...about, ...rule(about, event.body as EventBodies[EventType], event) };
  after.walk = phasesAt(after, event);
  Object.assign(after, attended(after, event));
  after.updates = paced(after, event);
  if (after.approvals) after.approvals = settled(before, after, event);
  Object.assign(after, queuedAfter(incident, after, event));
  const acts = actsAfter(incident, event);
  if (acts) after.acts = acts;
  Object.assign(after, pagesAfter(before, after));
  // Whoever acts responds; a private incident stays readable to the people who worked on it.
  const { actor, type } = event;
  if (actor.kind === 'person' && !bystanding.has(type) && !after.responders.includes(actor.personId))
    after.responders = [...after.responders, actor.personId];
  after.here = hereAfter(before, event);
  Object.assign(after, handedOn(after, event));
  after.nudge = nudgeAfter(after, event);
  const audiences = audiencesOf(after);
  if (audiences.length > (after.audiences?.length ?? 0)) after.audiences = audiences;
  const heard = heardWith(incident, after, event);
  if (heard !== null) after.heard = heard;
  after.updates = promisedSooner(incident, after, event);
  return after;
}

function first(event: TimelineEvent): Incident {
  if (event.type === 'triaged') return opened(event.body, 'triage', event);
  if (event.type === 'declared' && event.body.opening) return opened(event.body.opening, 'investigating', event);
  throw new Error(`A timeline cannot begin with ${event.type} (seq ${event.seq}).`);
}

/** The row as it would be after events that are not written yet. */
export const foreseen = (
  incident: Incident | null,
  events: readonly IncidentEvent[],
  { actor, at }: Pick<TimelineEvent, 'actor' | 'at'>,
): Incident | null =>
  events.reduce<Incident | null>((row, each) => evolve(row, { ...each, seq: 0, at, recordedAt: at, actor }), incident);

export const fold = (events: readonly TimelineEvent[]): Incident | null =>
  events.reduce<Incident | null>((incident, event) => evolve(incident, event), null);
