import type { JobChange } from '../jobs.js';
import type { Incident } from '../state.js';

/** When the step in hand is asked about. Of what has ended, nothing is. */
const stepDue = (incident: Incident | null): number | null => incident?.walk?.dueAt ?? null;

/** The time-box of the step in hand, derived from the row: it goes with the step, and survives a restart as a job. */
export function stepTimer(before: Incident | null, after: Incident): JobChange[] {
  const dueAt = stepDue(after);
  if (dueAt === stepDue(before)) return [];
  const key = `step/${after.id}`;
  if (dueAt === null) return [{ drop: key }];
  return [
    {
      put: {
        key,
        lane: null,
        dueAt,
        task: { kind: 'ask', incidentId: after.id, command: { type: 'checkStep', dueAt } },
      },
    },
  ];
}
