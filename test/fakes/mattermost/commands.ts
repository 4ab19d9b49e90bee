import { z } from 'zod';
import type { Call } from './calls.js';
import { type Command, forbidden, inTeam, isAdmin, moment, newId, Refused, type World } from './world.js';

const given = z.looseObject({
  team_id: z.string(),
  trigger: z.string(),
  method: z.enum(['P', 'G']),
  url: z.string(),
  display_name: z.string().optional(),
  description: z.string().optional(),
});

/** What `manage_slash_commands` is here: team admins have it, and the system's. */
const mayManage = (world: World, teamId: string, userId: string): boolean =>
  isAdmin(world, userId) ||
  (inTeam(world, teamId, userId) && (world.users.get(userId)?.roles ?? '').includes('team_admin'));

function checked(command: z.infer<typeof given>): void {
  const at = (what: string): Refused => new Refused(400, `model.command.is_valid.${what}.app_error`);
  if (!/^[^/ ][^ ]{0,127}$/.test(command.trigger)) throw at('trigger');
  if (!/^https?:\/\//.test(command.url) || command.url.length > 1024) throw at('url_http');
  if ((command.display_name ?? '').length > 64) throw at('display_name');
  if ((command.description ?? '').length > 128) throw at('description');
}

export function createCommand({ world, userId, body }: Call): unknown {
  const wanted = given.parse(body);
  if (!mayManage(world, wanted.team_id, userId)) throw forbidden();
  for (const other of world.commands.values())
    if (other.team_id === wanted.team_id && other.trigger === wanted.trigger.toLowerCase())
      throw new Refused(
        400,
        'api.command.duplicate_trigger.app_error',
        'This trigger word is already in use. Please choose another word.',
      );
  checked(wanted);
  const command: Command = {
    ...wanted,
    id: newId(),
    token: newId(),
    creator_id: userId,
    trigger: wanted.trigger.toLowerCase(),
    create_at: moment(world),
    delete_at: 0,
  };
  world.commands.set(command.id, command);
  return command;
}

function own({ world, userId, params: [id = ''] }: Call): Command {
  const command = world.commands.get(id);
  if (!command || !mayManage(world, command.team_id, userId))
    throw new Refused(404, 'store.sql_command.get.missing.app_error');
  if (command.creator_id !== userId && !isAdmin(world, userId)) throw forbidden();
  return command;
}

export function listCommands({ world, userId, query }: Call): unknown {
  const teamId = query.get('team_id') ?? '';
  if (!inTeam(world, teamId, userId) && !isAdmin(world, userId)) throw forbidden();
  const manages = mayManage(world, teamId, userId);
  if (query.get('custom_only') === 'true' && !manages) throw forbidden();
  return [...world.commands.values()]
    .filter(({ team_id }) => team_id === teamId)
    .filter((command) => manages || command.auto_complete === true)
    .map((command) => (manages ? command : { ...command, token: '', url: '', creator_id: '' }));
}

export function editCommand(call: Call): unknown {
  const command = own(call);
  const change = given.extend({ id: z.string() }).parse(call.body);
  if (change.id !== command.id) throw new Refused(400, 'api.context.invalid_body_param.app_error');
  checked(change);
  Object.assign(command, change, { token: command.token, creator_id: command.creator_id });
  return command;
}

export function newToken(call: Call): unknown {
  const command = own(call);
  command.token = newId();
  return { token: command.token };
}

export function deleteCommand(call: Call): unknown {
  call.world.commands.delete(own(call).id);
  return { status: 'OK' };
}
