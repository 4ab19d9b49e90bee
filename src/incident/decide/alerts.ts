import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import { firstWithin } from '../escalation.js';
import type { IncidentEvent } from '../events.js';
import { mergeEvidence, noEvidence } from '../severity.js';
import { graver, type Incident, isDeclared, isOpen, refuse, type Severity } from '../state.js';
import { hasSymptom, type Symptom } from '../symptoms.js';
import { closing } from './close.js';
import { attachPlaybook } from './playbooks.js';
import { update } from './updates.js';

type Judged = CommandBodies['open']['judged'];

const clearedByItself = 'every alert cleared by itself';

/** What the ladder's word means for an incident nobody has looked at yet. */
function declaredByMachine(
  judged: Judged,
  incident: Pick<Incident, 'policy' | 'services'>,
  context: Context,
  at: number,
  opening: CommandBodies['open'] | null,
  fires: boolean,
): IncidentEvent {
  const rules = incident.policy.severities[judged.severity];
  const within = firstWithin({ ...incident, severity: judged.severity });
  return event('declared', {
    number: context.number,
    opening: opening && openingOf(opening),
    severity: judged.severity,
    severityReason: judged.reason,
    severitySetBy: 'machine',
    acknowledgeDueAt: fires && within !== null ? at + within : null,
    updateDueAt: rules.updateEveryMs === null ? null : at + rules.updateEveryMs,
  });
}

const openingOf = (command: CommandBodies['open']) => ({
  incidentId: command.incidentId,
  title: command.title,
  severity: command.judged.severity,
  severityReason: command.judged.reason,
  severitySetBy: 'machine' as const,
  visibility: 'public' as const,
  drill: command.drill,
  services: command.services,
  groupKey: command.groupKey,
  policy: command.policy,
});

/** When an unacknowledged incident that had cleared fires again, it is owed an answer again. After the last reminder it is not. */
function escalatesAgain(incident: Incident | null, firing: number, at: number): number | null {
  if (!incident || firing === 0 || incident.alerts.firing > 0) return null;
  if (!isDeclared(incident) || !isOpen(incident)) return null;
  if (incident.acknowledgedAt !== null || incident.acknowledgeDueAt !== null) return null;
  const within = incident.policy.severities[incident.severity].acknowledgeWithinMs;
  return within === null ? null : at + within;
}

const attached = (
  incident: Incident | null,
  alerts: CommandBodies['attachAlerts']['alerts'],
  acknowledgeDueAt: number | null,
): IncidentEvent =>
  event('alertsAttached', {
    ...alerts,
    evidence: mergeEvidence(incident?.evidence ?? noEvidence, alerts.evidence),
    acknowledgeDueAt,
  });

/** A group of alerts nobody has an incident for: grave ones are declared, the rest waits in the triage queue. */
export function open(state: Incident | null, command: CommandBodies['open'], context: Context, at: number): Decision {
  if (state) return refuse('exists', `This incident is open already: ${state.title}.`);
  const grave = graver(command.judged.severity, 'sev3');
  const fires = command.alerts.firing > 0;
  const events = [
    grave
      ? declaredByMachine(command.judged, command, context, at, command, fires)
      : event('triaged', openingOf(command)),
    attached(null, command.alerts, null),
    ...(command.playbook ? attachPlaybook(command.playbook, context) : []),
  ];
  if (fires) return events;
  return [...events, grave ? proposed('monitoring') : dismissedByItself()];
}

/** The alerts of a group go on: attach, and let the ladder speak again. What a person closed only takes note. */
export function attachAlerts(
  state: Incident,
  command: CommandBodies['attachAlerts'],
  context: Context,
  at: number,
): Decision {
  const { judged, alerts } = command;
  const firing = state.alerts.firing + alerts.firing;
  const escalateAt = escalatesAgain(state, alerts.firing, at);
  const events: IncidentEvent[] = [attached(state, alerts, escalateAt)];
  const grave = graver(judged.severity, 'sev3');
  const endedByItself = state.status === 'resolved' || (!isOpen(state) && state.outcome?.automatic === true);
  const comesBack = endedByItself || (state.status === 'dismissed' && grave);
  if (!isOpen(state) && !comesBack) return events;
  if (comesBack) events.unshift(reopenedByAlerts(state, at, firing > 0));

  const worse = graver(judged.severity, state.severity);
  const raises =
    worse &&
    ((state.severitySetBy === 'machine' && state.acknowledgedAt === null) || mustRaise(state, alerts.symptoms));
  if (!isDeclared(state)) {
    if (grave) events.push(declaredByMachine(judged, state, context, at, null, firing > 0));
  } else if (raises) {
    events.push(raised(state, judged, at, firing > 0));
  } else if (worse && state.severityProposal?.severity !== judged.severity) {
    events.push(event('severityProposed', { to: judged.severity, reason: judged.reason }));
  }
  if (firing > 0) return events;
  if (!isDeclared(state)) return [...events, grave ? proposed('monitoring') : dismissedByItself()];
  return [...events, ...whenCleared(state, raises ? judged.severity : state.severity, at)];
}

/**
 * Alone, an alert of a tier 1 service would have called people: as a symptom it does so too, whoever has the incident in
 * hand. What a person has decided since that service showed its first symptom stands.
 */
function mustRaise(state: Incident, symptoms: readonly Symptom[] = []): boolean {
  return symptoms.some(
    ({ service, tier }) => tier === 1 && (state.severitySetBy === 'machine' || !hasSymptom(state, service)),
  );
}

function reopenedByAlerts(state: Incident, at: number, fires: boolean): IncidentEvent {
  const rules = state.policy.severities[state.severity];
  return event('reopened', {
    reason: 'new alerts of the same group came',
    to: isDeclared(state) ? 'investigating' : 'triage',
    acknowledgeDueAt:
      fires && isDeclared(state) && state.acknowledgedAt === null && rules.acknowledgeWithinMs !== null
        ? at + rules.acknowledgeWithinMs
        : null,
    updateDueAt: isDeclared(state) && rules.updateEveryMs !== null ? at + rules.updateEveryMs : null,
  });
}

function raised(state: Incident, judged: Judged, at: number, fires: boolean): IncidentEvent {
  const rules = state.policy.severities[judged.severity];
  const sooner = (due: number | null, every: number | null) =>
    every === null ? due : Math.min(due ?? Number.POSITIVE_INFINITY, at + every);
  return event('severityChanged', {
    from: state.severity,
    to: judged.severity,
    reason: judged.reason,
    setBy: 'machine',
    acknowledgeDueAt:
      fires && state.acknowledgedAt === null ? sooner(state.acknowledgeDueAt, rules.acknowledgeWithinMs) : null,
    updateDueAt: sooner(state.updates.dueAt, rules.updateEveryMs),
  });
}

export function resolveAlerts(state: Incident, command: CommandBodies['resolveAlerts'], at: number): Decision {
  const { count, names, receipts, silentSince } = command;
  const events = [
    event('alertsResolved', { count, names, receipts, ...(silentSince !== undefined && { silentSince }) }),
  ];
  if (!isOpen(state) || state.alerts.firing - command.count > 0) return events;
  return [...events, ...(isDeclared(state) ? whenCleared(state, state.severity, at) : [dismissedByItself()])];
}

const dismissedByItself = (): IncidentEvent => event('dismissed', { reason: clearedByItself, automatic: true });
const proposed = (to: 'monitoring' | 'resolved'): IncidentEvent =>
  event('statusProposed', { to, reason: 'every alert has cleared' });

/** All clear: what nobody had looked at and is not grave ends by itself; everything else is proposed, never done. */
function whenCleared(state: Incident, severity: Severity, at: number): IncidentEvent[] {
  if (severity === 'sev3' && state.acknowledgedAt === null && state.status !== 'monitoring') {
    // Stakeholders were promised a next update; the end is it.
    const over = update({ ...state, severity, status: 'closed' }, { text: null, automatic: true, at, nextAt: null });
    return [closing(state, true), over];
  }
  const to = state.status === 'monitoring' ? 'resolved' : 'monitoring';
  return state.statusProposal?.status === to ? [] : [proposed(to)];
}
