import { z } from 'zod';
import { severities, statuses } from '../incident/state.js';

const at = z.int().describe('ms since the epoch');
const atOrNull = at.nullable();

/** The body of a call. What is here stays; more may come. */
export const webhookShape = z
  .strictObject({
    type: z
      .enum([
        'incident.declared',
        'incident.reached',
        'incident.updated',
        'incident.severity_changed',
        'incident.resolved',
        'incident.reopened',
        'incident.closed',
        'incident.published',
      ])
      .describe(
        'What happened. `reached`: it came to concern this audience after it was declared. `published`: a person confirmed these words for everybody; public audiences get nothing else',
      ),
    timestamp: z.iso.datetime().describe('When it happened'),
    data: z.strictObject({
      sequence: z.int().min(1).describe('Grows within one incident: what has a smaller one is older'),
      incident: z.strictObject({
        number: z.int().min(1),
        title: z.string(),
        status: z.enum(statuses),
        severity: z.enum(severities),
        severityWas: z.enum(severities).nullable().describe('Of `severity_changed`, else null'),
        services: z.array(z.string()),
        startedAt: atOrNull.describe('When the impact began, if that is known'),
        declaredAt: atOrNull,
        resolvedAt: atOrNull,
        url: z.url().describe('Where it is told in plain words'),
      }),
      automatic: z
        .boolean()
        .describe('Muster did it by itself: an update that nobody wrote, a close that nobody asked for'),
      update: z
        .strictObject({
          number: z.int().min(1),
          text: z.string().nullable().describe('A person’s words'),
          impact: z.string().nullable(),
          workaround: z.string().nullable(),
          expectedAt: atOrNull.describe('When it is expected back'),
          doing: z.string().nullable(),
          nextUpdateAt: atOrNull.describe('When the next update is promised'),
        })
        .nullable()
        .describe('Of `updated`, `resolved` and `published`, else null'),
      summary: z.string().describe('One line'),
      text: z.string().describe('As the stakeholders’ channel has it, without formatting'),
      markdown: z.string().describe('The same, formatted'),
    }),
  })
  .meta({ title: 'A call of Muster’s outgoing webhook' });
export type WebhookBody = z.infer<typeof webhookShape>;
