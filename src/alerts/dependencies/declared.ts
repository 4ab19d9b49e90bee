import { type Incident, isOpen } from '../../incident/state.js';

const prefix = 'declared:';
export const isDeclaredKey = (groupKey: string): boolean => groupKey.startsWith(prefix);

/**
 * An incident that a person declared for a service takes its alerts, and the symptoms of what depends on it: for one plan
 * it has a key of its own. One without a service takes none.
 */
export const asDeclared = (incident: Incident): Incident[] =>
  incident.groupKey === null && isOpen(incident) && incident.services.length > 0
    ? [{ ...incident, groupKey: prefix + incident.id }]
    : [];
