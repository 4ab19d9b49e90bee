import { z } from 'zod';
import { severities } from '../../incident/state.js';
import { duration, line, name, text } from './words.js';

/** `owners`, `platform-lead`, `on-call primary`, or a name that is a person or a group. */
const target = text(
  (value) => /^(?:on-call )?[a-z0-9][a-z0-9._-]{0,62}$/.test(value) && value !== 'on-call',
  'is not somebody who can be called',
  'Write owners, platform-lead, on-call and the name of a schedule, or the name of a person or a group.',
  '^(on-call )?[a-z0-9][a-z0-9._-]{0,62}$',
);

const level = z.strictObject({
  page: z.array(target).min(1).describe('Who is called: owners, platform-lead, on-call <schedule>, people or groups'),
  'acknowledge-within': duration
    .optional()
    .describe('How long they have before the next level is called; as the severity says when left out'),
});

export const escalations = z
  .array(
    z
      .strictObject({
        name: line.optional().describe('Shown with each page; what it is for when left out'),
        severities: z.array(z.enum(severities)).min(1).optional().describe('Any when left out'),
        services: z.array(name).min(1).optional().describe('Any when left out'),
        levels: z.array(level).min(1).max(10).describe('Called one after another while nobody acknowledges'),
        repeat: z
          .int()
          .min(0)
          .max(10)
          .optional()
          .describe('How often all levels are called again, with pauses twice as long each time; 2 when left out'),
        otherwise: z.array(target).default([]).describe('Called at once where a level names nobody'),
      })
      .describe('The first whose severity and service fit is used'),
  )
  .max(200)
  .describe('Who is paged, level after level, while nobody acknowledges');
