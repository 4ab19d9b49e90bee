import { randomBytes } from 'node:crypto';

export interface User {
  id: string;
  username: string;
  email: string;
  first_name: string;
  last_name: string;
  nickname: string;
  roles: string;
  is_bot: boolean;
  auth_service: string;
  delete_at: number;
}
export interface Team {
  id: string;
  name: string;
  display_name: string;
  members: Set<string>;
}
export interface Channel {
  id: string;
  team_id: string;
  type: 'O' | 'P' | 'D';
  name: string;
  display_name: string;
  header: string;
  purpose: string;
  creator_id: string;
  create_at: number;
  update_at: number;
  delete_at: number;
  members: Set<string>;
}
export interface Action {
  id: string;
  integration?: { url: string; context?: Record<string, unknown> };
}
export interface Post {
  id: string;
  create_at: number;
  update_at: number;
  edit_at: number;
  delete_at: number;
  is_pinned: boolean;
  user_id: string;
  channel_id: string;
  root_id: string;
  /** Of what an edit left behind: the post it was. */
  original_id: string;
  message: string;
  type: string;
  props: { attachments?: { actions?: Action[] }[]; [key: string]: unknown };
  hashtags: string;
  file_ids: string[];
  pending_post_id: string;
}
export interface Reaction {
  user_id: string;
  post_id: string;
  emoji_name: string;
  create_at: number;
}
export interface Command {
  id: string;
  token: string;
  creator_id: string;
  team_id: string;
  trigger: string;
  method: string;
  url: string;
  delete_at: number;
  [key: string]: unknown;
}

/** All that the server keeps. */
export interface World {
  now(): number;
  users: Map<string, User>;
  /** Whose they are. */
  tokens: Map<string, string>;
  teams: Map<string, Team>;
  channels: Map<string, Channel>;
  /** What edits left behind as well, in the order it came to be. */
  posts: Map<string, Post>;
  /** Posts that somebody has replied to. */
  replied: Set<string>;
  lastPostAt: number;
  reactions: Reaction[];
  files: Map<string, { id: string; name: string; text: string; channel_id: string; user_id: string; post_id: string }>;
  commands: Map<string, Command>;
  dialogs: OpenedDialog[];
  /** What only one person sees. */
  whispers: { user_id: string; channel_id: string; message: string; attachments: unknown }[];
  /** Of what is kept nowhere, a button carries what it does, sealed: here by the seal. */
  cookies: Map<string, { postId: string; channelId: string; action: Action }>;
  /** Ids of posts being made or made; empty while it is being made. */
  pending: Map<string, { postId: string; until: number }>;
  triggers: Map<string, { userId: string; until: number }>;
  /** Where answers to slash commands may follow. */
  hooks: Map<string, { userId: string; channelId: string; left: number }>;
  config: Record<string, string>;
  /** Where this server is. */
  url: string;
  tell(event: string, data: Record<string, unknown>, to: { channel?: string; user?: string }): void;
}

export interface OpenedDialog {
  userId: string;
  url: string;
  dialog: {
    callback_id?: string;
    title: string;
    introduction_text?: string;
    elements: DialogElement[];
    submit_label?: string;
    state: string;
  };
}
export interface DialogElement {
  display_name: string;
  name: string;
  type: string;
  default?: string;
  placeholder?: string;
  help_text?: string;
  optional?: boolean;
  max_length?: number;
  options?: { text: string; value: string }[];
}

const LETTERS = 'ybndrfg8ejkmcpqxot1uwisza345h769';
/** As the server makes them: 26 of these characters. */
export const newId = (): string => Array.from(randomBytes(26), (byte) => LETTERS[byte % 32]).join('');
export const isId = (value: unknown): value is string => typeof value === 'string' && /^[a-z0-9]{26}$/.test(value);

/** What the server says no with. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly id: string,
    message = id,
  ) {
    super(message);
  }
}
export const forbidden = (): Refused =>
  new Refused(403, 'api.context.permissions.app_error', 'You do not have the appropriate permissions.');

/** Time goes on between any two changes, as it does on a server. */
export const moment = (world: World, after = 0): number => Math.max(world.now(), after + 1);

/** As clients see it: where buttons lead is the server's own. */
export function shown(world: World, post: Post): Record<string, unknown> {
  const props = structuredClone(post.props);
  for (const { actions } of props.attachments ?? []) for (const action of actions ?? []) delete action.integration;
  const reactions = world.reactions.filter(({ post_id }) => post_id === post.id);
  const files = post.file_ids.map((id) => ({ id, name: world.files.get(id)?.name, post_id: post.id }));
  return {
    ...post,
    props,
    reply_count: world.replied.has(post.id)
      ? [...world.posts.values()].filter(({ root_id, delete_at }) => root_id === post.id && !delete_at).length
      : 0,
    metadata: { ...(reactions.length > 0 && { reactions }), ...(files.length > 0 && { files }) },
  };
}

export const isMember = (world: World, channelId: string, userId: string): boolean =>
  world.channels.get(channelId)?.members.has(userId) ?? false;
export const inTeam = (world: World, teamId: string, userId: string): boolean =>
  world.teams.get(teamId)?.members.has(userId) ?? false;
export const isAdmin = (world: World, userId: string): boolean =>
  (world.users.get(userId)?.roles ?? '').split(' ').includes('system_admin');

/** Shows something to one person alone. Where its buttons lead is sealed into them. */
export function whisper(world: World, said: World['whispers'][number]): void {
  world.whispers.push(said);
  const { channel_id, message } = said;
  const id = newId();
  const attachments = (structuredClone(said.attachments) ?? []) as { actions?: (Action & { cookie?: string })[] }[];
  for (const action of attachments.flatMap(({ actions }) => actions ?? [])) {
    action.id ||= newId();
    action.cookie = newId();
    world.cookies.set(action.cookie, { postId: id, channelId: channel_id, action: { ...action } });
    delete action.integration;
  }
  const post = { id, type: 'system_ephemeral', channel_id, message, props: { attachments } };
  world.tell('ephemeral_message', { post: JSON.stringify(post) }, { user: said.user_id });
}
