/** How long the way in waits for what; ms. */
export interface Pace {
  /** What somebody asks for is begun to be stored by then, or not at all. */
  durableWithinMs: number;
  /** The server gives up after 30 s; whoever asked has some answer before. */
  answerWithinMs: number;
  /** Between two looks at a server that cannot be used. */
  againMs: number;
  /** Between two tries to connect, at first and at most. */
  reconnectMs: number;
  reconnectAtMostMs: number;
  jitterMs: number;
  handshakeWithinMs: number;
  pingMs: number;
  /** Between two notes of how far was read. */
  notedEveryMs: number;
}

export const usualPace: Pace = {
  durableWithinMs: 2_000,
  answerWithinMs: 15_000,
  againMs: 15_000,
  reconnectMs: 1_000,
  reconnectAtMostMs: 15_000,
  jitterMs: 500,
  handshakeWithinMs: 10_000,
  pingMs: 30_000,
  notedEveryMs: 5_000,
};
