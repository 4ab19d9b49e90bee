/** What goes wrong with a request. */
export type Fault =
  /** `retryAfterSeconds` left out: Slack does not say how long. */
  | { kind: 'limited'; retryAfterSeconds?: number }
  | { kind: 'status'; status: number }
  /** Slack's own words for no. */
  | { kind: 'refused'; error: string; more?: Record<string, unknown> }
  /** A page of something that stands in between. */
  | { kind: 'page' }
  | { kind: 'hang' }
  /** The answer begins and does not end. */
  | { kind: 'stall' }
  /** The connection breaks and nothing was done. */
  | { kind: 'resetBefore' }
  /** It was done, and the connection breaks before the answer. */
  | { kind: 'resetAfter' };

export interface FaultWhere {
  method?: string;
  channel?: string;
  /** Left out: once. */
  times?: number;
  /** How many go well before. */
  after?: number;
}

export interface Faults {
  fail(fault: Fault, where?: FaultWhere): void;
  /** Nothing more goes wrong. */
  heal(): void;
  next(method: string, channel: string | null): Fault | null;
  /** Whether Slack has asked for silence there: for posts by channel, for all else by method. */
  silent(method: string, channel: string | null): boolean;
  silence(method: string, channel: string | null, seconds: number): void;
}

export function createFaults(now: () => number): Faults {
  let waiting: { fault: Fault; where: FaultWhere; left: number; after: number }[] = [];
  const silent = new Map<string, number>();
  const placeOf = (method: string, channel: string | null) =>
    method === 'chat.postMessage' ? `${method} ${channel}` : method;
  return {
    fail: (fault, where = {}) => void waiting.push({ fault, where, left: where.times ?? 1, after: where.after ?? 0 }),
    heal() {
      waiting = [];
      silent.clear();
    },
    next(method, channel) {
      const found = waiting.find(
        ({ where }) =>
          (where.method === undefined || where.method === method) &&
          (where.channel === undefined || where.channel === channel),
      );
      if (!found || found.after-- > 0) return null;
      found.left--;
      if (found.left <= 0) waiting = waiting.filter((each) => each !== found);
      return found.fault;
    },
    silent: (method, channel) => (silent.get(placeOf(method, channel)) ?? 0) > now(),
    silence: (method, channel, seconds) => void silent.set(placeOf(method, channel), now() + seconds * 1_000),
  };
}
