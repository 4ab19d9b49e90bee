import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { mergeEvidence, noEvidence } from '../severity.js';
import { graver, type Incident, isDeclared, isOpen, refuse } from '../state.js';
import { attachPlaybook } from './walk.js';

type Judged = CommandBodies['open']['judged'];

const clearedByItself = 'every alert cleared by itself';

/** What the ladder's word means for an incident nobody has looked at yet. */
function declaredByMachine(
  judged: Judged,
  incident: Pick<Incident, 'policy'>,
  context: Context,
  at: number,
  opening: CommandBodies['open'] | null,
): IncidentEvent {
  const rules = incident.policy.severities[judged.severity];
  return event('declared', {
    number: context.number,
    opening: opening && openingOf(opening),
    severity: judged.severity,
    severityReason: judged.reason,
    severitySetBy: 'machine',
    acknowledgeDueAt: rules.acknowledgeWithinMs === null ? null : at + rules.acknowledgeWithinMs,
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

const attached = (incident: Incident | null, command: CommandBodies['attachAlerts'], at: number): IncidentEvent => {
  const fresh = command.alerts.firing > 0;
  const within = incident?.policy.severities[incident.severity].acknowledgeWithinMs ?? null;
  const escalates =
    incident !== null &&
    fresh &&
    isDeclared(incident) &&
    isOpen(incident) &&
    incident.acknowledgedAt === null &&
    incident.acknowledgeDueAt === null;
  return event('alertsAttached', {
    ...command.alerts,
    evidence: mergeEvidence(incident?.evidence ?? noEvidence, command.alerts.evidence),
    acknowledgeDueAt: escalates && within !== null ? at + within : null,
  });
};

/** A group of alerts nobody has an incident for: grave ones are declared, the rest waits in the triage queue. */
export function open(state: Incident | null, command: CommandBodies['open'], context: Context, at: number): Decision {
  if (state) return refuse('exists', `This incident is open already: ${state.title}.`);
  const grave = graver(command.judged.severity, 'sev3');
  const events = [
    grave ? declaredByMachine(command.judged, command, context, at, command) : event('triaged', openingOf(command)),
    attached(null, { ...command, judged: command.judged }, at),
    ...(command.playbook ? attachPlaybook(command.playbook, context) : []),
  ];
  return command.alerts.firing > 0 ? events : [...events, ...whenCleared(grave ? 'declared' : 'triage', null)];
}

/** The alerts of a group go on: attach, and let the ladder speak again. */
export function attachAlerts(
  state: Incident,
  command: CommandBodies['attachAlerts'],
  context: Context,
  at: number,
): Decision {
  const events: IncidentEvent[] = [attached(state, command, at)];
  const { judged } = command;
  const worse = graver(judged.severity, state.severity);
  const grave = graver(judged.severity, 'sev3');
  const endedByItself = state.status === 'resolved' || (!isOpen(state) && state.outcome?.automatic === true);
  const dismissed = state.status === 'dismissed' && !endedByItself;

  if (endedByItself || (dismissed && grave)) events.unshift(reopenedByAlerts(state, at));
  if (dismissed && !grave) return events;

  if (!isDeclared(state)) {
    if (grave) events.push(declaredByMachine(judged, state, context, at, null));
  } else if (worse && state.severitySetBy === 'machine' && state.acknowledgedAt === null) {
    events.push(raised(state, judged, at));
  } else if (worse && state.severityProposal?.severity !== judged.severity) {
    events.push(event('severityProposed', { to: judged.severity, reason: judged.reason }));
  }
  const firing = (isOpen(state) ? state.alerts.firing : 0) + command.alerts.firing;
  if (firing === 0) events.push(...whenCleared(clearedAs(state, grave), state));
  return events;
}

function reopenedByAlerts(state: Incident, at: number): IncidentEvent {
  const rules = state.policy.severities[state.severity];
  return event('reopened', {
    reason: 'new alerts of the same group came',
    to: isDeclared(state) ? 'investigating' : 'triage',
    acknowledgeDueAt:
      isDeclared(state) && state.acknowledgedAt === null && rules.acknowledgeWithinMs !== null
        ? at + rules.acknowledgeWithinMs
        : null,
    updateDueAt: isDeclared(state) && rules.updateEveryMs !== null ? at + rules.updateEveryMs : null,
  });
}

function raised(state: Incident, judged: Judged, at: number): IncidentEvent {
  const rules = state.policy.severities[judged.severity];
  const sooner = (due: number | null, every: number | null) =>
    every === null ? due : Math.min(due ?? Number.POSITIVE_INFINITY, at + every);
  return event('severityChanged', {
    from: state.severity,
    to: judged.severity,
    reason: judged.reason,
    setBy: 'machine',
    acknowledgeDueAt: sooner(state.acknowledgeDueAt, rules.acknowledgeWithinMs),
    updateDueAt: sooner(state.updates.dueAt, rules.updateEveryMs),
  });
}

export function resolveAlerts(state: Incident, command: CommandBodies['resolveAlerts']): Decision {
  const events = [event('alertsResolved', { count: command.count, names: command.names, receipts: command.receipts })];
  if (!isOpen(state) || state.alerts.firing - command.count > 0) return events;
  return [...events, ...whenCleared(clearedAs(state, false), state)];
}

type ClearedAs = 'triage' | 'declared' | 'quiet-sev3' | 'monitoring';

function clearedAs(state: Incident, declaredNow: boolean): ClearedAs {
  if (!isDeclared(state)) return declaredNow ? 'declared' : 'triage';
  if (state.status === 'monitoring') return 'monitoring';
  return state.severity === 'sev3' && state.acknowledgedAt === null ? 'quiet-sev3' : 'declared';
}

/** All clear: what nobody had looked at and is not grave ends by itself; everything else is proposed, never done. */
function whenCleared(as: ClearedAs, state: Incident | null): IncidentEvent[] {
  if (as === 'triage') return [event('dismissed', { reason: clearedByItself, automatic: true })];
  if (as === 'quiet-sev3') return [event('closed', { automatic: true, followUps: [], openSteps: [] })];
  const to = as === 'monitoring' ? ('resolved' as const) : ('monitoring' as const);
  if (state?.statusProposal?.status === to) return [];
  return [event('statusProposed', { to, reason: 'every alert has cleared' })];
}
