/** The only source of time. Injected, so that stories can move it. */
export interface Clock {
  /** ms since the epoch. */
  now(): number;
  /** Calls back once after `ms`; the result cancels. */
  after(ms: number, run: () => void): () => void;
}

/** Node turns a delay above 2^31-1 ms into 1 ms; longer waits are taken in pieces by whoever waits. */
const longestDelay = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), longestDelay));
    return () => clearTimeout(timer);
  },
};
