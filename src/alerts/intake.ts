import type { Alert, Receipt } from './alert.js';

/** What the alert routes hand their alerts to. */
export interface Intake {
  /** Resolves only once the alerts and what follows from them are durable. `receipt` tells what became of each. */
  intake(input: { source: string; alerts: Alert[]; receivedAt: number }): Promise<Taken>;
  /** Requests that wait for their commit. */
  queueDepth(): number;
}

interface Taken {
  accepted: number;
  receipt: string;
  /** Those of the receipt; counted in the source's figures. */
  outcomes: Receipt['outcomes'];
}
