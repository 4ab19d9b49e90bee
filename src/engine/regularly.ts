import type { Clock } from './clock.js';

export interface Regularly {
  /** At once, after the one under way. Never throws. */
  look(): Promise<void>;
  /** So that a long look can end early. */
  isStopped(): boolean;
  /** Resolves when the look under way has ended. */
  stop(): Promise<void>;
}

/** Looks at something again and again, one look at a time, the first after `everyMs`; a failed one goes to `failed`. */
export function regularly(parts: {
  clock: Pick<Clock, 'after'>;
  /** Asked for before each wait. */
  everyMs: number | (() => number);
  look(): Promise<void>;
  failed(error: unknown): void;
}): Regularly {
  let stopped = false;
  let cancel = (): void => {};
  let under: Promise<void> = Promise.resolve();

  function look(): Promise<void> {
    under = under
      .then(async () => {
        if (!stopped) await parts.look();
      })
      .catch(parts.failed);
    return under;
  }

  function tick(): void {
    const everyMs = typeof parts.everyMs === 'number' ? parts.everyMs : parts.everyMs();
    cancel = parts.clock.after(everyMs, () => {
      void look().then(() => {
        if (!stopped) tick();
      });
    });
  }
  tick();

  return {
    look,
    isStopped: () => stopped,
    async stop() {
      stopped = true;
      cancel();
      await under;
    },
  };
}
