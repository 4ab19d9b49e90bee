import { isOpen } from '../state.js';
import type { TimersOf } from '../timers.js';

/** Who is asked to take over, when that is proposed, and what could be given to somebody who has come. */
export const handoverTimers: TimersOf = (incident) => {
  if (!isOpen(incident)) return [];
  const { handover, watch, offerAt } = incident;
  const askAt = handover?.askAt ?? null;
  const proposeAt = handover ? null : (watch?.propose[0]?.at ?? null);
  return [
    ...(askAt === null
      ? []
      : [{ for: 'handover', dueAt: askAt, command: { type: 'checkHandover' as const, dueAt: askAt } }]),
    ...(proposeAt === null
      ? []
      : [
          {
            for: 'propose-handover',
            dueAt: proposeAt,
            command: { type: 'proposeHandover' as const, dueAt: proposeAt },
          },
        ]),
    ...(offerAt === null || offerAt === undefined
      ? []
      : [{ for: 'offer-role', dueAt: offerAt, command: { type: 'offerRole' as const, dueAt: offerAt } }]),
  ];
};
