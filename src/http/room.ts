import { alertLimits } from '../alerts/limits.js';
import type { NamedSource } from '../config/config.js';

interface Sending {
  name: string;
  limits: NamedSource['limits'];
}

/** How much of each source waits to be stored, and how much of it came. */
export interface Room {
  /** Whether a source has to wait with more. One of which nothing waits is let in while others storm. */
  full(sender: Sending): boolean;
  /** null: it may come in, and is counted as having come. Else how many seconds later. */
  tooFast(sender: Sending, alerts: number, now: number): number | null;
  enter(name: string, alerts: number): void;
  leave(name: string, alerts: number): void;
}

const minuteMs = 60_000;
/** While there is too much of all, a source of which nothing waits is let in up to this many times the usual. */
const reserve = 2;

export function createRoom(requestsWaiting: () => number): Room {
  const waiting = new Map<string, { requests: number; alerts: number }>();
  const spent = new Map<string, { left: number; at: number }>();
  let alertsWaiting = 0;

  const of = (name: string) => waiting.get(name) ?? { requests: 0, alerts: 0 };
  function change(name: string, requests: number, alerts: number): void {
    const own = of(name);
    const now = { requests: own.requests + requests, alerts: own.alerts + alerts };
    if (now.requests > 0) waiting.set(name, now);
    else waiting.delete(name);
    alertsWaiting += alerts;
  }

  return {
    full({ name, limits }) {
      const own = of(name);
      if (own.alerts > limits.alertsWaiting || own.requests > alertLimits.requestsOfSource) return true;
      const times = own.requests > 0 ? 1 : reserve;
      return requestsWaiting() > alertLimits.requests * times || alertsWaiting > alertLimits.waiting * times;
    },
    tooFast({ name, limits: { alertsPerMinute } }, alerts, now) {
      if (alertsPerMinute === null) return null;
      const { left, at } = spent.get(name) ?? { left: alertsPerMinute, at: now };
      const perMs = alertsPerMinute / minuteMs;
      const allowed = Math.min(alertsPerMinute, left + Math.max(0, now - at) * perMs);
      // A request larger than a whole minute's worth comes in after a quiet minute, and is paid off in those that follow.
      const wanted = Math.min(alerts, alertsPerMinute);
      if (allowed < wanted) {
        spent.set(name, { left: allowed, at: now });
        return Math.max(1, Math.ceil((wanted - allowed) / perMs / 1000));
      }
      spent.set(name, { left: allowed - alerts, at: now });
      return null;
    },
    enter: (name, alerts) => change(name, 1, alerts),
    leave: (name, alerts) => change(name, -1, -alerts),
  };
}
