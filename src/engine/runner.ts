import { DeliveryError } from '../chat/platform.js';
import type { Lease, Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { CallEnd } from './outage.js';
import type { Passing } from './points.js';
import { createSetbacks } from './setbacks.js';

/** Carries one leased job out, its completion included. Throws when it could not. */
export type CarryOut = (lease: Lease) => Promise<void>;

/** What the runner tells whoever keeps the logs and figures. */
export interface RunnerNews {
  paused(platform: string, untilAt: number, reason: string): void;
  /**
   * Asked before the job is given up, so that a crash in between repeats a try instead of losing the notice: may come
   * more than once for one job, and tells it once.
   */
  givingUp(lease: Lease, error: string): Promise<void>;
  failed(lease: Lease, error: unknown, retryAt: number): void;
  broken(error: unknown): void;
}

export interface Runner {
  start(): void;
  /** Something may be due: look now. */
  wake(): void;
  /** Runs until nothing is due any more. For stories and for the crash test. */
  untilIdle(): Promise<void>;
  /** Finishes what is in hand and stops. */
  stop(): Promise<void>;
  /** Whether it has looked for due jobs of late: one that hangs in the middle of a look is no longer at work. */
  atWork(): boolean;
}

/** What the calls of one job may take together. */
export const callsWithinMs = 10_000;
/** A lease outlasts them, so that a slow platform is not asked twice at once; what a dead process held is free soon after. */
const leaseMs = callsWithinMs + 3_000;
const jobsAtOnce = 16;
/** Of those that leave chat, besides: mail, webhooks, pages. Beyond it they take the hands of the others. */
const outsideAtOnce = 64;
const outsideKinds: ReadonlySet<string> = new Set(['notify', 'wayIn', 'page']);
const isOutside = ({ task }: Lease): boolean => outsideKinds.has(task.kind);
const longestSleepMs = 15_000;
/** Silent for this long it has missed several looks. */
const silentAtMostMs = 60_000;
/** A due job that cannot be taken yet (its lane is busy) must not turn waiting into spinning. */
const shortestSleepMs = 25;
const triesAtMost = 5;
const backOff = (tries: number, firstMs: number, mostMs: number): number => Math.min(mostMs, firstMs * 2 ** tries);

export function createRunner(parts: {
  store: Store;
  clock: Clock;
  pass: Passing;
  carryOut: CarryOut;
  news: RunnerNews;
  outages?: {
    /** How a call of a job ended, for whoever minds the platform. */
    called(platform: string, end: CallEnd): void;
    /** Asked before a job is given up for good; true: its incident goes on elsewhere, and nobody need know of the job. */
    gone(lease: Lease, error: DeliveryError): Promise<boolean>;
  };
}): Runner {
  const { store, clock } = parts;
  const setbacks = createSetbacks();
  const inHand = new Set<Promise<void>>();
  let outside = 0;
  let running: Promise<void> = Promise.resolve();
  let looking = false;
  let again = false;
  let stopped = false;
  let cancelSleep: (() => void) | null = null;
  let lookedAt: number | null = null;

  /** Takes as many due jobs as there are hands free; does not wait for them, so that a slow one holds up no other. */
  async function look(): Promise<number> {
    lookedAt = clock.now();
    const free = freeHands();
    if (free === 0) return 0;
    const leases = await store.lease(lookedAt, lookedAt + leaseMs, free);
    if (leases.length > 0) parts.pass('job:leased');
    for (const lease of leases) {
      const work = carry(lease)
        .catch(parts.news.broken)
        .finally(() => {
          inHand.delete(work);
          if (isOutside(lease)) outside--;
          wake();
        });
      inHand.add(work);
      if (isOutside(lease)) outside++;
    }
    return leases.length;
  }

  /** A mail server that hangs would otherwise have all hands full while chat has to wait. */
  const freeHands = (): number =>
    Math.max(0, jobsAtOnce - (inHand.size - outside) - Math.max(0, outside - outsideAtOnce));

  async function carry(lease: Lease): Promise<void> {
    const platform = 'platform' in lease.task ? lease.task.platform : null;
    const began = setbacks.begin();
    try {
      await parts.carryOut(lease);
      if (!platform) return;
      setbacks.gotThrough({ platform, key: lease.key, began, now: clock.now() });
      parts.outages?.called(platform, { at: clock.now(), ok: true });
    } catch (error) {
      await setBack(lease, platform, began, error);
    }
  }

  async function setBack(lease: Lease, platform: string | null, began: number, error: unknown): Promise<void> {
    const words = error instanceof Error ? error.message : String(error);
    if (error instanceof DeliveryError && platform && (!error.permanent || error.of === 'platform')) {
      const { retryAfterMs, of } = error;
      const quietUntil = retryAfterMs === undefined ? null : clock.now() + retryAfterMs;
      parts.outages?.called(platform, { at: clock.now(), ok: false, why: words, quietUntil });
      const verdict = setbacks.failed({ platform, key: lease.key, began, now: clock.now(), retryAfterMs, of });
      if (verdict.hopeless) return giveUp(lease, words);
      const { retryAt, pauseUntil } = verdict;
      if (pauseUntil !== null) {
        await store.pausePlatform(platform, pauseUntil, words);
        parts.news.paused(platform, pauseUntil, words);
      } else parts.news.failed(lease, error, retryAt);
      if (!(await store.failed(lease, { error: words, retryAt, spent: false }))) setbacks.forget(lease.key);
      return;
    }
    const hopeless = (error instanceof DeliveryError && error.permanent) || lease.spent + 1 >= triesAtMost;
    if (hopeless) {
      // What was forgotten meanwhile is nobody's to be told of.
      if (error instanceof DeliveryError && (await parts.outages?.gone(lease, error))) return forgotten(lease, words);
      return giveUp(lease, words);
    }
    const retryAt = clock.now() + backOff(lease.spent, 2_000, 60_000);
    await store.failed(lease, { error: words, retryAt, spent: true });
    parts.news.failed(lease, error, retryAt);
  }

  async function giveUp(lease: Lease, words: string): Promise<void> {
    await parts.news.givingUp(lease, words);
    await forgotten(lease, words);
  }

  async function forgotten(lease: Lease, words: string): Promise<void> {
    await store.failed(lease, { error: words, retryAt: null, spent: true });
    setbacks.forget(lease.key);
  }

  async function run(): Promise<void> {
    cancelSleep?.();
    cancelSleep = null;
    looking = true;
    let wait = longestSleepMs;
    try {
      do {
        again = false;
        await look();
      } while (again && !stopped);
      const next = await store.nextDueAt(clock.now());
      if (next !== null && freeHands() > 0) wait = Math.min(wait, Math.max(shortestSleepMs, next - clock.now()));
    } catch (error) {
      parts.news.broken(error);
      wait = 1_000;
    }
    looking = false;
    if (stopped) return;
    cancelSleep = clock.after(again ? 0 : wait, go);
  }

  function go(): void {
    running = run();
  }

  function wake(): void {
    again = true;
    if (!looking && cancelSleep !== null && !stopped) go();
  }

  return {
    start: go,
    wake,
    async untilIdle() {
      while (!stopped && ((await look()) > 0 || inHand.size > 0)) await Promise.all(inHand);
    },
    async stop() {
      stopped = true;
      cancelSleep?.();
      // A look under way may still take jobs in hand; left alone, they would run on without a store.
      await running;
      await Promise.all(inHand);
    },
    atWork: () => !stopped && lookedAt !== null && clock.now() - lookedAt <= silentAtMostMs,
  };
}
