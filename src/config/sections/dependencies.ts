import { z } from 'zod';
import { duration } from './words.js';

export const dependencies = z
  .strictObject({
    settle: duration
      .optional()
      .describe('How long symptoms that still fire may take to clear once what they depend on is mended; 10m'),
  })
  .describe('Services that depend on each other, see depends-on of services');
