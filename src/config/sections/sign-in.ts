import { z } from 'zod';
import { duration } from './words.js';

export const signIn = z
  .strictObject({
    idle: duration.optional().describe('A session that nobody uses ends after this time'),
    absolute: duration.optional().describe('A session ends after this time, used or not'),
  })
  .default({})
  .describe('How long people stay signed in');
