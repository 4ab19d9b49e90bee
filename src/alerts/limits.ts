export const alertLimits = {
  /** In one request. */
  alerts: 10_000,
  /** Taken in and not yet stored: of one source, so that one that storms leaves room for the others, and of all. */
  waitingOfSource: 10_000,
  waiting: 20_000,
  /** Requests that wait for their commit: of all, and of one source. */
  requests: 1_000,
  requestsOfSource: 500,
} as const;
