import { Answered, type Client } from '../client.js';
import { addressOf, type InboundParts } from './parts.js';

export const trigger = 'incident';
/** Where the token of Muster's own command is kept. */
export const commandMark = 'command-token';

type Registered = Awaited<ReturnType<Client['getCustomTeamCommands']>>[number];

export interface SlashCommand {
  /** Those a command may come with. */
  tokens(): readonly string[];
  /** What is missing, and what to do; null: nothing. */
  why(): string | null;
  /** Registers the command, or finds that it is. @throws while the server cannot be asked. */
  register(teamId: string): Promise<void>;
}

/** What Muster's command is on the server; it is the same command as long as it leads here. */
const wanted = (teamId: string, url: string) => ({
  team_id: teamId,
  trigger,
  method: 'P' as const,
  url,
  username: 'muster',
  icon_url: '',
  auto_complete: true,
  auto_complete_desc: 'Declare an incident, and work on it',
  auto_complete_hint: '[declare | ack | update | help …]',
  display_name: 'Muster',
  description: 'Made by Muster, which keeps it as it is.',
});

/** What somebody does who may. */
export const byHand = (team: string, url: string): string =>
  `In Mattermost, open Integrations, Slash Commands, Add Slash Command of the team ${team}: trigger word ${trigger}, request URL ${url}, method POST. Then set MATTERMOST_COMMAND_TOKEN to the token it shows. Or make the bot a team admin, and Muster does it.`;

/** `/incident` of a team: Muster registers it where it may, and says what somebody must do where it may not. */
export function slashCommand(parts: Pick<InboundParts, 'settings' | 'adapter' | 'client'>): SlashCommand {
  const { settings, adapter, client } = parts;
  let own: string | null = null;
  let why: string | null = null;

  async function register(teamId: string): Promise<void> {
    if (settings.commandToken !== null) return;
    const url = addressOf(parts, 'command');
    own ??= await adapter.marks.read(commandMark);
    try {
      const commands = await client.getCustomTeamCommands(teamId);
      const there = commands.find((each) => each.trigger === trigger);
      const command = there ?? (await made(teamId, url));
      const right = command.url === url && command.method === 'P';
      if (!right && command.creator_id !== (await client.getMe()).id) {
        own = null;
        why = `Nobody can type /${trigger}: it is a command of somebody else on the team ${settings.team}. Remove that one below Integrations, Slash Commands, and Muster makes its own.`;
        adapter.log.warn({ leadsTo: command.url }, why);
        return;
      }
      const kept = right ? command : await client.editCommand({ ...command, ...wanted(teamId, url) } as Registered);
      if (!right) adapter.log.info({ url }, 'the slash command of Mattermost leads here now');
      await keep(kept.token || (await client.regenCommandToken(kept.id)).token);
      why = null;
    } catch (error) {
      if (!(error instanceof Answered) || ![400, 403, 404, 501].includes(error.status)) throw error;
      // Registered earlier, by rights that it has no more, it still works.
      why =
        own === null ? `Nobody can type /${trigger}: Muster may not register it. ${byHand(settings.team, url)}` : null;
      if (why !== null) adapter.log.warn({ err: error }, why);
    }
  }

  /** Another replica may make it at the same time: then that one's is taken. */
  async function made(teamId: string, url: string): Promise<Registered> {
    try {
      const command = await client.addCommand(wanted(teamId, url) as unknown as Registered);
      adapter.log.info({ url }, 'the slash command is registered on Mattermost');
      return command;
    } catch (error) {
      if (!(error instanceof Answered) || error.id !== 'api.command.duplicate_trigger.app_error') throw error;
      const there = (await client.getCustomTeamCommands(teamId)).find((each) => each.trigger === trigger);
      if (!there) throw error;
      return there;
    }
  }

  async function keep(token: string): Promise<void> {
    if (token === own) return;
    own = token;
    await adapter.marks.write(commandMark, token);
  }
  return {
    tokens: () => [settings.commandToken, own].filter((token) => token !== null),
    why: () => why,
    register,
  };
}
