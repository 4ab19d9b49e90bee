import type { Logger } from 'pino';
import type { Clock } from '../engine/clock.js';
import type { Store } from '../store/port.js';

const lookEveryMs = 2_000;

/** How much of a restored Muster is held; looks until it has been released, which may be done by another process. */
export async function watchHeld(parts: {
  store: Pick<Store, 'heldCount'>;
  clock: Clock;
  log: Logger;
  onRelease(): void;
}): Promise<{ count(): number; stop(): void }> {
  const { store, clock, log } = parts;
  let held = await store.heldCount();
  let stopped = false;
  let cancel = (): void => {};
  async function look(): Promise<void> {
    try {
      held = await store.heldCount();
    } catch (error) {
      log.warn({ err: error }, 'whether something is held could not be asked');
    }
    if (held > 0) return again();
    log.info('what was held since the restore is released');
    parts.onRelease();
  }
  function again(): void {
    if (!stopped) cancel = clock.after(lookEveryMs, () => void look());
  }
  if (held > 0) {
    log.warn({ held }, 'this Muster was restored and is held: muster restore held shows what it has not sent');
    again();
  }
  return {
    count: () => held,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
