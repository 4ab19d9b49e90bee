import { z } from 'zod';
import { duration, durationOrNever, name, rule } from './words.js';

const byStatus = z.strictObject({
  investigating: durationOrNever.optional(),
  identified: durationOrNever.optional(),
  monitoring: durationOrNever.optional(),
});

const notByStatus = rule(
  'is not a pace by status',
  'Write durations of investigating, identified or monitoring, like { investigating: 30m, monitoring: 2h }.',
);

/** `30m`, `never`, or by status; what is left out goes by `investigating`. */
export const pace = z.union([durationOrNever, byStatus], {
  error: ({ input }) => (typeof input === 'object' && input !== null ? notByStatus.error : 'is not a duration'),
});
export type GivenPace = z.output<typeof pace>;

export const climbEvery = duration
  .optional()
  .describe('While an update is owed: how long after communications the commander is called, and then the lead');

export const subscriptions = z
  .array(
    z.strictObject({
      for: z.array(name).min(1).describe('People or groups; each can unsubscribe'),
      services: z.array(name).min(1).optional().describe('Only incidents of these services'),
    }),
  )
  .default([])
  .describe('Who gets mail of public incidents without asking for it');
