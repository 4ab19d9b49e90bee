import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isZone } from '../messages/zones.js';
import type { Config } from './config.js';
import { builtInLadder, builtInPolicy } from './defaults.js';
import { isLoopback } from './loopback.js';
import { type ConfigProblem, type Env, readSecret } from './secrets.js';

const installed = (folder: string): string => fileURLToPath(new URL(`../../${folder}`, import.meta.url));
const tokenLengthAtLeast = 16;
const example = 'openssl rand -hex 32';

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
  MUSTER_PUBLIC_URL: httpUrl.transform((url) => url.replace(/\/+$/, '')).optional(),
  MUSTER_ZONES: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((zone) => zone.trim() || []))
    .pipe(
      z.array(z.string().refine(isZone, { error: (issue) => `There is no time zone ${JSON.stringify(issue.input)}.` })),
    ),
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
 * What Muster runs with, from the environment. Either a whole Config or every problem at once; nothing is written.
 * @param folder the working folder: relative paths start here, and a `muster.yaml` is looked for.
 */
export function readConfig(env: Env, folder: string = process.cwd()): Config | ConfigProblem[] {
  const problems: ConfigProblem[] = [...fileProblems(env, folder)];
  const parsed = settings.safeParse(env);
  for (const issue of parsed.error?.issues ?? []) {
    const where = String(issue.path[0]) as keyof typeof fixes;
    problems.push({ where, what: issue.message, fix: fixes[where] });
  }
  const databaseUrl = readDatabaseUrl(env, problems);
  const apiToken = readToken(env, 'MUSTER_API_TOKEN', problems);
  const alertsToken = readToken(env, 'MUSTER_ALERTS_TOKEN', problems);
  problems.push(...tokenProblems(env, env.MUSTER_HOST?.trim() || '127.0.0.1', apiToken, alertsToken));
  if (!parsed.success || problems.length > 0) return problems;
  const set = parsed.data;
  return {
    host: set.MUSTER_HOST,
    port: set.MUSTER_PORT,
    publicUrl: set.MUSTER_PUBLIC_URL ?? `http://${reachableName(set.MUSTER_HOST)}:${set.MUSTER_PORT}`,
    dataFolder: resolve(folder, set.MUSTER_DATA),
    databaseUrl,
    apiToken,
    alertsToken,
    policy: builtInPolicy(set.MUSTER_ZONES),
    ladder: builtInLadder(),
    templatesFolder: resolve(folder, set.MUSTER_TEMPLATES),
    playbooksFolder: resolve(folder, set.MUSTER_PLAYBOOKS),
  };
}

/** All problems as lines for a terminal: where, what, what to do. */
export const problemLines = (problems: readonly ConfigProblem[]): string =>
  problems.map(({ where, what, fix }) => `${where}: ${what}\n  ${fix}`).join('\n');

function reachableName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return hostname();
  return host.includes(':') ? `[${host}]` : host;
}

function fileProblems(env: Env, folder: string): ConfigProblem[] {
  const fix = 'Unset it or move the file away, and set the MUSTER_… variables instead.';
  const named = env.MUSTER_CONFIG;
  if (named !== undefined)
    return [
      { where: 'MUSTER_CONFIG', what: `A configuration file (${JSON.stringify(named)}) is not supported yet.`, fix },
    ];
  const path = resolve(folder, 'muster.yaml');
  return existsSync(path) ? [{ where: path, what: 'A configuration file is not supported yet.', fix }] : [];
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
  if (token === null || (token.length >= tokenLengthAtLeast && /^[\x21-\x7e]+$/.test(token))) return token;
  problems.push({
    where: name,
    what: `A token needs at least ${tokenLengthAtLeast} characters, without spaces or letters outside ASCII.`,
    fix: `Make one with \`${example}\`.`,
  });
  return null;
}

const isSet = (env: Env, name: string): boolean => env[name] !== undefined || env[`${name}_FILE`] !== undefined;

/** Without tokens everybody who can reach Muster commands it: only this machine may. */
function tokenProblems(env: Env, host: string, apiToken: string | null, alertsToken: string | null): ConfigProblem[] {
  const missing = ['MUSTER_API_TOKEN', 'MUSTER_ALERTS_TOKEN'].filter((name) => !isSet(env, name));
  const fix = `Set ${missing.join(' and ')} (or ${missing.map((name) => `${name}_FILE`).join(' and ')}), for example ${missing.map((name) => `${name}=$(${example})`).join(' ')}`;
  if (missing.length > 0 && !isLoopback(host)) {
    return [
      {
        where: 'MUSTER_HOST',
        what: `Muster would listen on ${host}, where others can reach it, and ask nobody who they are.`,
        fix: `${fix}, or leave MUSTER_HOST at 127.0.0.1.`,
      },
    ];
  }
  if (missing.length === 1)
    return [
      {
        where: missing[0] as string,
        what: 'One token is set and the other is not: half of Muster would be open.',
        fix: `${fix}.`,
      },
    ];
  if (apiToken !== null && apiToken === alertsToken)
    return [
      {
        where: 'MUSTER_ALERTS_TOKEN',
        what: 'It is the same as MUSTER_API_TOKEN: whoever sends alerts could command incidents.',
        fix: `Give each its own, for example from \`${example}\`.`,
      },
    ];
  return [];
}
