import type { Alert } from './alert.js';

/** What the alert routes hand their alerts to. */
export interface Intake {
  /** Resolves only once the alerts and what follows from them are durable. `receipt` tells what became of each. */
  intake(input: {
    source: string;
    alerts: Alert[];
    receivedAt: number;
  }): Promise<{ accepted: number; receipt: string }>;
  /** Alerts taken in and not yet durable. */
  queueDepth(): number;
}
