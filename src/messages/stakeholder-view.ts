import { type Incident, isOpen } from '../incident/state.js';
import type { UpdateValues } from './values-updates.js';

/** Whether people who are no responders may read of it: private incidents and drills have no page for them. */
export const isForStakeholders = ({ visibility, drill, number }: Incident): boolean =>
  visibility === 'public' && !drill && number !== null;

/** How an incident stands, for whoever is no responder. */
export function stakeholderValues(incident: Incident, now: number): UpdateValues['stakeholder-view'] {
  const { impact, workaround, expected, updates, evidence } = incident;
  const over = !isOpen(incident);
  return {
    number: incident.number,
    title: incident.title,
    severity: incident.severity,
    drill: incident.drill,
    status: incident.status,
    over,
    tier: evidence.tier,
    services: incident.services,
    impact: impact?.text ?? null,
    impactAt: impact?.at ?? null,
    workaround: workaround?.text ?? null,
    workaroundAt: workaround?.at ?? null,
    expectedAt: expected?.at ?? null,
    expectedLate: !over && expected !== null && expected.at !== null && expected.at < now,
    expectedWhy: expected?.why ?? null,
    expectedSaidAt: expected?.saidAt ?? null,
    words: updates.lastWords,
    wordsAt: updates.lastWords === null ? null : updates.lastHumanAt,
    startedAt: incident.impactStartedAt ?? incident.declaredAt,
    identifiedAt: incident.identifiedAt,
    mitigatedAt: incident.mitigatedAt,
    resolvedAt: incident.resolvedAt,
    nextAt: updates.dueAt,
    nextLate: updates.dueAt !== null && updates.dueAt < now,
    zones: incident.policy.zones,
  };
}
