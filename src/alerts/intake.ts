import type { Alert, Receipt } from './alert.js';
import type { PassedOver } from './source.js';

/** What one request brings. */
export interface Brought {
  source: string;
  alerts: Alert[];
  receivedAt: number;
  /** It was understood and is no alert: the receipt says why nothing came of it. */
  passedOver?: PassedOver;
  /** The sender's name for this delivery: the same again, within days, has the first one's receipt and no effect. */
  deliveryId?: string | null;
}

/** What the alert routes hand their alerts to. */
export interface Intake {
  /** Resolves only once the alerts and what follows from them are durable. `receipt` tells what became of each. */
  intake(brought: Brought): Promise<Taken>;
  /** Requests that wait for their commit. */
  queueDepth(): number;
}

interface Taken {
  accepted: number;
  receipt: string;
  /** Those of the receipt; counted in the source's figures. */
  outcomes: Receipt['outcomes'];
}
