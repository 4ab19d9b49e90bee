import { z } from 'zod';
import { answerLater, clickButton, executeCommand, openDialog, submitDialog } from './acts.js';
import * as channels from './channels.js';
import * as commands from './commands.js';
import { changePost, createPost, deletePost, livePost, react, unreact } from './posts.js';
import {
  forbidden,
  inTeam,
  isAdmin,
  isMember,
  newId,
  type Post,
  Refused,
  shown,
  type User,
  type World,
  whisper,
} from './world.js';

/** One request, understood. */
export interface Call {
  world: World;
  userId: string;
  params: string[];
  query: URLSearchParams;
  body: unknown;
  form: FormData | null;
  /** See `createPost`. */
  hold: Promise<void> | undefined;
}
type Act = (call: Call) => unknown;
interface Route {
  name: string;
  method: string;
  path: RegExp;
  /** The same path with any words where ids belong. */
  like: RegExp;
  status: number;
  act: Act;
}

const OK = { status: 'OK' };
const ID = '([a-z0-9]{26})';
const route = (name: string, line: string, act: Act, status = 200): Route => {
  const [method = '', path = ''] = line.split(' ');
  const pattern = (id: string): RegExp =>
    new RegExp(
      `^${path.startsWith('/hooks/') ? '' : '/api/v4'}${path.replaceAll(':id', id).replaceAll(':any', '([^/]+)')}$`,
    );
  return { name, method, path: pattern(ID), like: pattern('([A-Za-z0-9]+)'), status, act };
};

const posted = z.looseObject({
  channel_id: z.string(),
  message: z.string().optional(),
  root_id: z.string().optional(),
  pending_post_id: z.string().optional(),
  is_pinned: z.boolean().optional(),
  file_ids: z.array(z.string()).optional(),
  props: z.record(z.string(), z.unknown()).optional(),
});
const patched = z.looseObject({
  id: z.string().optional(),
  message: z.string().optional(),
  is_pinned: z.boolean().optional(),
  props: z.record(z.string(), z.unknown()).optional(),
});

const profile = (user: User) => ({ ...user, auth_data: '', locale: 'en', timezone: {} });
const userBy = (world: World, found: (user: User) => boolean): User => {
  const user = [...world.users.values()].find(found);
  if (!user) throw new Refused(404, 'app.user.missing_account.const', 'Unable to find the user.');
  return user;
};
const listed = (world: World, posts: Post[]) => ({
  order: posts.toSorted((one, other) => other.create_at - one.create_at).map(({ id }) => id),
  posts: Object.fromEntries(posts.map((post) => [post.id, shown(world, post)])),
  next_post_id: '',
  prev_post_id: '',
});
const team = (world: World, id: string) => {
  const found = world.teams.get(id);
  if (!found) throw new Refused(404, 'app.team.get.find.app_error', 'Unable to find the existing team.');
  return { id: found.id, name: found.name, display_name: found.display_name, delete_at: 0 };
};
const readable = (world: World, channelId: string, userId: string): void => {
  if (!isMember(world, channelId, userId) && !isAdmin(world, userId)) throw forbidden();
};
/** A post that is gone is said to be none of yours. */
const ownPost = (world: World, id: string, userId: string): Post => {
  const post = world.posts.get(id);
  if (!post || post.delete_at > 0 || post.original_id !== '') throw forbidden();
  readable(world, post.channel_id, userId);
  if (post.user_id !== userId && !isAdmin(world, userId)) throw forbidden();
  return post;
};
const seenPost = (world: World, id: string, userId: string): Post => {
  const post = world.posts.get(id);
  if (post) {
    const channel = world.channels.get(post.channel_id);
    const open = channel?.type === 'O' && inTeam(world, channel.team_id, userId);
    if (!open && !isMember(world, post.channel_id, userId)) throw forbidden();
  }
  return livePost(world, id);
};
const me = (userId: string, given: string | undefined): string =>
  given === 'me' || given === undefined ? userId : given;

/** What its roles may of what Muster asks for. */
const PERMISSIONS: Record<string, string[]> = {
  team_user: ['create_public_channel', 'create_private_channel', 'view_team'],
  team_admin: ['manage_slash_commands', 'manage_others_slash_commands'],
  system_admin: ['manage_system'],
};

/** All that is understood; anything else is a violation. */
export const ROUTES: readonly Route[] = [
  route('ping', 'GET /system/ping', () => OK),
  route('config', 'GET /config/client', ({ world }) => world.config),
  route('roles', 'POST /roles/names', ({ body }) =>
    z
      .array(z.string())
      .parse(body)
      .map((name) => ({ name, permissions: PERMISSIONS[name] ?? [] })),
  ),
  route('me', 'GET /users/me', ({ world, userId }) => profile(userBy(world, ({ id }) => id === userId))),
  route('user', 'GET /users/:id', ({ world, params }) => profile(userBy(world, ({ id }) => id === params[0]))),
  route('userByEmail', 'GET /users/email/:any', ({ world, params }) =>
    profile(userBy(world, ({ email }) => email === decodeURIComponent(params[0] ?? '').toLowerCase())),
  ),
  route('userByName', 'GET /users/username/:any', ({ world, params }) =>
    profile(userBy(world, ({ username }) => username === decodeURIComponent(params[0] ?? '').toLowerCase())),
  ),
  route('users', 'POST /users/ids', ({ world, body }) => {
    const wanted = z.array(z.string()).parse(body);
    return [...world.users.values()].filter(({ id }) => wanted.includes(id)).map(profile);
  }),
  route('teamByName', 'GET /teams/name/:any', ({ world, userId, params }) => {
    const found = [...world.teams.values()].find(({ name }) => name === params[0]);
    if (!found) throw new Refused(404, 'app.team.get_by_name.missing.app_error', 'Unable to find the existing team.');
    if (!found.members.has(userId) && !isAdmin(world, userId)) throw forbidden();
    return team(world, found.id);
  }),
  route('team', 'GET /teams/:id', ({ world, params }) => team(world, params[0] ?? '')),
  route('myTeams', 'GET /users/me/teams', ({ world, userId }) =>
    [...world.teams.values()].filter(({ members }) => members.has(userId)).map(({ id }) => team(world, id)),
  ),
  route('teamMember', 'GET /teams/:id/members/:any', ({ world, userId, params: [teamId = '', given] }) => {
    const user = me(userId, given);
    if (!inTeam(world, teamId, userId)) throw forbidden();
    if (!inTeam(world, teamId, user)) throw new Refused(404, 'app.team.get_member.missing.app_error');
    return { team_id: teamId, user_id: user, roles: 'team_user', delete_at: 0 };
  }),
  route(
    'joinTeam',
    'POST /teams/:id/members',
    ({ world, userId, params: [teamId = ''], body }) => {
      const { user_id } = z.looseObject({ user_id: z.string() }).parse(body);
      if (!isAdmin(world, userId) && !inTeam(world, teamId, userId)) throw forbidden();
      world.teams.get(teamId)?.members.add(user_id);
      return { team_id: teamId, user_id };
    },
    201,
  ),

  route('createChannel', 'POST /channels', (call) => channels.createChannel(call), 201),
  route('direct', 'POST /channels/direct', (call) => channels.directChannel(call), 201),
  route('channelByName', 'GET /teams/:id/channels/name/:any', (call) => channels.byName(call)),
  route('channel', 'GET /channels/:id', ({ world, userId, params: [id = ''] }) =>
    channels.shownChannel(channels.seen(world, id, userId)),
  ),
  route('patchChannel', 'PUT /channels/:id/patch', (call) => channels.patchChannel(call)),
  route('archive', 'DELETE /channels/:id', (call) => channels.archive(call)),
  route('members', 'GET /channels/:id/members', ({ world, userId, params: [id = ''] }) => {
    readable(world, id, userId);
    return [...(world.channels.get(id)?.members ?? [])].map((user_id) => ({ channel_id: id, user_id }));
  }),
  route('member', 'GET /channels/:id/members/:any', ({ world, userId, params: [id = '', given] }) => {
    readable(world, id, userId);
    const user = me(userId, given);
    if (!isMember(world, id, user))
      throw new Refused(404, 'app.channel.get_member.missing.app_error', 'No channel member found.');
    return { channel_id: id, user_id: user };
  }),
  route('addMember', 'POST /channels/:id/members', (call) => channels.addMember(call), 201),
  route('removeMember', 'DELETE /channels/:id/members/:id', (call) => channels.removeMember(call)),

  route(
    'createPost',
    'POST /posts',
    async ({ world, userId, body, hold }) =>
      shown(world, await createPost(world, userId, posted.parse(body) as Partial<Post>, hold)),
    201,
  ),
  route(
    'whisper',
    'POST /posts/ephemeral',
    ({ world, userId, body }) => {
      const { user_id, post } = z.looseObject({ user_id: z.string(), post: posted }).parse(body);
      if (!isAdmin(world, userId)) throw forbidden();
      whisper(world, {
        user_id,
        channel_id: post.channel_id,
        message: post.message ?? '',
        attachments: undefined,
      });
      return post;
    },
    201,
  ),
  route('patchPost', 'PUT /posts/:id/patch', ({ world, userId, params: [id = ''], body }) => {
    const change = patched.parse(body);
    const post = ownPost(world, id, userId);
    if (world.channels.get(post.channel_id)?.delete_at)
      throw new Refused(400, 'api.post.patch_post.can_not_update_post_in_deleted.error');
    return shown(
      world,
      changePost(world, post, {
        ...(change.message !== undefined && { message: change.message }),
        ...(change.is_pinned !== undefined && { is_pinned: change.is_pinned }),
        ...(change.props && { props: change.props as Post['props'] }),
      }),
    );
  }),
  route('post', 'GET /posts/:id', ({ world, userId, params: [id = ''] }) => shown(world, seenPost(world, id, userId))),
  route('thread', 'GET /posts/:id/thread', ({ world, userId, params: [id = ''] }) => {
    const root = seenPost(world, id, userId);
    const replies = [...world.posts.values()].filter(({ root_id, delete_at }) => root_id === id && delete_at === 0);
    return listed(world, [root, ...replies]);
  }),
  route('deletePost', 'DELETE /posts/:id', ({ world, userId, params: [id = ''] }) => {
    deletePost(world, ownPost(world, id, userId));
    return OK;
  }),
  ...(['pin', 'unpin'] as const).map((verb) =>
    route(verb, `POST /posts/:id/${verb}`, ({ world, userId, params: [id = ''] }) => {
      const post = world.posts.get(id);
      if (!post || !isMember(world, post.channel_id, userId)) throw forbidden();
      changePost(world, livePost(world, id), { is_pinned: verb === 'pin' });
      return OK;
    }),
  ),
  route('posts', 'GET /channels/:id/posts', ({ world, userId, params: [id = ''], query }) => {
    readable(world, id, userId);
    const all = [...world.posts.values()].filter(({ channel_id }) => channel_id === id);
    const since = Number(query.get('since') ?? 0);
    if (since > 0) return listed(world, all.filter(({ update_at }) => update_at > since).slice(0, 1000));
    const page = Number(query.get('page') ?? 0);
    const size = Math.min(Number(query.get('per_page') ?? 60), 200);
    const live = all.filter(({ delete_at }) => delete_at === 0);
    return listed(
      world,
      live.toSorted((one, other) => other.create_at - one.create_at).slice(page * size, (page + 1) * size),
    );
  }),
  route('pinned', 'GET /channels/:id/pinned', ({ world, userId, params: [id = ''] }) => {
    readable(world, id, userId);
    const pinned = [...world.posts.values()].filter((post) => post.channel_id === id && post.is_pinned);
    return listed(
      world,
      pinned.filter(({ delete_at }) => delete_at === 0),
    );
  }),
  route('react', 'POST /reactions', ({ world, userId, body }) => {
    const given = z.looseObject({ user_id: z.string(), post_id: z.string(), emoji_name: z.string() }).parse(body);
    const post = world.posts.get(given.post_id);
    if (given.user_id !== userId) throw new Refused(403, 'api.reaction.save_reaction.user_id.app_error');
    if (!post || !isMember(world, post.channel_id, userId)) throw forbidden();
    return react(world, userId, given.post_id, given.emoji_name);
  }),
  route(
    'unreact',
    'DELETE /users/:any/posts/:id/reactions/:any',
    ({ world, userId, params: [, id = '', name = ''] }) => {
      unreact(world, userId, id, name);
      return OK;
    },
  ),
  route('reactions', 'GET /posts/:id/reactions', ({ world, params: [id = ''] }) =>
    world.reactions.filter(({ post_id }) => post_id === id),
  ),
  route(
    'upload',
    'POST /files',
    async ({ world, userId, form }) => {
      const channelId = String(form?.get('channel_id') ?? '');
      readable(world, channelId, userId);
      const infos = [];
      for (const file of form?.getAll('files') ?? []) {
        if (typeof file === 'string') continue;
        const kept = {
          id: newId(),
          name: file.name,
          text: await file.text(),
          channel_id: channelId,
          user_id: userId,
          post_id: '',
        };
        world.files.set(kept.id, kept);
        infos.push({ id: kept.id, name: kept.name, user_id: userId, size: file.size, mime_type: file.type });
      }
      return { file_infos: infos, client_ids: [] };
    },
    201,
  ),
  route('file', 'GET /files/:id/info', ({ world, params: [id = ''] }) => {
    const file = world.files.get(id);
    if (!file) throw new Refused(404, 'app.file_info.get.app_error');
    return { id, name: file.name, post_id: file.post_id, size: Buffer.byteLength(file.text) };
  }),

  route('createCommand', 'POST /commands', (call) => commands.createCommand(call), 201),
  route('commands', 'GET /commands', (call) => commands.listCommands(call)),
  route('editCommand', 'PUT /commands/:id', (call) => commands.editCommand(call)),
  route('newCommandToken', 'PUT /commands/:id/regen_token', (call) => commands.newToken(call)),
  route('deleteCommand', 'DELETE /commands/:id', (call) => commands.deleteCommand(call)),
  route('answerLater', 'POST /hooks/commands/:id', (call) => answerLater(call)),
  route('execute', 'POST /commands/execute', (call) => executeCommand(call)),
  route('click', 'POST /posts/:id/actions/:any', (call) => clickButton(call)),
  route('openDialog', 'POST /actions/dialogs/open', (call) => openDialog(call)),
  route('submitDialog', 'POST /actions/dialogs/submit', (call) => submitDialog(call)),
];
