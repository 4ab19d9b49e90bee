import { type Finding, ok, problem, unanswered, warning } from '../finding.js';
import type { AdapterParts, ExpectedChannel } from '../platform.js';
import { Answered, type Client, connect, Silent } from './client.js';
import { examineChannels } from './examine-channels.js';
import { addressOf } from './inbound/parts.js';
import { byHand, commandMark, trigger } from './inbound/slash-command.js';
import type { MattermostSettings } from './settings.js';

export interface ExamineParts {
  settings: MattermostSettings;
  adapter: Pick<AdapterParts, 'marks' | 'publicUrl'>;
}

/** The oldest version that was tried. */
const oldest = [5, 37] as const;

type Asking = ExamineParts & { client: Client; url: string; team: string };

/** Everything Muster needs of the server: address, token, team, rights, the command, channels. People there see nothing. */
export async function examineMattermost(parts: ExamineParts, channels: readonly ExpectedChannel[]): Promise<Finding[]> {
  const { settings } = parts;
  const client = connect(settings);
  const findings: Finding[] = [];
  try {
    findings.push(versionFinding(settings.url, await client.getClientConfig()));
    const me = await client.getMe();
    findings.push(ok('token', `${settings.url} knows it: @${me.username}.`));
    const team = await client.getTeamByName(settings.team).catch((error) => {
      if (error instanceof Answered && [403, 404].includes(error.status)) return null;
      throw error;
    });
    if (team === null)
      return [
        ...findings,
        problem(
          'team',
          `@${me.username} is in no team ${settings.team}.`,
          `Invite it: in ${settings.team}, Invite People, Add to team, @${me.username}. Or name another team in muster.yaml.`,
        ),
      ];
    const asking = { ...parts, client, url: settings.url, team: team.id };
    findings.push(
      ...(await rights(asking, me)),
      await slashCommand(asking, me.id),
      await callback(asking, me.id),
      ...(await examineChannels(asking, channels)),
    );
  } catch (error) {
    findings.push(trouble(error, settings.url));
  }
  return findings;
}

function versionFinding(url: string, { Version = '' }: { Version?: string }): Finding {
  const [major = 0, minor = 0] = Version.split('.').map(Number);
  if (!/^\d+\.\d+/.test(Version))
    return warning('server', `${url} does not say its version.`, 'See whether it is a Mattermost server.');
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return ok('server', `Mattermost ${Version}.`);
  return warning('server', `Mattermost ${Version} is older than ${oldest.join('.')}.`, 'Muster was not tried with it.');
}

function trouble(error: unknown, url: string): Finding {
  const look = 'Look at mattermost.url, and whether this machine reaches the server.';
  if (error instanceof Answered && error.status === 401)
    return problem(
      'token',
      `${url} does not know the bot’s token.`,
      'Make a new one for the bot account and set MATTERMOST_TOKEN: docs/platforms/mattermost.md.',
    );
  if (error instanceof Answered && error.id === null && error.status < 429)
    return problem('server', `What answers at ${url} is no Mattermost (${error.status}).`, look);
  if (error instanceof Answered)
    return unanswered('server', `${url} answers ${error.status}.`, 'Look again in a minute.');
  if (error instanceof Silent) return unanswered('server', `${url} does not answer: ${error.message}.`, look);
  throw error;
}

/** What Muster may do in the team, as its roles say it. */
async function rights({ client, team, settings }: Asking, me: { id: string; roles: string }): Promise<Finding[]> {
  const { roles } = await client.getTeamMember(team, me.id);
  const names = [...new Set([...me.roles.split(' '), ...roles.split(' ')])].filter(Boolean);
  const may = (await client.getRolesByNames(names)).flatMap(({ permissions }) => permissions);
  const costs: [permission: string, cost: string][] = [
    ['create_public_channel', 'public incidents have no channel'],
    ['create_private_channel', 'private incidents have no channel'],
  ];
  const missing = costs.filter(([permission]) => !may.includes(permission));
  return missing.length === 0
    ? [ok('rights', `In ${settings.team}, and may open channels.`)]
    : missing.map(([permission, cost]) =>
        problem(
          'rights',
          `The bot lacks ${permission}: ${cost}.`,
          'In the System Console, Permissions, let members do it, or make the bot a team admin.',
        ),
      );
}

async function slashCommand(parts: Asking, me: string): Promise<Finding> {
  const { settings, adapter, client, team } = parts;
  const about = 'slash command';
  const url = addressOf(parts, 'command');
  if (settings.commandToken !== null) return ok(about, `/${trigger} was registered by hand; it should lead to ${url}.`);
  try {
    const there = (await client.getCustomTeamCommands(team)).find((each) => each.trigger === trigger);
    if (!there) return ok(about, `/${trigger} is not registered yet; Muster may, and does when it starts.`);
    if (there.url === url) return ok(about, `/${trigger} leads to ${url}.`);
    return there.creator_id === me
      ? warning(about, `/${trigger} leads to ${there.url}, not to ${url}.`, 'Restart Muster: it puts that right.')
      : problem(
          about,
          `/${trigger} is somebody else’s and leads to ${there.url}.`,
          `Remove it below Integrations, Slash Commands of ${settings.team}; Muster makes its own.`,
        );
  } catch (error) {
    if (!(error instanceof Answered) || ![403, 501].includes(error.status)) throw error;
    // Registered earlier, by rights the bot has no more, it still works.
    if ((await adapter.marks.read(commandMark)) !== null) return ok(about, `/${trigger} was registered earlier.`);
    return problem(about, `Muster may not register /${trigger}.`, byHand(settings.team, url));
  }
}

/**
 * The only proof that the server reaches Muster is that it does: the bot presses a button in its own direct channel,
 * where nobody else is. Muster answers any press, and this one does nothing.
 */
async function callback(parts: Asking, me: string): Promise<Finding> {
  const { client } = parts;
  const about = 'way back';
  const url = addressOf(parts, 'action');
  const channel = await client.createDirectChannel([me, me]);
  const post = await client.createPost({
    channel_id: channel.id,
    message: 'Muster looks whether the server reaches it.',
    props: { attachments: [{ actions: [{ id: 'reach', name: 'Reach', integration: { url, context: {} } }] }] },
  } as unknown as Parameters<Client['createPost']>[0]);
  try {
    await client.doPostAction(post.id, 'reach');
    return ok(about, `The server reaches Muster at ${url}.`);
  } catch (error) {
    if (!(error instanceof Answered)) throw error;
    return problem(
      about,
      `The server does not get through to ${url}: buttons, forms and /${trigger} do nothing.`,
      'See that Muster runs, that callback-url (or public-url) is an address the server reaches, and, when that is an internal one, that it stands in AllowedUntrustedInternalConnections (System Console, Developer).',
    );
  } finally {
    await client.deletePost(post.id);
  }
}
