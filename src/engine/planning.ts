import type { Alert } from '../alerts/alert.js';
import type { Rules } from '../alerts/plan.js';
import { type PlanNames, type PlanShown, type RequestShown, showPlan } from '../alerts/plan-print.js';
import type { PassedOver } from '../alerts/source.js';
import { type Known, planned } from './intake.js';

/** One request, read, and how it came. */
export interface Planning {
  source: string;
  receivedAt: number;
  alerts: Alert[];
  passedOver: PassedOver | null;
  request: RequestShown;
}

/** What one request would come to by what is stored now, as it is shown; nothing is written. `homes`: what it would go to. */
export async function planFor(
  store: Known,
  { source, receivedAt, alerts, passedOver, request }: Planning,
  rules: Rules,
  names: PlanNames,
): Promise<{ shown: PlanShown; homes: string[] }> {
  const batch = { receipt: 'plan', source, receivedAt, alerts, ...(passedOver && { passedOver }) };
  const { plan } = await planned(store, [batch], rules);
  return {
    shown: showPlan(plan, names, request),
    homes: plan.incidents.flatMap(({ opens, incidentId }) => (opens ? [] : [incidentId])),
  };
}
