import { z } from 'zod';
import { audienceKinds, severities, whatIsHeard } from '../../incident/state.js';
import { pace } from './promises.js';
import { variable } from './sources.js';
import { email, httpUrl, line, name, named, rule, text } from './words.js';

export const secret = z
  .strictObject({
    env: variable.optional().describe('The environment variable that holds it (or NAME_FILE the file that does)'),
    file: z.string().min(1).optional().describe('The file that holds it'),
  })
  .refine(
    ({ env, file }) => (env === undefined) !== (file === undefined),
    rule('needs env or file, and only one of them', 'Write { env: NAME } or { file: /path }.'),
  )
  .describe('Where a secret of the form whsec_<base64> is, never the secret');

export const audiences = named(
  z
    .strictObject({
      mail: z.array(email).min(1).optional().describe('Addresses; each gets a mail of its own'),
      webhook: httpUrl.optional().describe('An address that takes signed calls'),
      secrets: z.array(secret).default([]).describe('They sign the calls; several at once let one follow another'),
      services: z.array(name).min(1).optional().describe('Only incidents of these services'),
      severities: z.array(z.enum(severities)).min(1).optional().describe('Only incidents that are ever this grave'),
      kind: z
        .enum(audienceKinds)
        .default('stakeholders')
        .describe('executives: less, and shorter. public: only what a person publishes'),
      every: pace
        .optional()
        .describe('How often they are promised a word, like 2h or { investigating: 1h, monitoring: 4h }'),
      hears: z.array(z.enum(whatIsHeard)).min(1).optional().describe('Only this; everything unless said'),
    })
    .refine(
      ({ kind, hears }) => kind !== 'public' || hears === undefined,
      rule('is public, and hears what is published', 'Take hears out; a person decides what everybody reads.'),
    )
    .refine(
      ({ mail, webhook }) => (mail === undefined) !== (webhook === undefined),
      rule('needs mail or webhook, and only one of them', 'Give mail: [ada@example.com], or webhook: https://…'),
    )
    .refine(
      ({ webhook, secrets }) => webhook === undefined || secrets.length > 0,
      rule('has a webhook without a secret', 'Give secrets: [{ env: NAME }]; the calls are signed with it.'),
    )
    .describe('Somebody outside chat who is told of public incidents'),
);

const sender = text(
  (value) => senderOf(value) !== null,
  'is not an address to send from',
  'Write one like muster@example.com, or Muster <muster@example.com>.',
);

/** `Muster <muster@example.com>` or the address alone. */
export function senderOf(value: string): { name: string; address: string } | null {
  const [, called = '', address] = /^(?:([^<>"\r\n]{0,100}?) *<([^<>]+)>)$/.exec(value.trim()) ?? [];
  const found = { name: called.trim(), address: address ?? value.trim() };
  return email.safeParse(found.address).success ? found : null;
}

export const mail = z
  .strictObject({
    host: line.describe('The server that takes outgoing mail'),
    port: z.int().min(1).max(65_535).optional().describe('587 with starttls, 465 with tls, 25 with none'),
    security: z
      .enum(['starttls', 'tls', 'none'])
      .default('starttls')
      .describe('starttls: becomes encrypted or is not used. tls: is from the start. none: never'),
    user: line.optional().describe('Its password is in MUSTER_SMTP_PASSWORD, or in the file MUSTER_SMTP_PASSWORD_FILE'),
    from: sender.describe('Whom the mail is from'),
    ca: z.string().min(1).optional().describe('A file of certificates to trust besides the usual ones'),
  })
  .describe('How mail is sent');
