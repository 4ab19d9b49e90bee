import { mattermostPlatform } from '../../src/chat/mattermost/platform.js';
import type { Post } from '../../src/chat/mattermost/post.js';
import { linesOf, markdownOf, type Read, readMarkdown } from '../../src/chat/mattermost/read.js';
import type { MattermostSettings } from '../../src/chat/mattermost/settings.js';
import type { Account, Mattermost } from '../fakes/mattermost-server.js';
import { adapterParts } from '../fakes/slack/parts.js';
import type { ChannelsUnderTest } from './chat-channels.contract.js';

/** What can go wrong with a request: see `fault-proxy.ts`. A status is 500; limited is for 7 s. */
export type Fault = 'limited' | 'status' | 'html' | 'resetBefore' | 'resetAfter' | 'resetDuring' | 'hang' | 'hangAfter';
/** `as` the routes of our server are named. */
export type Faulty = 'createPost' | 'patchPost' | 'createChannel' | 'posts';

/** A server, real or ours, and whoever makes its requests go wrong. */
export interface Reached extends Mattermost {
  as<T = unknown>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown): Promise<T>;
  /** Where Muster reaches it, when that is not the server itself. */
  through?: string;
  /** The next request of this kind, or the one after so many; or the first of every post. */
  fail(fault: Fault, call: Faulty, rule?: { skip?: number } | { ofEveryPost: true }): void;
  heal(): void;
  /** What the server kept in memory is gone. */
  restart(): Promise<void>;
  /** So many messages of the bot that are not Muster's. */
  fill(channel: string, count: number): Promise<void>;
  /** Every request Muster has made, oldest first. */
  asked(): { line: string; body: unknown }[];
}

export interface PostThere {
  id: string;
  root_id: string;
  user_id: string;
  message: string;
  type: string;
  create_at: number;
  is_pinned: boolean;
  props: Record<string, unknown>;
  file_ids?: string[];
  reply_count?: number;
}

export interface MattermostUnderTest extends ChannelsUnderTest {
  server: Reached;
  marks: Map<string, string>;
  settings: MattermostSettings;
  /** Muster after a restart: what it has noted is all it knows. */
  again(settings?: Partial<MattermostSettings>, waits?: { deadlineMs: number }): ChannelsUnderTest['chat'];
  requests(): number;
  /** Posts as they were sent. */
  sent(): Pick<PostThere, 'message' | 'props'>[];
  /** Oldest first, without what the server says by itself. */
  posts(channel: string): Promise<PostThere[]>;
}

export function mattermostUnderTest(
  server: Reached,
  { deadlineMs = 10_000, close }: { deadlineMs?: number; close?: () => Promise<void> } = {},
): MattermostUnderTest {
  const openedAt = Date.now();
  const { parts, marks } = adapterParts({ strangers: ['nobody'] });
  const settings: MattermostSettings = {
    url: server.through ?? server.url,
    token: server.bot.token,
    team: server.team.name,
    callbackUrl: null,
    commandToken: null,
    keepReactions: [],
  };
  const started: ChannelsUnderTest['chat'][] = [];
  const again: MattermostUnderTest['again'] = (more = {}, waits = { deadlineMs }) => {
    const chat = mattermostPlatform({ ...settings, ...more }, parts, waits) as ChannelsUnderTest['chat'];
    started.push(chat);
    return chat;
  };
  const people = [server.ada, server.bob, server.carol];

  async function posts(channel: string): Promise<PostThere[]> {
    const all = new Map<string, PostThere>();
    for (let page = 0; ; page++) {
      const found = await server.as<{ order: string[]; posts: Record<string, PostThere> }>(
        server.admin,
        'GET',
        `/channels/${channel}/posts?page=${page}&per_page=200`,
      );
      for (const id of found.order) all.set(id, found.posts[id] as PostThere);
      if (found.order.length < 200) break;
    }
    // A direct channel is the same for all tests of a server.
    return [...all.values()]
      .filter(({ type, create_at }) => !type.startsWith('system_') && create_at >= openedAt - 50)
      .reverse();
  }

  return {
    server,
    marks,
    settings,
    chat: again(),
    again,
    posts,
    requests: () => server.asked().length,
    sent: () =>
      server
        .asked()
        .filter(({ line }) => line.startsWith('POST /api/v4/posts'))
        .map(({ body }) => body as PostThere),
    stranger: 'stranger',
    deduplicates: true,
    channelName: async (channel) =>
      (await server.as<{ name: string }>(server.admin, 'GET', `/channels/${channel}`)).name,
    async members(channel) {
      const found = await server.as<{ user_id: string }[]>(server.admin, 'GET', `/channels/${channel}/members`);
      return found
        .filter(({ user_id }) => user_id !== server.bot.id)
        .map(({ user_id }) => people.find(({ id }) => id === user_id)?.username ?? user_id);
    },
    messages: async (channel) =>
      (await posts(channel)).map((post) => ({ id: post.id, text: asRead(post), pinned: post.is_pinned })),
    async head(channel) {
      const { header } = await server.as<{ header: string }>(server.admin, 'GET', `/channels/${channel}`);
      return { text: reading(readMarkdown(header)).replaceAll('\u200b', ''), hrefs: linesOf(header).hrefs };
    },
    async files(channel) {
      const all = [];
      for (const { file_ids, message } of await posts(channel))
        for (const id of file_ids ?? []) {
          const { name, size } = await server.as<{ name: string; size: number }>(
            server.bot,
            'GET',
            `/files/${id}/info`,
          );
          all.push({ name, bytes: size, message: reading(readMarkdown(message)) });
        }
      return all;
    },
    archived: async (channel) =>
      (await server.as<{ delete_at: number }>(server.admin, 'GET', `/channels/${channel}`)).delete_at > 0,
    loseAnswerToPost: () => server.fail('resetAfter', 'createPost'),
    async close() {
      for (const chat of started) await chat.close();
      await close?.();
    },
  };
}

const reading = (node: Read): string => node.value ?? (node.children ?? []).map(reading).join('');

/** As a person reads it: marks gone, nothing unseen. */
const asRead = (post: PostThere): string =>
  markdownOf(post as unknown as Post)
    .map((markdown) => reading(readMarkdown(markdown)))
    .join('\n')
    .replaceAll('\u200b', '');
