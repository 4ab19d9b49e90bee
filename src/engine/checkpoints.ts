import type { Logger } from 'pino';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Passing } from './points.js';

const everyMs = 60 * 60_000;

/** Writes the heads of all streams at start and every hour, so that a tail cut off later shows. Answers how to stop. */
export function keepCheckpoints(parts: { store: Store; clock: Clock; pass: Passing; log: Logger }): () => void {
  let cancel = (): void => {};
  let stopped = false;
  async function write(): Promise<void> {
    try {
      await parts.store.checkpoint(parts.clock.now());
      parts.pass('checkpoint:written');
    } catch (error) {
      parts.log.error({ err: error }, 'the checkpoint could not be written; it is tried again in an hour');
    }
    // One under way when Muster stops must not keep the process waiting for the next.
    if (!stopped) cancel = parts.clock.after(everyMs, () => void write());
  }
  void write();
  return () => {
    stopped = true;
    cancel();
  };
}
