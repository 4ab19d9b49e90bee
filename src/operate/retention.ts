import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { SessionRules } from '../access/sessions.js';
import type { Retention } from '../config/config.js';
import type { Clock } from '../engine/clock.js';
import { regularly } from '../engine/regularly.js';
import type { Store } from '../store/port.js';
import { type Prunable, prunable } from '../store/pruning-port.js';

const lookEveryMs = 10 * 60_000;
/** A millisecond or two each, and then whoever else waits has their turn: alerts first of all. */
const rowsAtOnce = 200;
const pauseMs = 20;
/** 20,000 rows of each kind in a look: nearly 3 million a day, more than may come. */
const timesInALook = 100;

export interface Tidying {
  /** Removes what is older than it is kept. Never throws: what goes wrong is logged, and tried again with the next look. */
  look(): Promise<void>;
  /** Resolves when the batch under way has ended. */
  stop(): Promise<void>;
}

/** Lets go of what is not kept for ever, little by little. Several replicas at it do no harm. */
export function keepTidy(parts: {
  /** As configured now. */
  retention(): Retention;
  sessionRules(): SessionRules;
  store: Pick<Store, 'prune' | 'access'>;
  onPruned(what: Prunable, rows: number): void;
  clock: Clock;
  log: Logger;
}): Tidying {
  const { store, clock, log } = parts;

  async function pruned(what: Prunable, before: number): Promise<number> {
    let all = 0;
    for (let times = 0; times < timesInALook && !turns.isStopped(); times++) {
      const rows = await store.prune(what, before, rowsAtOnce);
      parts.onPruned(what, rows);
      all += rows;
      if (rows < rowsAtOnce) break;
      await pause(pauseMs);
    }
    return all;
  }

  async function lookOnce(): Promise<void> {
    const now = clock.now();
    const retention = parts.retention();
    const gone: Partial<Record<Prunable, number>> = {};
    for (const what of prunable) {
      const keptFor = retention[what];
      const rows = keptFor === null || turns.isStopped() ? 0 : await pruned(what, now - keptFor);
      if (rows > 0) gone[what] = rows;
    }
    if (Object.keys(gone).length > 0) log.info({ gone }, 'what was older than it is kept was removed');
    const { absoluteMs, idleMs } = parts.sessionRules();
    if (!turns.isStopped())
      await store.access([
        { forgetSessions: { startedBefore: now - absoluteMs, seenBefore: now - idleMs } },
        { forgetLinks: { expiredBefore: now } },
      ]);
  }

  const turns = regularly({
    clock,
    everyMs: lookEveryMs,
    look: lookOnce,
    failed: (error) => log.error({ err: error }, 'old rows could not be removed; it is tried again in ten minutes'),
  });

  return { look: turns.look, stop: turns.stop };
}
