import type { Receipt } from '../alerts/alert.js';
import type { Viewer } from '../people/viewer.js';
import type { Store } from '../store/port.js';

/** A receipt as a viewer may read it: that an alert was taken is no secret, what a private incident is about is one. */
export async function seenReceipt(receipt: Receipt, viewer: Viewer, store: Pick<Store, 'incident'>): Promise<Receipt> {
  const seen = new Map<string, boolean>();
  for (const { incidentId } of receipt.outcomes)
    if (incidentId !== null && !seen.has(incidentId))
      seen.set(incidentId, (await store.incident(viewer, { id: incidentId })) !== null);
  const outcomes = receipt.outcomes.map((each) =>
    each.incidentId === null || seen.get(each.incidentId) ? each : { ...each, incidentId: null, why: 'was taken' },
  );
  return { ...receipt, outcomes };
}
