import { z } from 'zod';
import { alertLimits } from '../../alerts/limits.js';
import { sources as doors } from '../../alerts/sources.js';
import { duration, instant, line, name, named, rule, text } from './words.js';

export const variable = text(
  (value) => /^[A-Z_][A-Z0-9_]*$/i.test(value),
  'is not the name of an environment variable',
  'Write the name only, like REGISTRY_ALERTS_TOKEN; the secret itself never stands here.',
);

const token = z
  .strictObject({
    env: variable.optional().describe('The environment variable that holds it (or NAME_FILE the file that does)'),
    file: z.string().min(1).optional().describe('The file that holds it'),
    from: instant.optional().describe('Taken from this time on'),
    until: instant.optional().describe('Taken until then'),
  })
  .refine(
    ({ env, file }) => (env === undefined) !== (file === undefined),
    rule('needs env or file, and only one of them', 'Write { env: NAME } or { file: /path }.'),
  )
  .describe('Where a token is, never the token');

export const sources = named(
  z
    .strictObject({
      kind: z.enum(doors.map(({ kind }) => kind) as [string, ...string[]]).describe('Which kind of sender'),
      tokens: z.array(token).default([]).describe('Several are valid at once, so that one can follow another'),
      'default-service': name.optional().describe('The service of alerts that name none'),
      'default-severity': line.optional().describe('The severity of alerts that do not say, in a word of the sender'),
      'service-from': z
        .array(z.string().min(1).max(128))
        .min(1)
        .max(10)
        .optional()
        .describe('Labels that name the service, the first that is there'),
      expect: z
        .strictObject({
          every: duration.describe('A request comes at least so often while all is well'),
          grace: duration.optional().describe('How much later one may come; half of `every` when left out'),
          severity: line.default('critical').describe('How grave it is, in the words alerts have for it'),
          service: name.optional().describe('Whose it is, where it is not the default-service'),
        })
        .optional()
        .describe('Opens an alert when nothing comes any more, and ends it when something does'),
      limits: z
        .strictObject({
          'alerts-per-request': z.int().min(1).max(alertLimits.alerts).default(alertLimits.alerts),
          'alerts-waiting': z
            .int()
            .min(1)
            .max(alertLimits.waitingOfSource)
            .default(alertLimits.waitingOfSource)
            .describe('Taken in and not yet stored; beyond it the sender is asked to wait'),
          'alerts-per-minute': z
            .int()
            .min(1)
            .max(1_000_000)
            .optional()
            .describe('On average; beyond it the sender is asked to wait. Any number when left out'),
        })
        .prefault({}),
    })
    .describe('One sender, posting to /alerts/<name>'),
);
