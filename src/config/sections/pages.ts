import { z } from 'zod';
import { severities } from '../../incident/state.js';
import { variable } from './sources.js';
import { duration, httpUrl, line, name, named, rule } from './words.js';

const secretPlace = z
  .strictObject({
    env: variable.optional().describe('The environment variable that holds it (or NAME_FILE the file that does)'),
    file: z.string().min(1).optional().describe('The file that holds it'),
  })
  .refine(
    ({ env, file }) => (env === undefined) !== (file === undefined),
    rule('needs env or file, and only one of them', 'Write { env: NAME } or { file: /path }.'),
  )
  .describe('Where a secret is, never the secret');

/** What each way takes besides `severities` and `after`. */
const taken = {
  chat: [],
  mail: [],
  push: [],
  ntfy: ['url', 'topic', 'token'],
  gotify: ['url', 'token'],
  pagerduty: ['url', 'routing-key'],
  webhook: ['name'],
} as const;
const needed = { ntfy: ['topic'], gotify: ['url', 'token'], pagerduty: ['routing-key'], webhook: ['name'] } as const;
const own = ['url', 'topic', 'token', 'routing-key', 'name'] as const;

export const ways = z
  .array(
    z
      .strictObject({
        via: z.enum(['chat', 'mail', 'push', 'ntfy', 'gotify', 'pagerduty', 'webhook']),
        url: httpUrl
          .optional()
          .describe('The server: of ntfy (https://ntfy.sh), Gotify, or another than PagerDuty’s usual one'),
        topic: line.optional().describe('Of ntfy; whoever knows it can read along, so nobody should guess it'),
        token: secretPlace.optional().describe('An access token of ntfy, or the application token of Gotify'),
        'routing-key': secretPlace.optional().describe('The integration key of a PagerDuty service (Events API v2)'),
        name: name.optional().describe('One of `page-webhooks`'),
        severities: z.array(z.enum(severities)).min(1).optional().describe('Only pages of incidents this grave'),
        after: duration
          .optional()
          .describe('Only when they have not answered by then; at once when no earlier way took the page'),
      })
      .refine(
        ({ via, ...way }) =>
          own.every((key) => way[key] === undefined || (taken[via] as readonly string[]).includes(key)),
        rule('has a key that this way does not take', 'docs/pages.md says which key is for which way.'),
      )
      .refine(
        ({ via, ...way }) =>
          via === 'chat' || via === 'mail' || via === 'push' || needed[via].every((key) => way[key] !== undefined),
        rule(
          'lacks what this way needs',
          'ntfy needs topic, gotify url and token, pagerduty routing-key, webhook name.',
        ),
      )
      .describe('One way to call them'),
  )
  .min(1)
  .describe('How they are called; without it by chat, and by mail and push where there is an address');

const texts = z.record(line, z.string().max(4_000)).describe('Values by name; Handlebars');

export const pageWebhooks = named(
  z
    .strictObject({
      url: z.string().min(1).max(2_000).describe('The address to call; Handlebars'),
      method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
      headers: texts.default({}).describe('Besides Content-Type, where that is not said; Handlebars'),
      body: z
        .union([z.string().min(1).max(20_000), texts])
        .optional()
        .describe('A text in JSON or of another content type, or values by name that make a form; Handlebars'),
      basic: z
        .strictObject({ user: secretPlace, password: secretPlace })
        .optional()
        .describe('User and password of basic authentication'),
      secrets: z.record(name, secretPlace).default({}).describe('By the names the texts use: {{secret.name}}'),
    })
    .refine(
      ({ method, body }) => method !== 'GET' || body === undefined,
      rule('has a body that GET does not take', 'Take the body out, or use POST.'),
    )
    .describe('A service that pages are handed to in its own words, such as one for text messages'),
);
