import Sqlite from 'better-sqlite3';
import { type ChannelRow, messagesFile } from './chat-files.js';
import { inserting } from './fill.js';
import type { ExportReader } from './read-export.js';

type Row = Record<string, unknown>;

/** Fills a fresh web chat with an export. */
export async function fillChat(file: string, from: ExportReader): Promise<void> {
  const chat = new Sqlite(file, { fileMustExist: true });
  try {
    const insert = inserting(chat);
    chat.exec('BEGIN');
    for (const { members, ...channel } of await from.json<(ChannelRow & { members: string[] })[]>(
      'chat/channels.json',
      [],
    )) {
      insert('channels', { ...channel });
      for (const person of members) insert('members', { channel: channel.id, person });
      for await (const { card, ...message } of from.lines<Row>(messagesFile(channel)))
        insert('messages', { ...message, card: JSON.stringify(card) });
    }
    // The number of the last change: the next one is above all that are there.
    chat.exec(`UPDATE counter SET value = max(
      (SELECT coalesce(max(sequence), 0) FROM messages), (SELECT coalesce(max(position), 0) FROM messages),
      (SELECT coalesce(max(last_position), 0) FROM channels))`);
    chat.exec('COMMIT');
  } finally {
    chat.close();
  }
}
