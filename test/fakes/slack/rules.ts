import { perMinute } from '../../../src/chat/slack/tiers.js';
import { slackProblems } from '../../../src/chat/slack/validate.js';
import { type Ask, tokens } from './far-side.js';

type Fields = Record<string, unknown>;
export type Answer = Record<string, unknown> & { ok: boolean };

export interface Group {
  handle: string;
  users: string[];
}

/** What Slack does and the emulator does not. */
export interface Rules {
  /** Slack's own answer where the emulator would give another; null: it may answer. */
  before(method: string, args: Fields): Promise<Answer | null>;
  /** The emulator's answer, made like Slack's. */
  after(method: string, args: Fields, answer: Fields, address: string): Fields;
  /** Somebody has done something past the proxy. */
  forget(): void;
}

/** Those that need Muster to be in the channel. */
const inside = new Set([
  'bookmarks.add',
  'bookmarks.edit',
  'bookmarks.list',
  'chat.delete',
  'chat.postMessage',
  'chat.update',
  'conversations.archive',
  'conversations.history',
  'conversations.invite',
  'conversations.setPurpose',
  'conversations.setTopic',
  'files.completeUploadExternal',
  'pins.add',
]);

/** Whatever else is done may put Muster into a channel, or out of it. */
const leavesAll = /^(chat|pins|bookmarks|users|usergroups|auth)\.|\.(history|info|list|setTopic|setPurpose)$/;

interface Standing {
  member: boolean;
  private: boolean;
  archived: boolean;
}

const no = (error: string, more: Fields = {}): Answer => ({ ok: false, error, ...more });

export function slackRules(ask: Ask, groups: readonly Group[], broken: (what: string) => void): Rules {
  const known = new Map<string, Promise<Standing | null>>();
  const found = (channel: string): Promise<Standing | null> => {
    const asked = known.get(channel) ?? look(channel);
    known.set(channel, asked);
    return asked;
  };
  /** null: there is none that Muster could see. */
  async function look(channel: string): Promise<Standing | null> {
    const { channel: it } = await ask(tokens.look, 'conversations.info', { channel, mayFail: true });
    if (!it) return null;
    const { is_member, is_private, is_archived } = it as Record<string, boolean>;
    return { member: is_member === true, private: is_private === true, archived: is_archived === true };
  }

  function badMessage({ channel: _channel, ts: _ts, metadata, ...message }: Fields): Answer | null {
    const problems = slackProblems(message);
    const { event_type, event_payload } = (metadata ?? {}) as Fields;
    if (!/^[a-z0-9_]+$/.test(String(event_type)) || typeof event_payload !== 'object') problems.push('metadata');
    for (const problem of problems) broken(`a message Slack would not take: ${problem}`);
    return problems.length > 0 ? no('invalid_blocks', { response_metadata: { messages: problems } }) : null;
  }

  return {
    forget: () => known.clear(),
    async before(method, args) {
      if (!Object.hasOwn(perMinute, method)) {
        broken(`unexpected: ${method}`);
        return no('unknown_method');
      }
      if (method === 'usergroups.list')
        return { ok: true, usergroups: groups.map((group, n) => ({ id: `S${n}`, ...group, name: group.handle })) };
      if (method === 'chat.postMessage' || method === 'chat.update') {
        const bad = badMessage(args);
        if (bad) return bad;
      }
      const channel = String(args.channel ?? args.channel_id ?? '');
      if (method === 'conversations.join' && (await found(channel))?.private)
        return no('method_not_supported_for_channel_type');
      if (!inside.has(method)) return null;
      const it = await found(channel);
      if (!it) return no('channel_not_found');
      if (!it.member) return no(it.archived ? 'is_archived' : it.private ? 'channel_not_found' : 'not_in_channel');
      return it.archived && method === 'chat.update' ? no('is_inactive') : null;
    },

    after(method, args, answer, address) {
      if (!leavesAll.test(method)) known.clear();
      if (method === 'conversations.history' && Array.isArray(answer.messages)) {
        if (args.oldest !== undefined && args.latest === undefined)
          broken('a history that begins with what is closest to its oldest');
        const oldest = Number(args.oldest ?? 0);
        const messages = (answer.messages as Fields[]).filter(({ ts }) => Number(ts) > oldest);
        const more = messages.length === answer.messages.length;
        return {
          ...answer,
          messages: args.include_all_metadata === true ? messages : messages.map(({ metadata: _, ...rest }) => rest),
          ...(more ? {} : { has_more: false, response_metadata: { next_cursor: '' } }),
        };
      }
      if (typeof answer.upload_url === 'string')
        return { ...answer, upload_url: `${address}${new URL(answer.upload_url).pathname}` };
      return answer;
    },
  };
}
