import type { TimelineEvent } from '../incident/events.js';
import { alone, answersFor } from '../incident/here.js';
import type { Saying, TaskDraft } from '../incident/jobs.js';
import { type FollowUp, holderOf, type Incident } from '../incident/state.js';
import { leftAside, stillAhead } from '../incident/way.js';
import type { Playbook } from '../playbooks/playbook.js';
import { approvalValues, hiddenGlass, withRequestButtons } from './approvals.js';
import { briefingCard } from './briefing.js';
import type { Card } from './card.js';
import { crewValues, withCrewButtons } from './compose-crew.js';
import { promisingValues, punctualityOf } from './compose-promising.js';
import { unchangedValues, updateValues, withUpdateButtons } from './compose-updates.js';
import { type EscalationSaying, escalationCard, isEscalationSaying } from './escalation-cards.js';
import { gateCard } from './gate-cards.js';
import { isLinkSaying, type LinkSaying, linkCard } from './link-cards.js';
import { asMirrored, outlineCard } from './mirrored.js';
import { channelName } from './names.js';
import { movedCard, type OutageSaying } from './outage-cards.js';
import { unreachedCard } from './page-cards.js';
import { entryDueCard } from './queue-cards.js';
import type { Templates } from './render.js';
import {
  type About,
  type ChannelValue,
  type FollowUpValue,
  type Person,
  safeUrl,
  type TemplateValues,
} from './values.js';
import { walkValues, withStep } from './walk-values.js';

export interface ComposeParts {
  templates: Templates;
  names: ReadonlyMap<string, string>;
  /** Where people reach this Muster, without a slash at the end. */
  publicUrl(): string;
  playbook(hash: string): Playbook | null;
  /** Somebody's telephone number; null: nobody has written it down. */
  phone?(personId: string): string | null;
  /** A template failed and the built-in text was used. */
  onProblem(problem: string): void;
}

type Post = Extract<TaskDraft, { kind: 'post' }>;
type Event<T extends TimelineEvent['type']> = Extract<TimelineEvent, { type: T }>;

/**
 * Turns what `react` wants said of an event into the card that will be posted. The text is final from here on. `whole`:
 * in full, also where the message before says the same.
 */
export function composer(
  parts: ComposeParts,
): (
  task: Pick<Post, 'say' | 'mirrored'> & { to?: Post['to']; whole?: boolean },
  after: Incident,
  event: TimelineEvent,
) => Card {
  const who = (personId: string | null | undefined): Person | null =>
    personId ? { personId, name: parts.names.get(personId) ?? personId } : null;
  const by = ({ actor }: TimelineEvent): Person | null => (actor.kind === 'person' ? who(actor.personId) : null);
  const nobody: Person = { personId: '', name: 'somebody' };
  const unreached = (after: Incident, event: TimelineEvent): Card => {
    const { page } = (event as Event<'pageUnreached'>).body;
    const people = after.pages?.filter((each) => each.page === page && each.unreached) ?? [];
    return unreachedCard(
      after,
      people.map(({ personId }) => ({ person: who(personId) ?? nobody, phone: parts.phone?.(personId) ?? null })),
    );
  };

  const about = ({ number, title, severity, drill }: Incident): About => ({ number, title, severity, drill });
  const channelOf = (incident: Incident): ChannelValue | null =>
    incident.number === null
      ? null
      : {
          channel: { to: 'incident', incidentId: incident.id },
          label: channelName(incident.number, incident.title, incident.visibility === 'private'),
        };
  const followUp = ({ text, owner, dueOn }: FollowUp): FollowUpValue => ({ text, owner: who(owner), dueOn });
  const alerts = ({ alerts: { total, firing, names } }: Incident) => ({ alertCount: total, firing, alertNames: names });
  const stillFiring = ({ alerts, policy }: Incident) => ({ firing: alerts.firing, reopenForMs: policy.reopenForMs });

  const values: {
    [S in Exclude<
      Saying,
      'outline' | 'page-unreached' | OutageSaying | EscalationSaying | LinkSaying | 'gate' | 'entry-due' | 'briefing'
    >]: (after: Incident, event: TimelineEvent) => TemplateValues[S];
  } = {
    ...updateValues({ who, by, about, channelOf, publicUrl: parts.publicUrl }),
    ...promisingValues({ who, by, about, channelOf, publicUrl: parts.publicUrl, names: parts.names }),
    ...walkValues({ about, who, by, nobody }),
    ...crewValues({ about, who, by, nobody }),
    ...approvalValues({ about, who, by }),
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
      const { body } = event as Event<'acknowledgeMissed' | 'paged'>;
      const missed = 'people' in body ? body : null;
      const called = (missed?.people ?? []).flatMap(({ personId, because }) => {
        const person = who(personId);
        return person ? [{ person, because }] : [];
      });
      const { level = 0, levels = 0, acknowledgeDueAt: untilAt = null } = missed ?? {};
      const dueAt = body.dueAt ?? event.at;
      return {
        ...about(after),
        ...{ dueAt, lateMs: Math.max(0, event.at - dueAt), people: called.map(({ person }) => person) },
        ...{ called, level, levels, untilAt },
      };
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
    'role-released': (after, event) => {
      const { role, personId } = (event as Event<'roleReleased'>).body;
      const stepped = event.actor.kind === 'person';
      return { ...about(after), role, person: who(personId) ?? nobody, stepped, holder: who(holderOf(after, role)) };
    },
    'role-expectations': (after, event) => {
      const { role, personId } = (event as Event<'roleAssigned'>).body;
      return {
        ...about(after),
        role,
        person: who(personId) ?? nobody,
        channel: channelOf(after),
        updateDueAt: after.updates.dueAt,
        alone: alone(after) === personId,
        folded: answersFor(after, personId).filter((each) => after.roles[each] !== personId),
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
    'follow-up-added': (after, event) => {
      const { body } = event as Event<'followUpAdded'>;
      return { ...about(after), ...followUp(body), id: body.id, by: by(event) };
    },
    resolved: (after, event) => ({
      ...about(after),
      by: by(event),
      summary: (event as Event<'resolved'>).body.summary,
      lastedMs: event.at - (after.impactStartedAt ?? after.declaredAt ?? event.at),
      openSteps: stillAhead(after.walk).length + leftAside(after).length,
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
        openSteps: [
          ...openSteps.flatMap((index) => after.walk?.steps[index]?.title ?? []),
          ...leftAside(after).flatMap(({ walk, step }) => walk.steps[step]?.title ?? []),
        ],
        postmortem: !automatic && after.policy.severities[after.severity].postmortem,
        ...punctualityOf(after),
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

  const compose = (
    say: Exclude<
      Saying,
      'outline' | 'page-unreached' | OutageSaying | EscalationSaying | LinkSaying | 'gate' | 'entry-due' | 'briefing'
    >,
    after: Incident,
    event: TimelineEvent,
    whole: boolean,
  ): Card => {
    const make = values[say] as (after: Incident, event: TimelineEvent) => TemplateValues[typeof say];
    const made = make(after, event);
    const unchanged =
      say === 'status-update' && !whole ? unchangedValues(made as TemplateValues['status-update'], event) : null;
    const { card: told, problem } = unchanged
      ? parts.templates.render('update-unchanged', unchanged)
      : parts.templates.render(say, made);
    if (problem) parts.onProblem(problem);
    const card = withRequestButtons(withUpdateButtons(told, say, after, made), say, after, event);
    return withStep(card, say, after, event, parts);
  };

  return ({ say, mirrored, to, whole = false }, after, event) => {
    if (say === 'page-unreached') return unreached(after, event);
    if (say === 'outline') return outlineCard(after, parts.publicUrl());
    if (say === 'briefing')
      return briefingCard(after, {
        names: parts.names,
        now: event.recordedAt,
        personId: to?.to === 'person' ? to.personId : '',
      });
    if (say === 'entry-due') return entryDueCard(after, event, { names: parts.names, direct: to?.to === 'person' });
    if (say === 'gate') {
      const card = withStep(gateCard(after, event, parts.names), say, after, event, parts);
      return mirrored ? asMirrored(card) : card;
    }
    if (isLinkSaying(say)) return mirrored ? asMirrored(linkCard(after, event)) : linkCard(after, event);
    if (isEscalationSaying(say))
      return escalationCard(say, after, event, { names: parts.names, aside: to?.to === 'named' });
    if (say === 'platform-lost' || say === 'platform-back' || say === 'channel-lost')
      return movedCard(say, after, event as Event<'platformLost' | 'platformBack'>, parts.publicUrl());
    if (say === 'glass-broken' && to?.to === 'named' && after.visibility === 'private') return hiddenGlass;
    const card = compose(say, after, event, whole);
    if (to?.to === 'person') return withCrewButtons(card, say, after, event, parts.names);
    return mirrored ? asMirrored(card) : card;
  };
}
