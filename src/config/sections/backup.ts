import { Cron } from 'croner';
import { z } from 'zod';
import { duration, httpUrl, rule, text } from './words.js';

const place = text(
  (value) =>
    value.startsWith('s3:') ? /^s3:\/\/[a-z0-9][a-z0-9.-]{1,62}(\/[\w.-]+)*\/?$/.test(value) : value.trim() !== '',
  'is not a place for backups',
  'Write a folder like /var/backups/muster, or s3://bucket/prefix.',
);

const times = text(
  isCron,
  'is not a cron pattern',
  'Write five fields, in UTC, like "15 3 * * *" for 03:15 every day.',
);

function isCron(value: string): boolean {
  try {
    return new Cron(value, { mode: '5-part', timezone: 'UTC' }).nextRun() !== null;
  } catch {
    // What the library says of it is for programmers; the fix says what to write.
    return false;
  }
}

const recipient = text(
  (value) => /^age1[a-z0-9]{20,}$/.test(value),
  'is not an age recipient',
  'Write the public key that age-keygen shows, age1…; the secret key never stands here.',
  '^age1[a-z0-9]{20,}$',
);

const atLeastOne = z.int().min(1).max(1000);

export const backup = z
  .strictObject({
    to: place.describe('A folder, or s3://bucket/prefix'),
    every: duration.optional().describe('How often, counted from the last one'),
    at: times.optional().describe('When, as a cron pattern in UTC'),
    recipients: z.array(recipient).default([]).describe('age keys that can read the archives; none: not encrypted'),
    keep: z
      .strictObject({
        last: atLeastOne.default(7).describe('The newest so many'),
        daily: z.int().min(0).max(1000).default(0).describe('The newest of each of so many days'),
        monthly: z.int().min(0).max(1000).default(0).describe('The newest of each of so many months'),
      })
      .optional()
      .describe('Which archives stay; left out: all'),
    s3: z
      .strictObject({
        endpoint: httpUrl.optional().describe('Of a store that is not Amazon’s'),
        region: z.string().min(1).default('us-east-1'),
      })
      .prefault({})
      .describe('For s3://…; its keys come from the environment'),
  })
  .refine(
    ({ every, at }) => every === undefined || at === undefined,
    rule('has both every and at', 'Keep one of them; with neither, only muster backup makes one.'),
  );
