import type { TroubleOf } from '../chat/platform.js';

/** A job's way to its platform did not succeed this time. `began` is what `begin` gave for it. */
export interface Setback {
  platform: string;
  key: string;
  began: number;
  now: number;
  /** The platform has said how long to wait. */
  retryAfterMs: number | undefined;
  /** Whose trouble it is, as far as the adapter can tell. */
  of: TroubleOf;
}

export interface Verdict {
  retryAt: number;
  /** It is the platform's trouble: nothing else goes there before this time. null: the other jobs go on. */
  pauseUntil: number | null;
  /** It is the message's trouble: others get through again and again, this one does not. */
  hopeless: boolean;
}

/** Tells a platform in trouble from a message in trouble. Kept in memory, per process. */
export interface Setbacks {
  /** A job goes out now; the number puts it in order with the others. */
  begin(): number;
  gotThrough(way: { platform: string; key: string; began: number; now: number }): void;
  failed(setback: Setback): Verdict;
  /** The job is over, or is another one now. */
  forget(key: string): void;
}

interface Failing {
  platform: string;
  sinceAt: number;
  triedAt: number;
  tries: number;
  /** When it failed last, in the order of `begin`. */
  failed: number;
  /** Tries that failed although something else had gone out after the one before, and got through. */
  alone: number;
}
interface Platform {
  down: boolean;
  upSinceAt: number;
  /** The latest start of a job that got through. */
  through: number;
  /** The only job that has failed since something got through. */
  first: string | null;
  pauses: number;
  pausedAt: number;
  pauseUntil: number;
}

const hopelessAfterMs = 15 * 60_000;
/** Once may be chance: a platform that comes back answers some and not yet others. */
const aloneAtLeast = 2;
/** Every failing job is tried once a minute; one not seen for so long has been dropped. */
const forgottenAfterMs = 60 * 60_000;
const backOff = (tries: number): number => Math.min(60_000, 1_000 * 2 ** (tries - 1));

export function createSetbacks(): Setbacks {
  const platforms = new Map<string, Platform>();
  const jobs = new Map<string, Failing>();
  let order = 0;

  function platformOf(name: string): Platform {
    const known = platforms.get(name);
    if (known) return known;
    const platform = { down: false, upSinceAt: 0, through: 0, first: null, pauses: 0, pausedAt: 0, pauseUntil: 0 };
    platforms.set(name, platform);
    return platform;
  }

  function noted({ platform, key, now }: Setback, through: number): Failing {
    for (const [each, { triedAt }] of jobs) if (triedAt + forgottenAfterMs < now) jobs.delete(each);
    const job = jobs.get(key) ?? { platform, sinceAt: now, triedAt: now, tries: 0, failed: Infinity, alone: 0 };
    if (through > job.failed) job.alone++;
    job.tries++;
    job.triedAt = now;
    job.failed = ++order;
    jobs.set(key, job);
    return job;
  }

  /** A job that fails alone says nothing of its platform, unless the adapter knows better; two others in a row do. */
  function look(platform: Platform, { key, platform: name, of }: Setback, job: Failing): void {
    if (platform.down || (job.alone > 0 && of !== 'platform')) return;
    platform.first ??= key;
    if (platform.first === key && of !== 'platform') return;
    platform.down = true;
    for (const each of jobs.values()) if (each.platform === name) each.alone = 0;
  }

  function pause(platform: Platform, { began, now }: Setback): number {
    // Jobs that were on their way together are one sign of trouble, not many.
    if (began > platform.pausedAt || platform.pauseUntil <= now) {
      platform.pauseUntil = now + backOff(++platform.pauses);
      platform.pausedAt = ++order;
    }
    return platform.pauseUntil;
  }

  return {
    begin: () => ++order,
    gotThrough({ platform: name, key, began, now }) {
      const platform = platformOf(name);
      jobs.delete(key);
      platform.through = Math.max(platform.through, began);
      platform.first = null;
      if (!platform.down) return;
      platform.down = false;
      platform.upSinceAt = now;
      platform.pauses = 0;
    },
    failed(setback) {
      const { now, retryAfterMs, of } = setback;
      if (retryAfterMs !== undefined) {
        const until = now + retryAfterMs;
        return { retryAt: until, pauseUntil: of === 'platform' ? until : null, hopeless: false };
      }
      const platform = platformOf(setback.platform);
      const before = jobs.get(setback.key)?.alone ?? 0;
      const job = noted(setback, platform.through);
      const onlyThis = job.alone > before;
      look(platform, setback, job);
      if (platform.down) {
        const until = pause(platform, setback);
        return { retryAt: until, pauseUntil: until, hopeless: false };
      }
      const failingForMs = now - Math.max(job.sinceAt, platform.upSinceAt);
      const hopeless = onlyThis && job.alone >= aloneAtLeast && failingForMs > hopelessAfterMs;
      return { retryAt: now + backOff(job.tries), pauseUntil: null, hopeless };
    },
    forget: (key) => void jobs.delete(key),
  };
}
