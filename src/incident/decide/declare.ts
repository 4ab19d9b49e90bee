import type { CommandBodies } from '../commands.js';
import { type Context, type Decision, event } from '../context.js';
import type { IncidentEvent } from '../events.js';
import { type Actor, type Incident, isDeclared, refuse } from '../state.js';
import { attachPlaybook } from './playbooks.js';

/** Between "isolated" and "everybody": when unsure take the higher, and say so. */
const unsure = 'sev2' as const;
const unsureReason = 'it was declared without a severity; change it with /incident sev';

/** By a person: new, or out of the triage queue. Whoever declares has seen it, so nobody is chased to acknowledge. */
export function declare(
  state: Incident | null,
  command: CommandBodies['declare'],
  context: Context,
  actor: Actor,
  at: number,
): Decision {
  if (state && isDeclared(state)) return refuse('exists', `This is inc-${state.number} already: ${state.title}.`);
  if (!state && !command.title?.trim()) return refuse('title-missing', 'Say what is wrong: /incident declare <title>');
  const policy = state?.policy ?? command.policy;
  const severity = command.severity ?? state?.severity ?? unsure;
  const severityReason =
    command.reason ?? (command.severity ? 'a person declared it so' : state ? state.severityReason : unsureReason);
  const severitySetBy = command.severity ? ('person' as const) : ('machine' as const);
  const every = policy.severities[severity].updateEveryMs;
  const events: IncidentEvent[] = [
    event('declared', {
      number: context.number,
      opening: state
        ? null
        : {
            incidentId: command.incidentId,
            title: command.title?.trim() ?? '',
            severity,
            severityReason,
            severitySetBy,
            visibility: command.visibility,
            drill: command.drill,
            services: command.services,
            groupKey: command.groupKey ?? null,
            policy,
          },
      severity,
      severityReason,
      severitySetBy,
      acknowledgeDueAt: null,
      updateDueAt: every === null ? null : at + every,
    }),
  ];
  if (actor.kind === 'person') events.push(event('acknowledged', { along: true }));
  if (command.playbook && !state?.walk) events.push(...attachPlaybook(command.playbook, context));
  return events;
}

export function snooze(command: CommandBodies['snooze'], at: number): Decision {
  return [event('snoozed', { until: at + command.forMs, reason: command.reason })];
}

export function endSnooze(state: Incident, command: CommandBodies['endSnooze']): Decision {
  return state.status === 'triage' && state.snoozedUntil === command.until ? [event('snoozeEnded', {})] : [];
}

export const dismiss = (command: CommandBodies['dismiss']): Decision => [
  event('dismissed', { reason: command.reason, automatic: false }),
];
