import { type Incident, isOpen } from '../incident/state.js';
import type { Alert } from './alert.js';

/** Alerts with the same key belong to one incident. */
export const groupKeyOf = (alert: Pick<Alert, 'service' | 'source' | 'groupHint'>): string =>
  alert.service ? `service:${alert.service}` : `source:${alert.source}:${alert.groupHint}`;

/** Of an incident that is not open. */
export const endedAt = (incident: Incident): number => incident.closedAt ?? incident.resolvedAt ?? incident.openedAt;

export function lastEnded(incidents: readonly Incident[]): Incident | null {
  let last: Incident | null = null;
  for (const incident of incidents) if (!last || endedAt(incident) > endedAt(last)) last = incident;
  return last;
}

/**
 * The incident that further alerts of its group go to: an open one, else the one that ended last if it may still come
 * back. What a person closed stays closed; what resolved, cleared by itself or was dismissed takes alerts for
 * `reopenForMs`. null: a new one opens.
 */
export function homeOf(incidents: readonly Incident[], now: number): Incident | null {
  const open = incidents.find(isOpen);
  if (open) return open;
  const last = lastEnded(incidents);
  if (!last || (last.status === 'closed' && last.outcome?.automatic !== true)) return null;
  return now - endedAt(last) <= last.policy.reopenForMs ? last : null;
}

/** Map.groupBy, which Node 20 does not have. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
