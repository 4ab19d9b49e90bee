import { z } from 'zod';
import { duration, durationOrNever, httpUrl, line, rule, text } from './words.js';

const minuteMs = 60_000;
const known = ['web', 'slack', 'mattermost'] as const;
/** Whatever chat a file can name. */
export type PlatformName = (typeof known)[number];

const hears = z.enum(['updates', 'outline']).optional();

export const chat = z.strictObject({
  home: z
    .enum(known)
    .optional()
    .describe('Where incidents live; left out: the platform that is set up when it is the only one, else the web room'),
  mirrors: z
    .strictObject({ web: hears, slack: hears, mattermost: hears })
    .default({})
    .describe(
      'Platforms that hear of public incidents. updates: as written. outline: number, severity, status and times',
    ),
  'away-after': duration
    .refine(
      (ms) => ms >= minuteMs / 2,
      rule('is too short: a platform that stumbles is not away', 'Write 30s or more, like 3m.'),
    )
    .optional()
    .describe('When home has failed for so long, its incidents go on in the web room'),
  'archive-after': durationOrNever
    .refine(
      (ms) => ms === null || ms >= 60 * minuteMs,
      rule('is too short: people still read there', 'Write 1h or more, like 7d, or never.'),
    )
    .optional()
    .describe('So long after an incident is closed its channel is put away, or never'),
});

const reaction = text(
  (value) => /^[a-z0-9_+'-]{1,100}$/.test(value),
  'is not the name of a reaction',
  'Write the name without colons, like pushpin.',
  "^[a-z0-9_+'-]{1,100}$",
);
const keepReactions = z
  .array(reaction)
  .max(20)
  .optional()
  .describe('Reactions that keep a message on the timeline of its incident');

const handle = text(
  (value) => /^[a-z0-9][a-z0-9._-]{0,79}$/.test(value),
  'is not the handle of a user group',
  'Write it without the @, like sre-oncall.',
  '^[a-z0-9][a-z0-9._-]{0,79}$',
);

export const slack = z
  .strictObject({
    'invite-groups': z
      .array(handle)
      .max(20)
      .default([])
      .describe('User groups whose members are invited to every public incident channel'),
    'keep-reactions': keepReactions,
  })
  .describe('Slack; its tokens are SLACK_BOT_TOKEN and SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET');

export const mattermost = z
  .strictObject({
    url: httpUrl.describe('The server, as people type it in a browser'),
    team: line.describe('The team the channels are in, by its name in addresses'),
    'callback-url': httpUrl
      .optional()
      .describe('Where the server reaches Muster, for buttons and commands, when that is not public-url'),
    'keep-reactions': keepReactions,
  })
  .describe('Mattermost; its token is MATTERMOST_TOKEN');
