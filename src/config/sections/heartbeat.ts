import { z } from 'zod';
import { duration, httpUrl, rule } from './words.js';

const shortestMs = 15_000;
const longestMs = 3_600_000;

export const heartbeat = z
  .strictObject({
    url: httpUrl
      .optional()
      .describe('Called while Muster is well, with /fail behind it while it is not; MUSTER_HEARTBEAT_URL goes first'),
    every: duration
      .refine(
        (ms) => ms >= shortestMs && ms <= longestMs,
        rule('is not between 15s and 1h', 'Give what the other side expects, for example 1m.'),
      )
      .optional()
      .describe('How often, 1m unless said; whoever waits for it should allow twice as long'),
  })
  .describe('Tells somebody elsewhere that Muster lives, so that its death is noticed');
