import { z } from 'zod';
import { pace } from './promises.js';
import { duration, durationOrNever, httpUrl, name, rule } from './words.js';

const count = z.int().min(1).max(100_000);

const trigger = z
  .strictObject({
    grade: z.enum(['info', 'warning', 'critical']).optional().describe('The gravest label is this or graver'),
    tier: z.int().min(1).max(3).optional().describe('The best tier among the services is this or better'),
    alerts: count.optional().describe('At least so many alerts'),
    services: count.optional().describe('At least so many services'),
    compromise: z.literal(true).optional().describe('A credential is suspected compromised'),
  })
  .refine(
    (given) => Object.keys(given).length > 0,
    rule('has no condition', 'Give at least one of grade, tier, alerts, services, compromise.'),
  )
  .describe('All that is given must hold');

const severity = z
  .strictObject({
    'update-every': pace
      .optional()
      .describe('How often an update is promised, or never; or by status, like { investigating: 30m, monitoring: 1h }'),
    'long-update-every': duration.optional().describe('The same in a long incident; twice as long unless said'),
    'acknowledge-within': durationOrNever.optional().describe('How soon somebody must acknowledge, or never'),
    'idle-after': durationOrNever
      .optional()
      .describe('How long nobody may do anything before whoever acknowledged is paged again, or never'),
    'triage-within': duration
      .optional()
      .describe('When an entry of the triage queue is due; 1h, 4h and 1d for sev1, sev2 and sev3 unless said'),
    invite: z.array(name).optional().describe('People or groups invited to the channel when it opens'),
    page: z
      .array(name)
      .optional()
      .describe('People or groups paged when it opens, and again while nobody acknowledges; `escalations` go before'),
    'call-link': httpUrl.optional().describe('Where people talk; goes before that of a service'),
    postmortem: z.boolean().optional().describe('Whether a postmortem is drafted when it closes'),
    triggers: z.array(trigger).optional().describe('Replaces the built-in triggers of this severity'),
  })
  .default({});

export const severities = z.strictObject({ sev1: severity, sev2: severity, sev3: severity });
