import { z } from 'zod';
import type { Call } from './calls.js';
import {
  type Channel,
  forbidden,
  inTeam,
  isAdmin,
  isId,
  isMember,
  moment,
  newId,
  Refused,
  type World,
} from './world.js';

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}[a-z0-9]$/;

export const shownChannel = ({ members: _, ...channel }: Channel): Omit<Channel, 'members'> => channel;

export function seen(world: World, id: string, userId: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new Refused(404, 'app.channel.get.existing.app_error', 'Unable to find the existing channel.');
  const open = channel.type === 'O' && inTeam(world, channel.team_id, userId);
  if (!open && !channel.members.has(userId) && !isAdmin(world, userId)) throw forbidden();
  return channel;
}

function checked(channel: Pick<Channel, 'name' | 'display_name' | 'header' | 'purpose' | 'type'>): void {
  const at = (what: string): Refused => new Refused(400, `model.channel.is_valid.${what}.app_error`);
  if ([...channel.display_name].length > 64) throw at('display_name');
  if (channel.type !== 'D' && !NAME.test(channel.name)) throw at('2_or_more');
  if ([...channel.header].length > 1024) throw at('header');
  if ([...channel.purpose].length > 250) throw at('purpose');
}

export function createChannel({ world, userId, body }: Call): unknown {
  const given = z
    .looseObject({
      team_id: z.string(),
      name: z.string(),
      display_name: z.string(),
      type: z.enum(['O', 'P']),
      purpose: z.string().optional(),
      header: z.string().optional(),
    })
    .parse(body);
  if (!inTeam(world, given.team_id, userId)) throw forbidden();
  const at = moment(world);
  const channel: Channel = {
    id: newId(),
    team_id: given.team_id,
    type: given.type,
    name: given.name,
    display_name: given.display_name.trim(),
    header: given.header ?? '',
    purpose: given.purpose ?? '',
    creator_id: userId,
    create_at: at,
    update_at: at,
    delete_at: 0,
    members: new Set([userId]),
  };
  checked(channel);
  for (const other of world.channels.values())
    if (other.team_id === channel.team_id && other.name === channel.name)
      throw new Refused(
        400,
        'store.sql_channel.save_channel.exists.app_error',
        'A channel with that name already exists on the same team.',
      );
  world.channels.set(channel.id, channel);
  return shownChannel(channel);
}

export function directChannel({ world, userId, body }: Call): unknown {
  const pair = z.array(z.string()).length(2).parse(body);
  if (!pair.includes(userId)) throw forbidden();
  for (const id of pair)
    if (!world.users.has(id)) throw new Refused(400, 'api.channel.create_direct_channel.invalid_user.app_error');
  const name = pair.toSorted().join('__');
  const known = [...world.channels.values()].find((channel) => channel.type === 'D' && channel.name === name);
  if (known) return shownChannel(known);
  const at = moment(world);
  const channel: Channel = {
    id: newId(),
    team_id: '',
    type: 'D',
    name,
    display_name: '',
    header: '',
    purpose: '',
    creator_id: userId,
    create_at: at,
    update_at: at,
    delete_at: 0,
    members: new Set(pair),
  };
  world.channels.set(channel.id, channel);
  return shownChannel(channel);
}

export function byName({ world, userId, params: [teamId = '', name = ''], query }: Call): unknown {
  const found = [...world.channels.values()].find(
    (channel) =>
      channel.team_id === teamId &&
      channel.name === name &&
      (channel.delete_at === 0 || query.get('include_deleted') === 'true'),
  );
  const missing = new Refused(404, 'app.channel.get_by_name.missing.app_error', 'Channel does not exist.');
  if (!found) throw missing;
  if (found.type === 'O' ? !inTeam(world, teamId, userId) : !found.members.has(userId))
    throw found.type === 'O' ? forbidden() : missing;
  return shownChannel(found);
}

export function patchChannel({ world, userId, params: [id = ''], body }: Call): unknown {
  const change = z
    .looseObject({ header: z.string().optional(), purpose: z.string().optional(), display_name: z.string().optional() })
    .parse(body);
  const channel = world.channels.get(id);
  if (!channel) throw new Refused(404, 'app.channel.get.existing.app_error');
  if (!channel.members.has(userId)) throw forbidden();
  if (channel.delete_at > 0) throw new Refused(400, 'app.channel.update.bad_id');
  const next = {
    ...channel,
    header: change.header ?? channel.header,
    purpose: change.purpose ?? channel.purpose,
    display_name: change.display_name ?? channel.display_name,
  };
  checked(next);
  Object.assign(channel, next, { update_at: moment(world, channel.update_at) });
  return shownChannel(channel);
}

export function archive({ world, userId, params: [id = ''] }: Call): unknown {
  const channel = world.channels.get(id);
  if (!channel) throw new Refused(404, 'app.channel.get.existing.app_error');
  if (!channel.members.has(userId) && !isAdmin(world, userId)) throw forbidden();
  if (channel.type === 'D') throw new Refused(400, 'api.channel.delete_channel.type.invalid');
  if (channel.delete_at > 0) throw new Refused(400, 'api.channel.delete_channel.deleted.app_error');
  channel.delete_at = channel.update_at = moment(world);
  return { status: 'OK' };
}

export function addMember({ world, userId, params: [id = ''], body }: Call): unknown {
  const { user_id } = z.looseObject({ user_id: z.string() }).parse(body);
  if (!isId(user_id)) throw new Refused(400, 'api.context.invalid_body_param.app_error');
  const channel = world.channels.get(id);
  if (!channel) throw new Refused(404, 'app.channel.get.existing.app_error');
  if (channel.type === 'D') throw new Refused(400, 'api.channel.add_user_to_channel.type.app_error');
  const selfJoin = user_id === userId && channel.type === 'O';
  if (!channel.members.has(userId) && !selfJoin && !isAdmin(world, userId)) throw forbidden();
  const member = { channel_id: id, user_id, roles: 'channel_user' };
  if (isMember(world, id, user_id)) return member;
  if (!world.users.has(user_id)) throw new Refused(404, 'app.user.missing_account.const');
  if (!inTeam(world, channel.team_id, user_id)) throw new Refused(404, 'app.team.get_member.missing.app_error');
  channel.members.add(user_id);
  world.tell('user_added', { user_id, team_id: channel.team_id }, { channel: id });
  return member;
}

export function removeMember({ world, userId, params: [id = '', gone = ''] }: Call): unknown {
  const channel = world.channels.get(id);
  if (!channel) throw new Refused(404, 'app.channel.get.existing.app_error');
  if (!channel.members.has(userId) && !isAdmin(world, userId)) throw forbidden();
  channel.members.delete(gone);
  world.tell('user_removed', { channel_id: id, remover_id: userId }, { user: gone });
  return { status: 'OK' };
}
