import type Sqlite from 'better-sqlite3';
import type { ExportFolder } from './folder.js';

export interface ChatLeftOut {
  messages: number;
  /** Channels. */
  leftOut: number;
}

export interface ChannelRow {
  id: string;
  name: string;
  private: number;
}

/** The file of a channel's messages; a name that is not fit for one stands in `channels.json` all the same. */
export const messagesFile = ({ id, name }: Pick<ChannelRow, 'id' | 'name'>): string =>
  `chat/${/^[a-z0-9][a-z0-9-]{0,80}$/.test(name) ? name : `channel-${id.replace(/[^\w-]+/g, '-')}`}.jsonl`;

/** The web chat: its channels with their members, and the messages of each in their order, one per line. */
export function chatFiles(chat: Sqlite.Database, to: ExportFolder, withPrivate: boolean): ChatLeftOut {
  const all = chat.prepare('SELECT * FROM channels ORDER BY name').all() as ChannelRow[];
  const shown = all.filter((channel) => withPrivate || channel.private === 0);
  const membersOf = chat.prepare('SELECT person FROM members WHERE channel = ? ORDER BY person').pluck();
  const messagesOf = chat.prepare('SELECT * FROM messages WHERE channel = ? ORDER BY position, id');
  if (shown.length > 0)
    to.json(
      'chat/channels.json',
      shown.map((channel) => ({ ...channel, members: membersOf.all(channel.id) })),
    );
  let messages = 0;
  for (const channel of shown)
    messages += to.lines(
      messagesFile(channel),
      (function* () {
        for (const row of messagesOf.iterate(channel.id) as Iterable<{ card: string }>)
          yield { ...row, card: JSON.parse(row.card) };
      })(),
    );
  return { messages, leftOut: all.length - shown.length };
}
