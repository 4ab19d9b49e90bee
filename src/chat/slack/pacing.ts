import { betweenPostsMs, burstShare, type Method, perMinute } from './tiers.js';

/** Time as pacing needs it: it only goes forward, and jumps of the wall clock are not in it. */
export interface Pace {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const realPace: Pace = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Keeps what goes out below what Slack grants, and silent where Slack has asked for silence. */
export interface Pacing {
  /**
   * The turn of one request: how long to wait for it, in ms. With `mayWaitMs` less than that no turn is taken, and `wait`
   * is what is left to wait.
   */
  take(method: Method, channel: string | null, mayWaitMs: number): { taken: boolean; waitMs: number };
  /** Slack has asked for silence. Posts of one channel are asked about by themselves, everything else by method. */
  silence(method: Method, channel: string | null, forMs: number): void;
  /** How long silence goes on there; 0: it does not. */
  silentForMs(method: Method, channel: string | null): number;
}

/** A bucket that holds `burst` turns and gets a new one every `everyMs`. */
interface Bucket {
  everyMs: number;
  burst: number;
  /** When all turns taken until now are paid for. */
  paidAt: number;
}

/** A bucket that is full again is as good as none. */
const keptAtMost = 5_000;

export function createPacing(pace: Pick<Pace, 'now'>): Pacing {
  const buckets = new Map<string, Bucket>();
  const silent = new Map<string, number>();

  function bucket(name: string, everyMs: number, burst: number, now: number): Bucket {
    const known = buckets.get(name);
    if (known) return known;
    if (buckets.size >= keptAtMost) for (const [each, { paidAt }] of buckets) if (paidAt <= now) buckets.delete(each);
    const made = { everyMs, burst, paidAt: now };
    buckets.set(name, made);
    return made;
  }

  const waitOf = ({ everyMs, burst, paidAt }: Bucket, now: number): number =>
    Math.max(0, paidAt - now - everyMs * (burst - 1));

  const isPost = (method: Method): boolean => method === 'chat.postMessage';
  const placeOf = (method: Method, channel: string | null): string =>
    isPost(method) ? `${method} ${channel}` : method;

  return {
    take(method, channel, mayWaitMs) {
      const now = pace.now();
      const everyMs = 60_000 / perMinute[method];
      const needed = [bucket(method, everyMs, Math.max(1, Math.floor(perMinute[method] * burstShare)), now)];
      if (isPost(method)) needed.push(bucket(placeOf(method, channel), betweenPostsMs, 1, now));
      const waitMs = Math.max(...needed.map((each) => waitOf(each, now)));
      if (waitMs > mayWaitMs) return { taken: false, waitMs };
      for (const each of needed) each.paidAt = Math.max(each.paidAt, now) + each.everyMs;
      return { taken: true, waitMs };
    },
    silence(method, channel, forMs) {
      const now = pace.now();
      for (const [place, until] of silent) if (until <= now) silent.delete(place);
      const place = placeOf(method, channel);
      silent.set(place, Math.max(silent.get(place) ?? 0, now + forMs));
    },
    silentForMs: (method, channel) => Math.max(0, (silent.get(placeOf(method, channel)) ?? 0) - pace.now()),
  };
}
