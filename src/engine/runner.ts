import { DeliveryError } from '../chat/platform.js';
import type { Lease, Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Passing } from './points.js';

/** Carries one leased job out, its completion included. Throws when it could not. */
export type CarryOut = (lease: Lease) => Promise<void>;

/** What the runner tells whoever keeps the logs and figures. */
export interface RunnerNews {
  paused(platform: string, untilAt: number, reason: string): void;
  quarantined(lease: Lease, error: string): Promise<void>;
  failed(lease: Lease, error: unknown, retryAt: number): void;
  broken(error: unknown): void;
}

export interface Runner {
  /** Something may be due: look now. */
  wake(): void;
  /** Runs until nothing is due any more. For stories and for the crash test. */
  untilIdle(): Promise<void>;
  /** Finishes what is in hand and stops. */
  stop(): Promise<void>;
  /** When the runner last looked for due jobs; readiness asks. */
  lastLookAt(): number | null;
}

/** A lease outlasts the deadline of any call made under it, so that a slow platform is not asked twice at once. */
const leaseMs = 30_000;
const jobsAtOnce = 16;
const longestSleepMs = 15_000;
const triesAtMost = 5;
const backOff = (tries: number, firstMs: number, mostMs: number): number => Math.min(mostMs, firstMs * 2 ** tries);

export function createRunner(parts: {
  store: Store;
  clock: Clock;
  pass: Passing;
  carryOut: CarryOut;
  news: RunnerNews;
}): Runner {
  const { store, clock } = parts;
  const setbacks = new Map<string, number>();
  let round: Promise<number> | null = null;
  let again = false;
  let stopped = false;
  let cancelSleep: (() => void) | null = null;
  let lookedAt: number | null = null;

  /** One lease and its work. Resolves to how many jobs there were. */
  async function look(): Promise<number> {
    lookedAt = clock.now();
    const leases = await store.lease(lookedAt, lookedAt + leaseMs, jobsAtOnce);
    if (leases.length > 0) parts.pass('job:leased');
    await Promise.all(leases.map(carry));
    return leases.length;
  }

  async function carry(lease: Lease): Promise<void> {
    const platform = 'platform' in lease.task ? lease.task.platform : null;
    try {
      await parts.carryOut(lease);
      if (platform) setbacks.delete(platform);
    } catch (error) {
      await setBack(lease, platform, error);
    }
  }

  async function setBack(lease: Lease, platform: string | null, error: unknown): Promise<void> {
    const words = error instanceof Error ? error.message : String(error);
    if (error instanceof DeliveryError && !error.permanent && platform) {
      const count = setbacks.get(platform) ?? 0;
      setbacks.set(platform, count + 1);
      const until = clock.now() + (error.retryAfterMs ?? backOff(count, 1_000, 60_000));
      await store.pausePlatform(platform, until, words);
      await store.failed(lease, { error: words, retryAt: until, spent: false });
      parts.news.paused(platform, until, words);
      return;
    }
    const hopeless = (error instanceof DeliveryError && error.permanent) || lease.spent + 1 >= triesAtMost;
    if (hopeless) {
      if (await store.failed(lease, { error: words, retryAt: null, spent: true }))
        await parts.news.quarantined(lease, words);
      return;
    }
    const retryAt = clock.now() + backOff(lease.spent, 2_000, 60_000);
    await store.failed(lease, { error: words, retryAt, spent: true });
    parts.news.failed(lease, error, retryAt);
  }

  async function run(): Promise<void> {
    cancelSleep?.();
    cancelSleep = null;
    try {
      do {
        again = false;
        round = look();
        if ((await round) > 0) again = true;
      } while (again && !stopped);
    } catch (error) {
      parts.news.broken(error);
    } finally {
      round = null;
    }
    if (!stopped) await sleep();
  }

  async function sleep(): Promise<void> {
    let wait = longestSleepMs;
    try {
      const next = await store.nextDueAt(clock.now());
      if (next !== null) wait = Math.min(wait, Math.max(0, next - clock.now()));
    } catch (error) {
      parts.news.broken(error);
      wait = 1_000;
    }
    if (again) return run();
    cancelSleep = clock.after(wait, () => void run());
  }

  return {
    wake() {
      again = true;
      if (round === null && cancelSleep !== null) void run();
    },
    async untilIdle() {
      while ((await look()) > 0);
    },
    async stop() {
      stopped = true;
      cancelSleep?.();
      await round?.catch(() => {});
    },
    lastLookAt: () => lookedAt,
  };
}
