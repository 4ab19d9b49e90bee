import { z } from 'zod';

const at = z.number().int().describe('ms since the epoch');
const person = z.object({ personId: z.string(), name: z.string() });
const people = z.array(person).describe('The first to be called first; empty: nobody');

/** What `GET /api/oncall` answers. */
export const onCallShape = z.object({
  at: at.describe('What was asked about; now, when nothing was'),
  schedules: z.array(
    z.object({
      schedule: z.string(),
      people,
      why: z.string().nullable().describe('Why there is nobody'),
      unknown: z.array(z.string()).describe('Names in the calendar that Muster knows nobody by'),
      override: z.string().nullable().describe('The id of the override that makes it so'),
      next: z.object({ at, people }).nullable().describe('The next other people; null: not in the next weeks'),
      copyOf: at.nullable().describe('The calendar cannot be read: this is what was read then'),
      error: z.string().nullable().describe('Why the calendar cannot be read'),
      overrides: z
        .array(z.object({ id: z.string(), person, fromAt: at, untilAt: at, setBy: person }))
        .describe('Those that count now, or will'),
    }),
  ),
});
