import { DeliveryError } from '../../platform.js';
import type { Answers } from '../answers.js';
import type { SlackApi } from '../api.js';
import type { Method } from '../tiers.js';

/** What is asked of Slack while somebody waits there: given up early, and never tried twice. */
export interface Calls {
  call<M extends Method>(method: M, given?: Record<string, unknown>, withinMs?: number): Promise<Answers[M]>;
}

/** Of the 3 s that Slack waits. */
const quickMs = 1_500;

export function callsBy(api: Pick<SlackApi, 'call'>): Calls {
  return {
    async call(method, given = {}, withinMs = quickMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        const words = `Slack did not answer ${method} in time.`;
        timer = setTimeout(() => reject(new DeliveryError(words, { permanent: false })), withinMs);
      });
      try {
        return await Promise.race([api.call(method, given), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Asking again changes nothing: it is gone, or Muster may not see it. */
export const isFinal = (error: unknown): boolean => error instanceof DeliveryError && error.permanent;
