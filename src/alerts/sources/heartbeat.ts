import { z } from 'zod';
import { defineSource } from '../source.js';

/** A sign of life of a job of your own: whatever it sends says that it runs. That it stops is noticed by `expect`. */
export const heartbeat = defineSource({
  kind: 'heartbeat',
  sender: 'Your own jobs',
  authentication: 'token',
  episode: 'Muster itself tells when nothing comes any more, and when something does',
  takes: { methods: ['GET', 'PUT'], bodies: ['any', 'text'], empty: true },
  payload: z.unknown(),
  alerts: () => ({ name: 'a sign of life', why: 'all is well; an alert opens when it stays away, see expect' }),
});
