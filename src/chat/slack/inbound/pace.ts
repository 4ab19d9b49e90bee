/** How long things may take, all in ms. */
export interface Pace {
  /** Not begun to be stored by then, a command is not begun at all. */
  durableWithinMs: number;
  /** After that, how long is waited for the word that it was not begun. Together less than Slack's 3 s. */
  graceMs: number;
  /** First wait before connecting again; it doubles. */
  againAfterMs: number;
  againAtMostMs: number;
  /** A connection that did not last so long counts as a failure. */
  steadyAfterMs: number;
  /** Connecting, and saying goodbye. */
  connectWithinMs: number;
  closeWithinMs: number;
  /** How often it is noted that all is heard. */
  markEveryMs: number;
}

export const slackPace: Pace = {
  durableWithinMs: 2_000,
  graceMs: 250,
  againAfterMs: 1_000,
  againAtMostMs: 60_000,
  steadyAfterMs: 5_000,
  connectWithinMs: 15_000,
  closeWithinMs: 1_000,
  markEveryMs: 30_000,
};
