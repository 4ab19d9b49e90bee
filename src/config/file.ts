import { isIP } from 'node:net';
import { z } from 'zod';
import { issueProblems } from './issues.js';
import { referenceProblems } from './references.js';
import type { ConfigProblem } from './secrets.js';
import { approvals, permissions } from './sections/approvals.js';
import { audiences, mail } from './sections/audiences.js';
import { backup } from './sections/backup.js';
import { chat, mattermost, slack } from './sections/chat.js';
import { dependencies } from './sections/dependencies.js';
import { escalations } from './sections/escalations.js';
import { heartbeat } from './sections/heartbeat.js';
import { intake } from './sections/intake.js';
import { maintenance } from './sections/maintenance.js';
import { onCall } from './sections/on-call.js';
import { pageWebhooks } from './sections/pages.js';
import { groups, people } from './sections/people.js';
import { climbEvery, subscriptions } from './sections/promises.js';
import { retention } from './sections/retention.js';
import { services } from './sections/services.js';
import { severities } from './sections/severities.js';
import { signIn } from './sections/sign-in.js';
import { sources } from './sections/sources.js';
import { duration, durationOrNever, httpUrl, name, text, zone } from './sections/words.js';
import { type Located, readYaml } from './yaml.js';

const channel = text(
  (value) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
  'is not the name of a channel',
  'Use lower case letters, digits and dashes, at most 64.',
  '^[a-z0-9][a-z0-9-]{0,63}$',
);

const address = text(
  (value) => {
    const [ip = '', prefix, ...more] = value.split('/');
    const bits = isIP(ip) === 4 ? 32 : isIP(ip) === 6 ? 128 : -1;
    return (
      more.length === 0 && bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
    );
  },
  'is not an address',
  'Write an IP address, or a network like 172.16.0.0/12.',
  '^[0-9a-fA-F.:]+(/[0-9]{1,3})?$',
);

/** The whole of `muster.yaml`. */
const file = z.strictObject({
  'public-url': httpUrl.optional().describe('What people type in a browser; used in links'),
  'open-on-loopback': z.boolean().default(false).describe('Ask nobody who they are, on this machine only'),
  zones: z.array(zone).optional().describe('Time zones shown beside UTC'),
  'reopen-for': duration.optional().describe('Alerts within this time of resolving reopen the incident'),
  'warn-before': duration.optional().describe('How long before a promised update its owner is warned'),
  'long-after': durationOrNever
    .optional()
    .describe('How long an incident is open before Muster proposes rarer updates, or never'),
  'automatic-updates': z
    .int()
    .min(0)
    .max(2)
    .optional()
    .describe('How many updates in a row Muster posts by itself, two at most'),
  'climb-every': climbEvery,
  'public-status': z
    .boolean()
    .default(false)
    .describe('Whether anybody reads at /public what people have published, without signing in'),
  'trusted-proxies': z
    .array(address)
    .default([])
    .describe('Addresses of proxies elsewhere than on this machine, whose word on the caller is taken'),
  'disk-at-least': z
    .int()
    .min(0)
    .max(1_000_000)
    .default(64)
    .describe('MB that must be left where the data is; with less Muster says that it is not ready'),
  channels: z
    .strictObject({ stakeholders: channel.optional(), triage: channel.optional(), operators: channel.optional() })
    .default({})
    .describe('Names of the channels that exist once'),
  chat: chat.prefault({}).describe('Where incidents live, and how chat platforms are minded'),
  slack: slack.optional(),
  mattermost: mattermost.optional(),
  'sign-in': signIn,
  severities: severities.prefault({}),
  'platform-lead': name.optional().describe('A person or a group: called last, and never locked out'),
  people: people.default({}),
  approvals: approvals.default({}),
  permissions: permissions.default({}),
  groups: groups.default({}),
  services: services.default({}),
  dependencies: dependencies.prefault({}),
  sources: sources.default({}),
  intake: intake.prefault({}),
  maintenance: maintenance.default({}),
  'on-call': onCall.prefault({}),
  escalations: escalations.optional(),
  'page-in-drills': z.boolean().default(false).describe('Whether drills page people who are not in them'),
  mail: mail.optional(),
  audiences: audiences.default({}),
  subscriptions,
  'page-webhooks': pageWebhooks.default({}).describe('Services that pages are handed to in their own words'),
  backup: backup.optional().describe('Where backups go, and when'),
  heartbeat: heartbeat.optional(),
  retention: retention
    .prefault({})
    .describe('How long is kept what is no timeline, no incident and no postmortem; those are kept for ever'),
});
export type ConfigFile = z.output<typeof file>;

/** For editors: completion and errors while typing. */
export const fileSchema = (): object => ({
  ...z.toJSONSchema(file, { io: 'input' }),
  $id: 'https://muster.invalid/muster.schema.json',
  title: 'muster.yaml',
});

export interface ReadFile {
  /** null when there is an error among the problems. */
  file: ConfigFile | null;
  /** Errors and warnings, in the order of the file. */
  problems: ConfigProblem[];
  located: Located | null;
}

/** Reads the text of a `muster.yaml`; every problem says where, what and what to do. Never throws on any text. */
export function readFileText(path: string, text: string): ReadFile {
  const located = readYaml(path, text);
  if (Array.isArray(located)) return { file: null, problems: located, located: null };
  const parsed = file.safeParse(located.value);
  if (!parsed.success)
    return { file: null, problems: inOrder(issueProblems(parsed.error, located, fileSchema())), located };
  const problems = inOrder(referenceProblems(parsed.data, located));
  return { file: problems.some(isError) ? null : parsed.data, problems, located };
}

export const isError = ({ level = 'error' }: ConfigProblem): boolean => level === 'error';

function inOrder(problems: ConfigProblem[]): ConfigProblem[] {
  const place = ({ where }: ConfigProblem): number[] => (where.match(/:(\d+):(\d+)$/) ?? []).slice(1).map(Number);
  return problems
    .map((problem) => ({ problem, at: place(problem) }))
    .sort((a, b) => (a.at[0] ?? 0) - (b.at[0] ?? 0) || (a.at[1] ?? 0) - (b.at[1] ?? 0))
    .map(({ problem }) => problem);
}
