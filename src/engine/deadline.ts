import { DeliveryError } from '../chat/platform.js';

export type Within = <T>(call: () => Promise<T>) => Promise<T>;

/**
 * One deadline for all calls made through it together, so that a job ends before its lease does. A platform that does not answer in time
 * may still have acted: the next try looks first.
 */
export function deadline(ms: number): Within {
  const endsAt = performance.now() + ms;
  return async (call) => {
    const leftMs = endsAt - performance.now();
    const late = () => new DeliveryError(`No answer within ${ms / 1000} s.`, { permanent: false });
    if (leftMs <= 0) throw late();
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(late()), leftMs);
    });
    try {
      return await Promise.race([call(), expired]);
    } finally {
      clearTimeout(timer);
    }
  };
}
