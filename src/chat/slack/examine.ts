import { type Finding, ok, problem, unanswered, warning, wordsOf } from '../finding.js';
import type { ExpectedChannel } from '../platform.js';
import { type ExamineParts, examineChannels, said } from './examine-channels.js';
import { codeOf } from './refusals.js';
import { neededScopes, scopes } from './scopes.js';
import type { SlackSettings } from './settings.js';

interface Granted {
  user?: string;
  team?: string;
  response_metadata?: { scopes?: string[] };
}

/** Everything Muster needs of the workspace: tokens, scopes, channels. Nothing of it is seen there. */
export async function examineSlack(parts: ExamineParts, channels: readonly ExpectedChannel[]): Promise<Finding[]> {
  const { settings, api, publicUrl } = parts;
  const heard = settings.appToken === null ? [byHttp(publicUrl())] : [await socketMode(settings, settings.appToken)];
  let granted: Granted;
  try {
    granted = (await api.call('auth.test')) as Granted;
  } catch (error) {
    if (codeOf(error) !== null)
      return [problem('bot token', said(error), 'docs/platforms/slack.md says where the token is.'), ...heard];
    const fix = 'Look whether this machine reaches Slack; Muster goes on by itself once it does.';
    return [unanswered('bot token', said(error), fix), ...heard];
  }
  const { user = 'the bot', team = 'the workspace', response_metadata } = granted;
  return [
    ok('bot token', `Slack knows it: @${user} in ${team}.`),
    ...scopeFindings(response_metadata?.scopes ?? null, settings),
    ...heard,
    ...(await examineChannels(parts, channels)),
  ];
}

const addIt =
  'Add it on the app’s page below OAuth & Permissions, or paste muster slack manifest, then install the app again.';

/** @param granted null: Slack has not said. */
function scopeFindings(granted: readonly string[] | null, settings: SlackSettings): Finding[] {
  const needed = [...neededScopes().keys()];
  if (granted === null || granted.length === 0)
    return [warning('scopes', 'Slack does not say which the token has.', 'Compare with muster slack manifest.')];
  const missing = needed.filter((scope) => !granted.includes(scope));
  const more = granted.filter((scope) => !needed.includes(scope));
  const findings = missing.map((scope): Finding => {
    const { cost = 'something does not work', vital = true } = scopes[scope] ?? {};
    const wanted = scope === 'usergroups:read' && settings.inviteGroups.length > 0;
    const what = `${scope} is missing: ${cost}.`;
    return vital || wanted ? problem('scopes', what, addIt) : warning('scopes', what, addIt);
  });
  if (missing.length === 0) findings.push(ok('scopes', `All ${needed.length} that are used are granted.`));
  if (more.length > 0)
    findings.push(
      warning(
        'scopes',
        `The token may do more than Muster needs: ${more.join(', ')}.`,
        'Take what nothing else uses out on the app’s page.',
      ),
    );
  return findings;
}

const answersWithinMs = 10_000;
const newToken =
  'Make one below Basic Information, App-Level Tokens, with the scope connections:write, and set SLACK_APP_TOKEN.';

const appTokenWords: Record<string, string> = {
  invalid_auth: 'Slack does not know it.',
  not_authed: 'Slack does not know it.',
  token_revoked: 'It was revoked.',
  account_inactive: 'Its app or workspace is gone.',
  missing_scope: 'It lacks the scope connections:write.',
  not_allowed_token_type: 'It is not an app-level token.',
  forbidden_team: 'It is not for this workspace.',
};

/** Asks for an address to connect to, and does not connect. */
async function socketMode({ apiUrl }: SlackSettings, appToken: string): Promise<Finding> {
  const about = 'Socket Mode';
  let answer: { ok?: boolean; error?: string };
  try {
    const response = await fetch(new URL('apps.connections.open', apiUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${appToken}` },
      signal: AbortSignal.timeout(answersWithinMs),
    });
    answer = (await response.json()) as typeof answer;
  } catch (error) {
    return unanswered(about, `Slack cannot be asked: ${wordsOf(error)}`, 'Look whether this machine reaches Slack.');
  }
  if (answer.ok) return ok(about, 'Slack knows the app token: nothing has to reach Muster from outside.');
  const code = String(answer.error ?? 'nothing that could be understood');
  if (code === 'socket_mode_not_enabled' || code === 'not_enabled')
    return problem(about, 'It is off for this app.', 'Switch it on on the app’s page, below Socket Mode.');
  return problem(about, `The app token does not work: ${appTokenWords[code] ?? `Slack says ${code}.`}`, newToken);
}

const byHttp = (publicUrl: string): Finding =>
  publicUrl.startsWith('https://')
    ? ok('HTTP', `Slack calls ${publicUrl}; the requests are checked with the signing secret.`)
    : problem(
        'HTTP',
        `Slack calls https addresses only, and public-url is ${publicUrl}.`,
        'Set public-url to an https address that Slack reaches, or SLACK_APP_TOKEN for Socket Mode.',
      );
