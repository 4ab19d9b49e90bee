import type { TimelineEvent } from '../incident/events.js';
import type { Saying, TaskDraft } from '../incident/jobs.js';
import { type FollowUp, type Incident, pagedAt } from '../incident/state.js';
import { stillAhead } from '../incident/way.js';
import type { Playbook } from '../playbooks/playbook.js';
import type { Card } from './card.js';
import { channelName } from './names.js';
import type { Templates } from './render.js';
import { stepCard } from './step-card.js';
import {
  type About,
  type ChannelValue,
  type FollowUpValue,
  type Person,
  safeUrl,
  type TemplateValues,
} from './values.js';
import { formatDuration } from './zones.js';

export interface ComposeParts {
  templates: Templates;
  names: ReadonlyMap<string, string>;
  /** Where people reach this Muster, without a slash at the end. */
  publicUrl(): string;
  playbook(hash: string): Playbook | null;
  /** A template failed and the built-in text was used. */
  onProblem(problem: string): void;
}

type Post = Extract<TaskDraft, { kind: 'post' }>;
type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;

/** Turns what `react` wants said of an event into the card that will be posted. The text is final from here on. */
export function composer(parts: ComposeParts): (task: Post, after: Incident, event: TimelineEvent) => Card {
  const who = (personId: string | null | undefined): Person | null =>
    personId ? { personId, name: parts.names.get(personId) ?? personId } : null;
  const by = ({ actor }: TimelineEvent): Person | null => (actor.kind === 'person' ? who(actor.personId) : null);
  const nobody: Person = { personId: '', name: 'somebody' };

  const about = ({ number, title, severity, drill }: Incident): About => ({ number, title, severity, drill });
  const channelOf = (incident: Incident): ChannelValue | null =>
    incident.number === null
      ? null
      : {
          channel: { to: 'incident', incidentId: incident.id },
          label: channelName(incident.number, incident.title, incident.visibility === 'private'),
        };
  const pageOf = ({ number, visibility }: Incident) =>
    visibility === 'private' ? null : safeUrl(`${parts.publicUrl()}/incidents/${number}/status`);
  const followUp = ({ text, owner, dueOn }: FollowUp): FollowUpValue => ({ text, owner: who(owner), dueOn });
  const alerts = ({ alerts: { total, firing, names } }: Incident) => ({ alertCount: total, firing, alertNames: names });
  const stillFiring = ({ alerts, policy }: Incident) => ({ firing: alerts.firing, reopenForMs: policy.reopenForMs });
  const speaker = ({ roles }: Incident): Person | null => who(roles.communications ?? roles.commander);

  const values: { [S in Saying]: (after: Incident, event: TimelineEvent) => TemplateValues[S] } = {
    declared: (after, event) => ({
      ...about(after),
      ...alerts(after),
      severityReason: after.severityReason,
      services: after.services,
      by: by(event),
      acknowledgeDueAt: after.acknowledgeDueAt,
      updateDueAt: after.updates.dueAt,
      playbook: after.walk?.title ?? null,
    }),
    announcement: (after) => ({
      ...about(after),
      severityReason: after.severityReason,
      services: after.services,
      impact: after.impact?.text ?? null,
      commander: who(after.roles.commander),
      nextAt: after.updates.dueAt,
      zones: after.policy.zones,
      channel: channelOf(after),
      page: pageOf(after),
    }),
    triage: (after) => ({
      ...about(after),
      ...alerts(after),
      severityReason: after.severityReason,
      services: after.services,
    }),
    'alerts-attached': (after) => ({
      ...about(after),
      count: after.alerts.total,
      firing: after.alerts.firing,
      alertNames: after.alerts.names,
    }),
    'alerts-cleared': (after) => ({
      ...about(after),
      count: after.alerts.total,
      alertNames: after.alerts.names,
      firing: after.alerts.firing,
      proposed: after.statusProposal?.status === 'resolved' ? 'resolved' : after.statusProposal ? 'monitoring' : null,
    }),
    acknowledged: (after, event) => ({
      ...about(after),
      by: by(event) ?? nobody,
      tookMs: after.declaredAt === null ? null : event.at - after.declaredAt,
    }),
    'acknowledge-overdue': (after, event) => {
      const { dueAt } = (event as Event<'acknowledgeMissed'>).body;
      const people = pagedAt(after.policy, after.severity).flatMap((personId) => who(personId) ?? []);
      return { ...about(after), dueAt, lateMs: Math.max(0, event.at - dueAt), people };
    },
    'severity-changed': (after, event) => {
      const { from, reason } = (event as Event<'severityChanged'>).body;
      return { ...about(after), from, reason, by: by(event) };
    },
    'severity-proposed': (after, event) => {
      const { to, reason } = (event as Event<'severityProposed'>).body;
      return { ...about(after), to, reason };
    },
    'status-changed': (after, event) => {
      const { from, to, reason } = (event as Event<'statusChanged'>).body;
      return { ...about(after), from, status: to, reason, by: by(event) };
    },
    'role-assigned': (after, event) => {
      const { role, personId, previous } = (event as Event<'roleAssigned'>).body;
      return { ...about(after), role, person: who(personId) ?? nobody, previous: who(previous), by: by(event) };
    },
    'role-expectations': (after, event) => {
      const { role, personId } = (event as Event<'roleAssigned'>).body;
      return {
        ...about(after),
        role,
        person: who(personId) ?? nobody,
        channel: channelOf(after),
        updateDueAt: after.updates.dueAt,
      };
    },
    note: (after, event) => ({
      ...about(after),
      text: (event as Event<'noted'>).body.text,
      by: by(event),
      at: event.at,
    }),
    impact: (after, event) => ({
      ...about(after),
      text: (event as Event<'impactStated'>).body.text,
      by: by(event),
      at: event.at,
    }),
    playbook: (after, event) => {
      const { title, reason, steps } = (event as Event<'playbookAttached'>).body;
      return { ...about(after), playbook: title, reason, steps: steps.length };
    },
    step: (after, event) => stepValues(about(after), after, event, by(event)),
    'update-due-soon': (after, event) => ({
      ...about(after),
      person: speaker(after),
      dueAt: (event as Event<'updateWarned'>).body.dueAt,
      draft: draftOf(after, event.at),
    }),
    'update-overdue': (after, event) => {
      const dueAt = after.updates.overdueSince ?? (event as Event<'updateMissed'>).body.dueAt;
      return {
        ...about(after),
        person: speaker(after),
        dueAt,
        lateMs: Math.max(0, event.at - dueAt),
        automaticInARow: after.updates.automaticInARow,
      };
    },
    'status-update': (after, event) => {
      const {
        impact,
        promisedAt: _promised,
        lateMs: _late,
        number: _number,
        ...body
      } = (event as Event<'updatePosted'>).body;
      return {
        ...about(after),
        ...body,
        impact: impact?.text ?? null,
        impactAt: impact?.at ?? null,
        impactAgeMs: impact ? Math.max(0, event.at - impact.at) : null,
        workaround: null,
        expectedAt: null,
        expectedWhy: null,
        zones: after.policy.zones,
        page: pageOf(after),
      };
    },
    'follow-up-added': (after, event) => {
      const { body } = event as Event<'followUpAdded'>;
      return { ...about(after), ...followUp(body), id: body.id, by: by(event) };
    },
    resolved: (after, event) => ({
      ...about(after),
      by: by(event),
      summary: (event as Event<'resolved'>).body.summary,
      lastedMs: event.at - (after.impactStartedAt ?? after.declaredAt ?? event.at),
      openSteps: stillAhead(after.walk).length,
      ...stillFiring(after),
    }),
    reopened: (after, event) => {
      const { to, reason } = (event as Event<'reopened'>).body;
      return { ...about(after), by: by(event), status: to, reason };
    },
    closed: (after, event) => {
      const { automatic, openSteps } = (event as Event<'closed'>).body;
      return {
        ...about(after),
        by: by(event),
        automatic,
        followUps: after.followUps.map(followUp),
        openSteps: openSteps.flatMap((index) => after.walk?.steps[index]?.title ?? []),
        postmortem: !automatic && after.policy.severities[after.severity].postmortem,
        ...stillFiring(after),
      };
    },
    postmortem: (after, event) => ({
      ...about(after),
      version: (event as Event<'postmortemDrafted'>).body.version,
      url: safeUrl(`${parts.publicUrl()}/incidents/${after.number}/postmortem`),
    }),
    'delivery-failed': (after, event) => {
      const { what, error, jobKey } = (event as Event<'deliveryFailed'>).body;
      // Operators read along who are not in a private incident.
      const title = after.visibility === 'private' ? 'a private incident' : after.title;
      return { ...about(after), title, what, error, jobKey };
    },
  };

  return ({ say }, after, event) => {
    const make = values[say] as (after: Incident, event: TimelineEvent) => TemplateValues[typeof say];
    const { card, problem } = parts.templates.render(say, make(after, event));
    if (problem) parts.onProblem(problem);
    if (say !== 'step' || after.walk?.current == null) return card;
    return stepCard(after, parts.playbook(after.walk.hash), event.type === 'walkStarted' ? [] : card.blocks) ?? card;
  };
}

type StepEvent = Event<'walkStarted' | 'stepDone' | 'stepSkipped' | 'stepFailed' | 'steppedBack'>;

const outcomes = {
  walkStarted: 'back',
  stepDone: 'done',
  stepSkipped: 'skipped',
  stepFailed: 'failed',
  steppedBack: 'back',
} as const;

function stepValues(about: About, after: Incident, event: TimelineEvent, by: Person | null): TemplateValues['step'] {
  const { type, body } = event as StepEvent;
  const index = 'to' in body ? body.to : body.index;
  const step = after.walk?.steps[index];
  const ended = step?.endedAt ?? null;
  return {
    ...about,
    step: index + 1,
    total: after.walk?.steps.length ?? 0,
    phase: step?.phase ?? '',
    stepTitle: step?.title ?? '',
    by,
    outcome: outcomes[type],
    evidence: step?.said ?? null,
    tookMs: ended === null || step?.startedAt == null ? null : ended - step.startedAt,
    last: after.walk?.current === null,
  };
}

/** What an update could say from what is known; nothing in it is made up. */
function draftOf(incident: Incident, now: number): string {
  const step = incident.walk && incident.walk.current !== null ? incident.walk.steps[incident.walk.current] : null;
  const impact = incident.impact
    ? `Impact: ${incident.impact.text} (said ${formatDuration(Math.max(0, now - incident.impact.at))} ago).`
    : 'Impact: not stated yet.';
  return `${incident.title}. ${impact} ${step ? `We are at: ${step.title}.` : `Status: ${incident.status}.`}`;
}
