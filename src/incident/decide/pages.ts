import { type Decisions, event } from '../context.js';
import { outcomeOf } from '../pages.js';

/** Each way is told of once per page, however often it was tried. */
export const pageDecisions = {
  recordPage: [
    'anything',
    (state, { personId, page, way, error, ways, later }) => {
      const { handed, failed, unreached } = outcomeOf(state, page, personId);
      if (handed.includes(way)) return [];
      if (error === null) return [event('pageHandedOver', { personId, page, way })];
      if (failed.includes(way)) return [];
      const over = [...handed, ...failed, way];
      const next = later.find((each) => !over.includes(each)) ?? null;
      const lost = handed.length === 0 && ways.every((each) => over.includes(each));
      return [
        event('pageFailed', { personId, page, way, error, next }),
        ...(lost && !unreached ? [event('pageUnreached', { personId, page })] : []),
      ];
    },
  ],
  recordUnreached: [
    'anything',
    (state, { personId, page }) =>
      outcomeOf(state, page, personId).unreached ? [] : [event('pageUnreached', { personId, page })],
  ],
} satisfies Decisions<'recordPage' | 'recordUnreached'>;
