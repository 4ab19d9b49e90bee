import type { MattermostSettings } from '../chat/mattermost/settings.js';
import { type SlackSettings, slackApiUrl } from '../chat/slack/settings.js';
import type { Mirror, Policy } from '../incident/state.js';
import type { ChatSettings } from './config.js';
import { builtInChat } from './defaults.js';
import type { ConfigFile } from './file.js';
import { isLoopback } from './loopback.js';
import { readMattermost } from './mattermost.js';
import type { ConfigProblem, Env } from './secrets.js';
import type { PlatformName } from './sections/chat.js';
import { readSlack, triesSlack } from './slack.js';
import type { Located, Path } from './yaml.js';

/** What the chat platforms are read from. */
export interface ReadFrom {
  env: Env;
  /** null: there is no file. */
  file: ConfigFile | null;
  located: Located | null;
  problems: ConfigProblem[];
}

interface ReadChat {
  chat: ChatSettings;
  slack: SlackSettings | null;
  mattermost: MattermostSettings | null;
  /** Where incidents live, and who else hears of them. */
  platforms: Pick<Policy, 'platforms' | 'mirrors'>;
}

/** The chat platforms that are set up, and which of them is home. */
export function readChat(from: ReadFrom): ReadChat {
  const slack = readSlack(from);
  const mattermost = readMattermost(from);
  const { 'away-after': away, 'archive-after': archive } = from.file?.chat ?? {};
  return {
    chat: {
      awayAfterMs: away ?? builtInChat.awayAfterMs,
      archiveAfterMs: archive === undefined ? builtInChat.archiveAfterMs : archive,
    },
    slack,
    mattermost,
    platforms: livesOn(from, { web: true, slack: slack !== null, mattermost: mattermost !== null }),
  };
}

const page = (platform: PlatformName): string => `docs/platforms/${platform}.md`;

function livesOn(from: ReadFrom, up: Record<PlatformName, boolean>): ReadChat['platforms'] {
  const { home: said, mirrors: heard = {} } = from.file?.chat ?? {};
  const others = (['slack', 'mattermost'] as const).filter((each) => up[each]);
  const home = said ?? (others.length === 1 ? (others[0] as PlatformName) : 'web');
  // What is wrong with a platform is told where it is set up.
  const tried = (platform: PlatformName): boolean =>
    platform === 'slack' ? triesSlack(from) : from.file?.mattermost !== undefined;
  const asked = (platform: PlatformName, path: Path): void => {
    if (!up[platform] && !tried(platform))
      add(from, path, `${platform} is not set up.`, `${page(platform)} says how, or take it out here.`);
  };
  if (said !== undefined) asked(said, ['chat', 'home']);
  else if (others.length > 1 && from.located !== null)
    from.problems.push({
      where: from.located.at(from.file?.chat === undefined ? [] : ['chat']),
      what: `${others.join(' and ')} are set up and no home is named: incidents live in the web room.`,
      fix: `Write chat: { home: ${others[0]} }, or { home: web }.`,
      level: 'warning',
    });
  const mirrors = Object.entries(heard).flatMap(([name, hears]): Mirror[] => {
    const platform = name as PlatformName;
    const path = ['chat', 'mirrors', platform];
    asked(platform, path);
    if (platform === home) add(from, path, `${platform} is home and hears everything.`, 'Take it out here.');
    return [{ platform, hears }];
  });
  return { platforms: [home], ...(mirrors.length > 0 && { mirrors }) };
}

function add({ located, problems }: ReadFrom, path: Path, what: string, fix: string): void {
  problems.push({ where: located?.at(path) ?? path.join('.'), what: `${path.join('.')}: ${what}`, fix });
}

/** A platform that has to call Muster, and an address that leads from there to itself. */
export function callbackWarnings(
  { slack, mattermost }: Pick<ReadChat, 'slack' | 'mattermost'>,
  publicUrl: string,
  located: Located | null,
): ConfigProblem[] {
  const here = (url: string): boolean => isLoopback(new URL(url).hostname);
  const problems: ConfigProblem[] = [];
  if (slack !== null && slack.appToken === null && here(publicUrl) && slack.apiUrl === slackApiUrl)
    problems.push({
      where: 'SLACK_SIGNING_SECRET',
      what: `Without an app token Slack has to call Muster, and ${publicUrl} leads nowhere from there.`,
      fix: 'Set public-url to what Slack can reach, or use Socket Mode: set SLACK_APP_TOKEN.',
      level: 'warning',
    });
  if (mattermost !== null && here(mattermost.callbackUrl ?? publicUrl) && !here(mattermost.url))
    problems.push({
      where: located?.at([], 'mattermost') ?? 'mattermost',
      what: `Mattermost has to call Muster for buttons and commands, and ${mattermost.callbackUrl ?? publicUrl} leads to itself.`,
      fix: 'Set callback-url (or public-url) to what the server can reach.',
      level: 'warning',
    });
  return problems;
}
