import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isZone } from '../messages/zones.js';
import { applied } from './apply.js';
import { readAudiences } from './audiences.js';
import { backupOf } from './backup.js';
import { callbackWarnings, readChat } from './chat.js';
import type { Config } from './config.js';
import { builtInLadder, builtInPolicy, builtInRetention, builtInSignIn } from './defaults.js';
import { isError } from './file.js';
import { findFile } from './find.js';
import { readHeartbeat } from './heartbeat.js';
import { intakeOf } from './intake.js';
import { maintenanceOf } from './maintenance.js';
import { namedSources } from './named-sources.js';
import { readOidc } from './oidc.js';
import { readOnCall } from './on-call.js';
import { readPages } from './pages.js';
import { presetsOf } from './promises.js';
import { type ConfigProblem, type Env, readSecret, tokenProblem } from './secrets.js';
import { doorProblems } from './tokens.js';

const installed = (folder: string): string => fileURLToPath(new URL(`../../${folder}`, import.meta.url));

const httpUrl = z.url({ protocol: /^https?$/, error: 'It must be an http or https address.' });
const settings = z.object({
  MUSTER_HOST: z.string().trim().min(1, 'It is empty.').default('127.0.0.1'),
  MUSTER_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'It must be a whole number.')
    .transform(Number)
    .pipe(z.number().max(65_535, 'It must be at most 65535.'))
    .default(7370),
  MUSTER_DATA: z.string().min(1, 'It is empty.').default('./data'),
  MUSTER_PUBLIC_URL: httpUrl.optional(),
  MUSTER_ZONES: z
    .string()
    .transform((list) => list.split(',').flatMap((zone) => zone.trim() || []))
    .pipe(
      z.array(z.string().refine(isZone, { error: (issue) => `There is no time zone ${JSON.stringify(issue.input)}.` })),
    )
    .optional(),
  MUSTER_TEMPLATES: z.string().min(1, 'It is empty.').default(installed('templates')),
  MUSTER_PLAYBOOKS: z.string().min(1, 'It is empty.').default(installed('playbooks')),
});

const fixes: Record<keyof z.input<typeof settings>, string> = {
  MUSTER_HOST: 'Give the address to listen on, for example 127.0.0.1.',
  MUSTER_PORT: 'Give a port from 0 to 65535, for example 7370.',
  MUSTER_DATA: 'Give a folder that Muster may write, for example ./data.',
  MUSTER_PUBLIC_URL: 'Give what people type in a browser, for example https://muster.example.com.',
  MUSTER_ZONES: 'Give IANA names with commas, for example Europe/Berlin,America/New_York.',
  MUSTER_TEMPLATES: 'Give the folder of the message templates, or unset it.',
  MUSTER_PLAYBOOKS: 'Give the folder of your playbooks, or unset it.',
};

/**
 * What Muster runs with, from the environment and from `muster.yaml` (MUSTER_CONFIG names another). The environment
 * goes first. Either a whole Config or every problem at once, warnings among them; nothing is written.
 * @param folder the working folder: relative paths start here.
 */
export function readConfig(env: Env, folder: string = process.cwd()): Config | ConfigProblem[] {
  const { path, file, located, problems } = findFile(env, folder);
  const sources = file && located ? namedSources(file, { env, folder, located, problems }) : [];
  const { audiences, mailServer, pushes } =
    file && located
      ? readAudiences(file, { env, folder, located, problems })
      : { audiences: [], mailServer: null, pushes: null };
  const pages = file && located ? readPages(file, { env, folder, located, problems }) : null;
  const onCall = file && located ? readOnCall(file, { env, folder, located, problems }) : [];
  const oidc = file && located ? readOidc(file, { env, located, problems }) : null;
  const chat = file || path === null ? readChat({ env, file, located, problems }) : null;
  const parsed = settings.safeParse(env);
  for (const issue of parsed.error?.issues ?? []) {
    const where = String(issue.path[0]) as keyof typeof fixes;
    problems.push({ where, what: issue.message, fix: fixes[where] });
  }
  const databaseUrl = readDatabaseUrl(env, problems);
  const apiToken = readToken(env, 'MUSTER_API_TOKEN', problems);
  const alertsToken = readToken(env, 'MUSTER_ALERTS_TOKEN', problems);
  const feedToken = readToken(env, 'MUSTER_FEED_TOKEN', problems);
  const heartbeat = readHeartbeat(env, file, problems);
  problems.push(
    ...doorProblems(env, {
      host: env.MUSTER_HOST?.trim() || '127.0.0.1',
      apiToken,
      alertsToken,
      sources,
      // A file that cannot be read is a problem of its own; whether it opens Muster is not known.
      closedBy: path !== null && file !== null && !file['open-on-loopback'] ? path : null,
    }),
  );
  if (!parsed.success || chat === null || problems.some(isError)) return problems;
  const set = parsed.data;
  const zones = set.MUSTER_ZONES ?? file?.zones ?? [];
  const publicUrl =
    (set.MUSTER_PUBLIC_URL ?? file?.['public-url'])?.replace(/\/+$/, '') ??
    `http://${reachableName(set.MUSTER_HOST)}:${set.MUSTER_PORT}`;
  problems.push(...callbackWarnings(chat, publicUrl, located));
  const rules = file
    ? applied(file, zones)
    : {
        policy: builtInPolicy(zones),
        ladder: builtInLadder(),
        people: [],
        permissions: {},
        groups: {},
        services: [],
        channels: {},
        signIn: builtInSignIn,
      };
  return {
    host: set.MUSTER_HOST,
    port: set.MUSTER_PORT,
    publicUrl,
    dataFolder: resolve(folder, set.MUSTER_DATA),
    trustedProxies: file?.['trusted-proxies'] ?? [],
    diskAtLeastBytes: (file?.['disk-at-least'] ?? 64) * 1024 * 1024,
    databaseUrl,
    apiToken,
    alertsToken,
    ...rules,
    policy: { ...rules.policy, ...chat.platforms },
    people: rules.people.map((each) => ({
      ...each,
      push: pushes?.get(each.id) ?? null,
      ways: pages?.ways.get(each.id) ?? [],
    })),
    templatesFolder: resolve(folder, set.MUSTER_TEMPLATES),
    playbooksFolder: resolve(folder, set.MUSTER_PLAYBOOKS),
    file: path,
    chat: chat.chat,
    slack: chat.slack,
    mattermost: chat.mattermost,
    backup: backupOf(file, folder),
    retention: { ...builtInRetention, ...given(file?.retention) },
    warnings: problems,
    sources,
    intake: intakeOf(file, zones),
    onCall,
    maintenance: maintenanceOf(file),
    oidc,
    audiences,
    mailServer,
    pageWebhooks: pages?.webhooks ?? [],
    subscriptions: presetsOf(file),
    publicStatus: file?.['public-status'] ?? false,
    feedToken,
    heartbeat,
  };
}

/** The templates that ship: a folder of your own goes before them, and they stand in for what it lacks. */
export const shippedTemplates = installed('templates');
export const shippedPlaybooks = installed('playbooks');

/** Where playbooks and templates are, whatever else is wrong with the settings. */
export const foldersOf = (env: Env, folder: string = process.cwd()) => ({
  templatesFolder: resolve(folder, env.MUSTER_TEMPLATES || installed('templates')),
  playbooksFolder: resolve(folder, env.MUSTER_PLAYBOOKS || installed('playbooks')),
});

/** All problems as lines for a terminal: where, what, what to do. */
export const problemLines = (problems: readonly ConfigProblem[]): string =>
  problems
    .map(({ where, what, fix, level }) => `${where}: ${level === 'warning' ? 'warning: ' : ''}${what}\n  ${fix}`)
    .join('\n');

/** Without what is left out. */
const given = <T extends object>(all: T | undefined): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(all ?? {}).filter(([, value]) => value !== undefined)) as never;

function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname();
  return host.includes(':') ? `[${host}]` : host;
}

function readDatabaseUrl(env: Env, problems: ConfigProblem[]): string | null {
  const url = readSecret(env, 'DATABASE_URL', problems);
  if (url === null || (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url))) return url;
  problems.push({
    where: 'DATABASE_URL',
    what: 'It is not the address of a PostgreSQL database.',
    fix: 'Give one like postgres://user:password@host:5432/muster, or unset it to use SQLite in MUSTER_DATA.',
  });
  return null;
}

function readToken(env: Env, name: string, problems: ConfigProblem[]): string | null {
  const token = readSecret(env, name, problems);
  const problem = token === null ? null : tokenProblem(name, token);
  if (problem) problems.push(problem);
  return problem ? null : token;
}
