import type { TimelineEvent } from '../events.js';
import type { JobChange } from '../jobs.js';
import { type Incident, isOpen } from '../state.js';
import { dependenciesOf, settledAt } from '../symptoms.js';

/** Symptoms that still fire are looked at when they have had their time, and not when it goes on meanwhile. */
export function settling(before: Incident | null, after: Incident, { recordedAt }: TimelineEvent): JobChange[] {
  const waits = (incident: Incident | null): number | null =>
    incident && !isOpen(incident) && incident.alerts.firing > 0 && dependenciesOf(incident).symptoms.length > 0
      ? settledAt(incident)
      : null;
  const [was, is] = [waits(before), waits(after)];
  const key = `settle/${after.id}`;
  if (was === is) return [];
  if (is === null) return [{ drop: key }];
  const dueAt = Math.max(is, recordedAt);
  return [{ put: { key, lane: null, dueAt, task: { kind: 'settle', incidentId: after.id } } }];
}
