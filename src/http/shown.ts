import type { Episode } from '../alerts/alert.js';
import { approversWords, requestsOf } from '../incident/approvals.js';
import type { TimelineEvent } from '../incident/events.js';
import { handOf } from '../incident/hand.js';
import type { Actor, Incident, Walk } from '../incident/state.js';
import { describe, type Names, nameOf } from '../reports/timeline-words.js';
import { maskAll } from '../secrets/find.js';
import type { AlertShape, IncidentShape, TimelineShape } from './shapes.js';

type Person = { personId: string; name: string };

const personShown = (personId: string, names: Names): Person => ({ personId, name: nameOf(personId, names) });
const maybePerson = (personId: string | null, names: Names): Person | null =>
  personId === null ? null : personShown(personId, names);
const actorShown = (actor: Actor, names: Names): Person | { machine: string } =>
  actor.kind === 'person' ? personShown(actor.personId, names) : { machine: actor.name };

/** An incident as the API answers it: people with their names, no rules, no playbook text, secrets hidden. */
export function incidentShown(incident: Incident, names: Names): IncidentShape {
  const { impact, workaround, expected, updates } = incident;
  return maskAll({
    number: incident.number,
    id: incident.id,
    title: incident.title,
    severity: incident.severity,
    severityReason: incident.severityReason,
    severitySetBy: incident.severitySetBy,
    severityProposal: incident.severityProposal,
    status: incident.status,
    statusProposal: incident.statusProposal,
    services: incident.services,
    visibility: incident.visibility,
    drill: incident.drill,
    openedAt: incident.openedAt,
    declaredAt: incident.declaredAt,
    declaredBy: incident.declaredBy && actorShown(incident.declaredBy, names),
    impactStartedAt: incident.impactStartedAt,
    firstAlertAt: incident.firstAlertAt,
    acknowledgedAt: incident.acknowledgedAt,
    acknowledgedBy: maybePerson(incident.acknowledgedBy, names),
    acknowledgeDueAt: incident.acknowledgeDueAt,
    identifiedAt: incident.identifiedAt,
    mitigatedAt: incident.mitigatedAt,
    resolvedAt: incident.resolvedAt,
    closedAt: incident.closedAt,
    snoozedUntil: incident.snoozedUntil,
    outcome: incident.outcome,
    roles: Object.fromEntries(
      Object.entries(incident.roles).map(([role, personId]) => [role, personShown(personId, names)]),
    ),
    responders: incident.responders.map((personId) => personShown(personId, names)),
    impact: impact && { text: impact.text, at: impact.at, by: personShown(impact.by, names) },
    workaround: workaround && { text: workaround.text, at: workaround.at, by: personShown(workaround.by, names) },
    expected: expected && { ...expected, by: personShown(expected.by, names) },
    alerts: incident.alerts,
    playbook: incident.walk && walkShown(incident.walk, names),
    playbooksAside: incident.aside.map((walk) => walkShown(walk, names)),
    updates: {
      count: updates.count,
      dueAt: updates.dueAt,
      lastAt: updates.lastAt,
      lastText: updates.lastText,
      overdueSince: updates.overdueSince,
      longSince: updates.longSince,
    },
    approvals: requestsOf(incident).map((request) => ({
      id: request.id,
      what: request.what,
      step: request.step && request.step.index + 1,
      state: request.state,
      askedBy: maybePerson(request.askedBy, names),
      askedAt: request.askedAt,
      of: approversWords(request.levels),
      count: request.count,
      given: request.given.flatMap((personId) => maybePerson(personId, names) ?? []),
      dueAt: request.dueAt,
      by: maybePerson(request.by, names),
      said: request.said,
    })),
    followUps: incident.followUps.map(({ id, text, owner, dueOn }) => ({
      id,
      text,
      owner: maybePerson(owner, names),
      dueOn,
    })),
    channels: incident.channels,
    postmortem: incident.postmortem,
    links: (incident.links ?? []).map(({ incidentId, ...link }) => ({ id: incidentId, ...link })),
    queued: incident.queued ? { owner: maybePerson(incident.queued.owner, names), dueAt: incident.queued.dueAt } : null,
  });
}

const walkShown = (walk: Walk, names: Names): IncidentShape['playbooksAside'][number] => ({
  id: walk.playbookId,
  title: walk.title,
  reason: walk.reason,
  step: walk.current === null ? null : walk.current + 1,
  inHand: handOf(walk).map((index) => index + 1),
  startedAt: walk.startedAt,
  finishedAt: walk.finishedAt,
  dueAt: walk.dueAt,
  approval: walk.approval && {
    ...walk.approval,
    askedBy: maybePerson(walk.approval.askedBy, names),
    by: maybePerson(walk.approval.by, names),
  },
  steps: walk.steps.map((step, index) => ({
    number: index + 1,
    title: step.title,
    phase: step.phase,
    role: step.role,
    state: step.state,
    startedAt: step.startedAt,
    endedAt: step.endedAt,
    by: maybePerson(step.by, names),
    said: step.said,
    assignee: maybePerson(step.assignee, names),
    approve: step.approve,
    withinMs: step.withinMs,
    substeps: { total: step.substeps, ticked: step.ticked.map((index) => index + 1) },
  })),
});

export const eventShown = (event: TimelineEvent, names: Names): TimelineShape =>
  maskAll({
    seq: event.seq,
    type: event.type,
    at: event.at,
    recordedAt: event.recordedAt,
    actor: actorShown(event.actor, names),
    text: describe(event, names),
    body: event.body,
    redacted: event.redacted === true,
  });

export const alertShown = (episode: Episode): AlertShape =>
  maskAll({
    id: episode.id,
    source: episode.source,
    fingerprint: episode.fingerprint,
    state: episode.state,
    startedAt: episode.startedAt,
    endedAt: episode.endedAt,
    lastSeenAt: episode.lastSeenAt,
    name: episode.name,
    summary: episode.summary,
    service: episode.service,
    host: episode.host,
    severity: episode.severity,
    labels: episode.labels,
    annotations: episode.annotations,
    links: episode.links,
  });
