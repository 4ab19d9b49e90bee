import { type SlackSettings, slackApiUrl } from '../chat/slack/settings.js';
import type { ReadFrom } from './chat.js';
import { builtInKept } from './defaults.js';
import { type ConfigProblem, type Env, isSet, readSecret } from './secrets.js';

const page = 'docs/platforms/slack.md';

const slackSecrets = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'];
const anySet = (env: Env, names: readonly string[]): boolean => names.some((name) => isSet(env, name));

/** Whether somebody has begun to set it up. */
export const triesSlack = ({ env, file }: Pick<ReadFrom, 'env' | 'file'>): boolean =>
  file?.slack !== undefined || anySet(env, slackSecrets);

/** Slack, where its section or one of its secrets is; null: it is not, or something is wrong with it. */
export function readSlack(from: ReadFrom): SlackSettings | null {
  const { env, file, located, problems } = from;
  if (!triesSlack(from)) return null;
  const before = problems.length;
  const botToken = readSecret(env, 'SLACK_BOT_TOKEN', problems);
  const appToken = readSecret(env, 'SLACK_APP_TOKEN', problems);
  const signingSecret = readSecret(env, 'SLACK_SIGNING_SECRET', problems);
  const wrong = (where: string, what: string, fix: string): void => {
    problems.push({ where, what, fix });
  };
  const section = file?.slack === undefined ? null : (located?.at([], 'slack') ?? null);
  if (!isSet(env, 'SLACK_BOT_TOKEN'))
    wrong(
      section ?? 'SLACK_BOT_TOKEN',
      section ? 'slack: SLACK_BOT_TOKEN is not set.' : 'It is not set, and other settings of Slack are.',
      `Set it or SLACK_BOT_TOKEN_FILE where Muster starts: the Bot User OAuth Token, xoxb-… (${page}).`,
    );
  if (botToken !== null) kindOfToken('SLACK_BOT_TOKEN', botToken, 'xoxb-', problems);
  if (appToken !== null) kindOfToken('SLACK_APP_TOKEN', appToken, 'xapp-', problems);
  if (signingSecret !== null && /^x(ox|app)/.test(signingSecret))
    wrong(
      'SLACK_SIGNING_SECRET',
      'This is a token, not the signing secret.',
      'Take the Signing Secret below Basic Information of the app.',
    );
  if (isSet(env, 'SLACK_BOT_TOKEN') && !anySet(env, ['SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET']))
    wrong(
      section ?? 'SLACK_BOT_TOKEN',
      'Muster could speak in Slack and would hear nobody there.',
      `Set SLACK_APP_TOKEN (Socket Mode: nothing has to reach Muster from outside), or SLACK_SIGNING_SECRET (HTTP): ${page}.`,
    );
  const apiUrl = apiUrlOf(env, problems);
  if (problems.length > before || botToken === null) return null;
  return {
    botToken,
    appToken,
    signingSecret,
    apiUrl,
    inviteGroups: file?.slack?.['invite-groups'] ?? [],
    keepReactions: file?.slack?.['keep-reactions'] ?? builtInKept,
  };
}

function apiUrlOf(env: Env, problems: ConfigProblem[]): string {
  const given = env.MUSTER_SLACK_API_URL;
  if (given === undefined) return slackApiUrl;
  if (URL.canParse(given) && /^https?:$/.test(new URL(given).protocol)) return given.replace(/\/*$/, '/');
  problems.push({
    where: 'MUSTER_SLACK_API_URL',
    what: 'It must be an http or https address.',
    fix: 'Unset it, or give the address of the Web API, like https://slack-gov.com/api/.',
  });
  return slackApiUrl;
}

const kinds: Record<string, string> = {
  'xoxb-': 'the token of a bot',
  'xapp-': 'an app-level token',
  'xoxp-': 'the token of a person',
  'xoxe.': 'a token that expires (token rotation is on)',
  'xoxa-': 'the token of a workspace app',
};
const whereTokensAre: Record<string, string> = {
  'xoxb-': 'Take the Bot User OAuth Token below OAuth & Permissions of the app: it begins with xoxb-.',
  'xapp-':
    'Make one below Basic Information, App-Level Tokens, with the scope connections:write: it begins with xapp-.',
};

function kindOfToken(where: string, token: string, wanted: string, problems: ConfigProblem[]): void {
  if (token.startsWith(wanted) && /^[\x21-\x7e]+$/.test(token)) return;
  const is = kinds[token.slice(0, 5)];
  problems.push({
    where,
    what: is === undefined || token.startsWith(wanted) ? 'This is no token of Slack.' : `This is ${is}.`,
    fix: whereTokensAre[wanted] as string,
  });
}
