import { randomUUID } from 'node:crypto';
import type { Card, Tone } from '../../messages/card.js';
import { maskAll } from '../../secrets/find.js';
import { inJson, recordWithout, type Words } from '../../secrets/words.js';
import type { OpenChannel } from '../platform.js';
import { type ChatDatabase, type ChatLocation, openDatabase, type Row, sql } from './database.js';
import { prepareTables } from './schema.js';

export interface Channel {
  id: string;
  /** `incident/<id>`, `named/<name>` or `person/<id>`. */
  key: string;
  /** Its address, `/c/<name>`. */
  name: string;
  title: string;
  purpose: string;
  private: boolean;
  /** Tone and summary of the pinned card; neutral and '' without one. */
  tone: Tone;
  headline: string;
  lastAt: number;
  lastPosition: number;
}

export interface Message {
  id: string;
  channel: string;
  key: string;
  /** null: Muster itself. */
  author: { personId: string; name: string } | null;
  card: Card;
  pinned: boolean;
  createdAt: number;
  editedAt: number | null;
  revision: number;
  /** Its place in the channel, for good. */
  position: number;
  /** The number of the last change to it, the same counter for all channels. */
  sequence: number;
}

interface NewMessage {
  channel: string;
  key: string;
  author: { personId: string; name: string } | null;
  card: Card;
  pin: boolean;
  at: number;
}

const whispersKeptForMs = 24 * 60 * 60_000;
const nextChange = sql('UPDATE chat.counter SET value = value + 1 WHERE id = 1');
const thisChange = '(SELECT value FROM chat.counter WHERE id = 1)';
const wasWritten = 'EXISTS (SELECT 1 FROM chat.messages WHERE id = ?)';

export type WebStore = Awaited<ReturnType<typeof openStore>>;

/** Opens the database and creates or updates its tables. Every method throws a plain error when it cannot be used. */
export async function openStore(location: ChatLocation) {
  const database = await openDatabase(location);
  try {
    await prepareTables(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeOn(database);
}

function storeOn(database: ChatDatabase) {
  const one = async (statement: Parameters<ChatDatabase['read']>[0]) => (await database.read(statement))[0];

  return {
    shared: database.shared,
    close: () => database.close(),

    /** The channel of this key, created when there is none; a name taken by another key gets `-2`, `-3`, … */
    async openChannel(request: OpenChannel & { at: number }): Promise<string> {
      for (let suffix = 1; ; suffix++) {
        const row = await one(sql('SELECT id FROM chat.channels WHERE key = ?', request.key));
        if (row !== undefined) return String(row.id);
        await database.write([
          nextChange,
          sql(
            `INSERT INTO chat.channels
              (id, key, name, title, purpose, private, created_at, tone, headline, last_at, last_position)
             VALUES (?, ?, ?, ?, ?, ?, ?, 'neutral', '', ?, 0) ON CONFLICT DO NOTHING`,
            randomUUID(),
            request.key,
            numberedName(request.name, suffix),
            storable(request.title),
            storable(request.purpose),
            request.private ? 1 : 0,
            request.at,
            request.at,
          ),
        ]);
      }
    },

    /** False: there is no such channel. */
    async addMembers(channel: string, people: readonly string[]): Promise<boolean> {
      if ((await one(sql('SELECT 1 FROM chat.channels WHERE id = ?', channel))) === undefined) return false;
      await database.write([
        nextChange,
        ...people.map((person) =>
          sql('INSERT INTO chat.members (channel, person) VALUES (?, ?) ON CONFLICT DO NOTHING', channel, person),
        ),
      ]);
      return true;
    },

    /** The message under this key: the new one, or the one that was there. null: there is no such channel. */
    async post(message: NewMessage): Promise<Message | null> {
      const id = randomUUID();
      const { channel, key, at } = message;
      await database.write([
        nextChange,
        sql(
          `INSERT INTO chat.messages
            (id, channel, key, author, author_name, card, pinned, created_at, revision, position, sequence)
           SELECT ?, c.id, ?, ?, ?, ?, ?, ?, 1, n.value, n.value
           FROM chat.channels c CROSS JOIN chat.counter n WHERE c.id = ?
           ON CONFLICT (channel, key) DO NOTHING`,
          id,
          key,
          message.author?.personId ?? null,
          storable(message.author?.name ?? ''),
          JSON.stringify(message.card),
          message.pin ? 1 : 0,
          at,
          channel,
        ),
        sql(
          `UPDATE chat.channels SET last_at = ?, last_position = ${thisChange} WHERE id = ? AND ${wasWritten}`,
          at,
          channel,
          id,
        ),
        ...(message.pin ? pinnedAlone(channel, id, message.card) : []),
      ]);
      const row = await one(sql('SELECT * FROM chat.messages WHERE channel = ? AND key = ?', channel, key));
      return row === undefined ? null : messageOf(row);
    },

    /** False: there is no such message. */
    async edit(channel: string, id: string, card: Card, at: number): Promise<boolean> {
      const [, edited] = await database.write([
        nextChange,
        sql(
          `UPDATE chat.messages SET card = ?, edited_at = ?, revision = revision + 1, sequence = ${thisChange}
           WHERE id = ? AND channel = ? RETURNING id`,
          JSON.stringify(card),
          at,
          id,
          channel,
        ),
        sql(
          `UPDATE chat.channels SET tone = ?, headline = ?
           WHERE id = ? AND EXISTS (SELECT 1 FROM chat.messages WHERE id = ? AND pinned = 1)`,
          card.tone,
          storable(card.summary),
          channel,
          id,
        ),
      ]);
      return edited?.length === 1;
    },

    async find(channel: string, key: string): Promise<string | null> {
      const row = await one(sql('SELECT id FROM chat.messages WHERE channel = ? AND key = ?', channel, key));
      return row === undefined ? null : String(row.id);
    },

    /** What this person may see: open incidents and named channels all, of the others the newest 50. */
    async channels(person: string): Promise<Channel[]> {
      const rows = await database.read(
        sql(
          `SELECT * FROM chat.channels c WHERE ${visible} AND (
             c.tone IN ('sev1', 'sev2', 'sev3') OR c.key LIKE 'named/%' OR c.id IN (
               SELECT c.id FROM chat.channels c WHERE ${visible} ORDER BY c.last_position DESC LIMIT 50))
           ORDER BY c.last_position DESC, c.created_at DESC`,
          person,
          person,
        ),
      );
      return rows.map(channelOf);
    },

    /** null: no such channel, or not for this person. */
    async channel(person: string, by: { id: string } | { name: string } | { key: string }): Promise<Channel | null> {
      const [column, value] = Object.entries(by)[0] as ['id' | 'name' | 'key', string];
      const row = await one(
        sql(`SELECT * FROM chat.channels c WHERE c.${column} = ? AND ${visible}`, storable(value), person),
      );
      return row === undefined ? null : channelOf(row);
    },

    /** The newest messages in their order, the pinned one among them wherever it is. */
    async messages(channel: string, limit: number): Promise<Message[]> {
      const rows = await database.read(
        sql(
          `SELECT * FROM chat.messages WHERE channel = ? AND (pinned = 1 OR id IN (
             SELECT id FROM chat.messages WHERE channel = ? AND pinned = 0 ORDER BY position DESC LIMIT ?))
           ORDER BY position`,
          channel,
          channel,
          limit,
        ),
      );
      return rows.map(messageOf);
    },

    /** Everything written or edited after that change, oldest change first; an edited message comes once, as it is now. */
    async changes(channel: string, after: number, limit: number): Promise<Message[]> {
      const rows = await database.read(
        sql(
          'SELECT * FROM chat.messages WHERE channel = ? AND sequence > ? ORDER BY sequence LIMIT ?',
          channel,
          after,
          limit,
        ),
      );
      return rows.map(messageOf);
    },

    /** The number of the last change anywhere. */
    async lastChange(): Promise<number> {
      return Number((await one(sql('SELECT value FROM chat.counter WHERE id = 1')))?.value);
    },

    scrub: (asked: Scrub) => scrub(database, asked),

    /** What a person said, as they typed it, and when. */
    async said(channel: string, id: string): Promise<{ personId: string; text: string; at: number } | null> {
      const row = await one(
        sql(
          'SELECT author, card, created_at FROM chat.messages WHERE id = ? AND channel = ? AND author IS NOT NULL',
          storable(id),
          channel,
        ),
      );
      return row === undefined
        ? null
        : {
            personId: String(row.author),
            text: (JSON.parse(String(row.card)) as Card).summary,
            at: Number(row.created_at),
          };
    },

    /** Keeps an answer for its asker for a day, so that a page without scripts can show it after a redirect. */
    async keepWhisper(person: string, id: string, card: Card, at: number): Promise<void> {
      await database.write([
        sql('DELETE FROM chat.whispers WHERE created_at < ?', at - whispersKeptForMs),
        sql(
          `INSERT INTO chat.whispers (id, person, card, created_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (person, id) DO UPDATE SET card = excluded.card`,
          id,
          person,
          JSON.stringify(card),
          at,
        ),
      ]);
    },

    async whisper(person: string, id: string): Promise<Card | null> {
      const row = await one(sql('SELECT card FROM chat.whispers WHERE person = ? AND id = ?', person, storable(id)));
      return row === undefined ? null : (JSON.parse(String(row.card)) as Card);
    },
  };
}

interface Scrub extends Words {
  instead: string;
  note: Card;
  /** Where words that are no secrets go; null: nowhere. */
  channel: string | null;
  at: number;
}

/** Takes words out of everything the chat keeps; what a person said that holds one becomes `note`. */
async function scrub(database: ChatDatabase, { known, words, instead, note, channel, at }: Scrub): Promise<void> {
  const there = known ? '1 = 1' : 'channel = ?';
  const only = known ? [] : [channel ?? ''];
  const messages = new Map<string, Row>();
  const whispers = new Map<string, Row>();
  for (const word of words.map(inJson)) {
    const holds = sql(
      `SELECT id, author, card FROM chat.messages WHERE replace(card, ?, '') <> card AND ${there}`,
      word,
      ...only,
    );
    for (const row of await database.read(holds)) messages.set(String(row.id), row);
    const whispered = sql(`SELECT person, id, card FROM chat.whispers WHERE replace(card, ?, '') <> card`, word);
    for (const row of await database.read(whispered)) whispers.set(`${row.person} ${row.id}`, row);
  }
  const replaced = (card: unknown): string =>
    JSON.stringify(recordWithout(JSON.parse(String(card)), { known, words }, instead));
  await database.write([
    ...[...messages.values()].flatMap(({ id, author, card }) => [
      nextChange,
      sql(
        `UPDATE chat.messages SET card = ?, edited_at = ?, revision = revision + 1, sequence = ${thisChange} WHERE id = ?`,
        author === null ? replaced(card) : JSON.stringify(note),
        at,
        String(id),
      ),
    ]),
    ...[...whispers.values()].map(({ person, id, card }) =>
      sql('UPDATE chat.whispers SET card = ? WHERE person = ? AND id = ?', replaced(card), String(person), String(id)),
    ),
    ...words.map((word) =>
      sql(
        `UPDATE chat.channels SET title = replace(title, ?, ?), purpose = replace(purpose, ?, ?), headline = replace(headline, ?, ?)
         WHERE ${there.replace('channel', 'id')}`,
        ...[word, instead, word, instead, word, instead, ...only],
      ),
    ),
  ]);
  await database.forget();
}

const visible = `(c.private = 0 OR EXISTS (SELECT 1 FROM chat.members m WHERE m.channel = c.id AND m.person = ?))`;

/** A channel has one pinned card; the one before goes back to its place, as a change of its own. */
const pinnedAlone = (channel: string, id: string, card: Card) => [
  nextChange,
  sql(
    `UPDATE chat.messages SET pinned = 0, sequence = ${thisChange}
     WHERE channel = ? AND pinned = 1 AND id <> ? AND ${wasWritten}`,
    channel,
    id,
    id,
  ),
  sql(
    `UPDATE chat.channels SET tone = ?, headline = ? WHERE id = ? AND ${wasWritten}`,
    card.tone,
    storable(card.summary),
    channel,
    id,
  ),
];

/** PostgreSQL refuses NUL in text; SQLite does not. The same answer on both. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD');

function numberedName(name: string, suffix: number): string {
  if (suffix === 1) return name;
  const end = `-${suffix}`;
  return name.slice(0, 64 - end.length) + end;
}

const channelOf = (row: Row): Channel => ({
  id: String(row.id),
  key: String(row.key),
  name: String(row.name),
  title: String(row.title),
  purpose: String(row.purpose),
  private: Number(row.private) === 1,
  tone: String(row.tone) as Tone,
  headline: String(row.headline),
  lastAt: Number(row.last_at),
  lastPosition: Number(row.last_position),
});

const messageOf = (row: Row): Message => ({
  id: String(row.id),
  channel: String(row.channel),
  key: String(row.key),
  author: row.author === null ? null : { personId: String(row.author), name: String(row.author_name) },
  // What people say is kept as they typed it and shown without secrets; what Muster says holds none.
  card: row.author === null ? (JSON.parse(String(row.card)) as Card) : maskAll(JSON.parse(String(row.card)) as Card),
  pinned: Number(row.pinned) === 1,
  createdAt: Number(row.created_at),
  editedAt: row.edited_at === null ? null : Number(row.edited_at),
  revision: Number(row.revision),
  position: Number(row.position),
  sequence: Number(row.sequence),
});
