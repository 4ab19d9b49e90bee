/** A Slack workspace as the people there have it: who they are, what they read, what they do to a channel. */
export interface FarSide {
  /** Slack's id of somebody by name. */
  user(name: string): string;
  channel(channel: string): Promise<{ name: string; topic: string; purpose: string; archived: boolean }>;
  /** Names of who is in it, Muster not among them. */
  members(channel: string): Promise<string[]>;
  /** Oldest first, without the lines of Slack's own; `text` is what the blocks show. */
  messages(channel: string): Promise<SeenMessage[]>;
  /** The lines Slack writes by itself, such as that the topic is another. */
  notices(channel: string): Promise<string[]>;
  bookmarks(channel: string): Promise<{ title: string; link: string }[]>;
  files(channel: string): Promise<{ name: string; title: string }[]>;
  archive(channel: string): Promise<void>;
  unarchive(channel: string): Promise<void>;
  /** Muster is put out of a channel by Ada. */
  kick(channel: string): Promise<void>;
  /** A person of the workspace makes a channel of their own. */
  makeChannel(name: string): Promise<string>;
  /** Ada says something, with an app of hers perhaps. Answers with the message's id. */
  say(channel: string, text: string, more?: { metadata: Fields }): Promise<string>;
  /** Somebody takes one message away. */
  remove(channel: string, ts: string): Promise<void>;
}

export interface SeenMessage {
  id: string;
  text: string;
  pinned: boolean;
  tag: { key: string; part: number; parts: number } | null;
  edited: boolean;
}

type Fields = Record<string, unknown>;
export type Ask = (token: string, method: string, args?: Fields) => Promise<Fields>;

/** The bot's own eyes, and Ada's hands, past the proxy. */
export const tokens = { bot: 'xoxb-muster', look: 'xoxb-look', ada: 'xoxp-ada' };

export async function farSide(ask: Ask): Promise<FarSide> {
  const look = (method: string, args: Fields = {}) => ask(tokens.look, method, args);
  const { members } = (await look('users.list', { limit: 999 })) as { members: { id: string; name: string }[] };
  const nameOf = (id: string) => members.find((each) => each.id === id)?.name ?? id;
  const user = (name: string): string => {
    const found = members.find((each) => each.name === name);
    if (!found) throw new Error(`Nobody in the workspace is called ${name}.`);
    return found.id;
  };
  const said = async (channel: string) => {
    const { messages } = (await look('conversations.history', { channel, limit: 999 })) as { messages: Fields[] };
    return messages.reverse();
  };
  const asAda = async (channel: string, act: string, args: Fields = {}): Promise<Fields> => {
    const { channel: found } = (await look('conversations.info', { channel })) as { channel: { is_private: boolean } };
    if (!found.is_private) await ask(tokens.ada, 'conversations.join', { channel });
    return ask(tokens.ada, act, { channel, ...args });
  };

  return {
    user,
    async channel(channel) {
      const { channel: it } = (await look('conversations.info', { channel })) as {
        channel: { name: string; topic: { value: string }; purpose: { value: string }; is_archived: boolean };
      };
      return { name: it.name, topic: it.topic.value, purpose: it.purpose.value, archived: it.is_archived };
    },
    async members(channel) {
      const { members: ids } = (await look('conversations.members', { channel })) as { members: string[] };
      return ids.map(nameOf).filter((name) => name !== 'muster');
    },
    async messages(channel) {
      const { items } = (await look('pins.list', { channel })) as { items: { message: { ts: string } }[] };
      const pinned = new Set(items.map(({ message }) => message.ts));
      return (await said(channel)).flatMap(({ subtype, ts, blocks, metadata, edited }) =>
        subtype === undefined
          ? [
              {
                id: String(ts),
                text: shown(blocks as Fields[]),
                pinned: pinned.has(String(ts)),
                tag: (metadata as { event_payload: SeenMessage['tag'] } | undefined)?.event_payload ?? null,
                edited: edited !== undefined,
              },
            ]
          : [],
      );
    },
    notices: async (channel) =>
      (await said(channel))
        .filter(({ subtype, files }) => subtype !== undefined && !files)
        .map(({ text }) => `${text}`),
    async bookmarks(channel) {
      const { bookmarks } = await look('bookmarks.list', { channel_id: channel });
      return (bookmarks as { title: string; link: string }[]).map(({ title, link }) => ({ title, link }));
    },
    files: async (channel) =>
      (await said(channel))
        .flatMap(({ files }) => (files ?? []) as { name: string; title: string }[])
        .map(({ name, title }) => ({ name, title })),
    archive: async (channel) => void (await asAda(channel, 'conversations.archive')),
    unarchive: async (channel) => void (await ask(tokens.ada, 'conversations.unarchive', { channel })),
    kick: async (channel) => void (await asAda(channel, 'conversations.kick', { user: user('muster') })),
    async makeChannel(name) {
      const { channel } = (await ask(tokens.ada, 'conversations.create', { name })) as { channel: { id: string } };
      return channel.id;
    },
    say: async (channel, text, more) => String((await asAda(channel, 'chat.postMessage', { text, ...more })).ts),
    remove: async (channel, ts) => void (await look('chat.delete', { channel, ts })),
  };
}

/** The words of blocks, a line for each. */
export function shown(blocks: Fields[] = []): string {
  const wordsOf = (part: unknown): string => {
    if (Array.isArray(part)) return part.map(wordsOf).join('');
    if (typeof part !== 'object' || part === null) return '';
    const { type, text, fallback, user_id, channel_id, elements } = part as Fields;
    if (type === 'actions') return '';
    if (type === 'date') return String(fallback);
    if (type === 'user') return `@${user_id}`;
    if (type === 'channel') return `#${channel_id}`;
    if (type === 'rich_text_list') return (elements as unknown[]).map(wordsOf).join('\n');
    if (type === 'mrkdwn') return String(text).replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1');
    return typeof text === 'string' ? text : wordsOf(text ?? elements);
  };
  return blocks.map(wordsOf).join('\n');
}
