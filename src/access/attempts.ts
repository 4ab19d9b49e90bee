import type { NewEvent, Store } from '../store/port.js';

const windowMs = 60_000;
const failuresFromOne = 10;
const failuresFromAll = 100;
const addressesKept = 10_000;
const addressesTold = 5;

/** Keeps guessing slow, and what is refused on the `system` stream: one event a minute, however many there were. */
export interface Attempts {
  /**
   * How long somebody at this address has to wait before they may try; 0: not at all. ms. `alone`: for what nobody can
   * guess anyway, so that the failures of others hold up nobody.
   */
  waitMs(from: string, how?: { alone: boolean }): number;
  refused(from: string, why: string): void;
  /** Writes down what is not written yet. */
  close(): Promise<void>;
}

export function createAttempts({
  store,
  now,
  failed,
}: {
  store: Pick<Store, 'access'>;
  now(): number;
  failed(error: unknown): void;
}): Attempts {
  let since = now();
  let all = 0;
  const byAddress = new Map<string, number>();
  const untold = { count: 0, from: new Set<string>(), why: new Set<string>() };
  let toldAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> = Promise.resolve();

  function turn(): void {
    const at = now();
    if (at - since < windowMs && at >= since) return;
    since = at;
    all = 0;
    byAddress.clear();
  }

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    if (untold.count === 0) return;
    const at = now();
    toldAt = at;
    const body = { count: untold.count, from: [...untold.from].slice(0, addressesTold), why: [...untold.why] };
    untold.count = 0;
    untold.from.clear();
    untold.why.clear();
    const event: NewEvent = {
      type: 'signInRefused',
      at,
      recordedAt: at,
      actor: { kind: 'machine', name: 'sign-in' },
      body,
    };
    telling = telling.then(() => store.access([], [event])).catch(failed);
  }

  return {
    waitMs(from, { alone } = { alone: false }) {
      turn();
      const tooMany = (!alone && all >= failuresFromAll) || (byAddress.get(from) ?? 0) >= failuresFromOne;
      return tooMany ? since + windowMs - now() : 0;
    },
    refused(from, why) {
      turn();
      all++;
      if (byAddress.has(from) || byAddress.size < addressesKept) byAddress.set(from, (byAddress.get(from) ?? 0) + 1);
      untold.count++;
      if (untold.from.size < addressesTold) untold.from.add(from);
      untold.why.add(why);
      if (now() - toldAt >= windowMs) tell();
      else timer ??= setTimeout(tell, windowMs).unref();
    },
    async close() {
      tell();
      await telling;
    },
  };
}
