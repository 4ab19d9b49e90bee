import { type ChatDatabase, sql } from './database.js';

/**
 * One list of statements per version; what was released is never changed. `counter` is the number of the last change:
 * every insert or edit takes the next one while it holds that row, so numbers become visible in their order and whoever
 * has seen n has seen everything below it.
 */
const versions: readonly (readonly string[])[] = [
  [
    `CREATE TABLE chat.counter (id INTEGER PRIMARY KEY, value BIGINT NOT NULL)`,
    `INSERT INTO chat.counter (id, value) VALUES (1, 0)`,
    `CREATE TABLE chat.channels (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL UNIQUE,
      title TEXT NOT NULL,
      purpose TEXT NOT NULL,
      private INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      tone TEXT NOT NULL,
      headline TEXT NOT NULL,
      last_at BIGINT NOT NULL,
      last_position BIGINT NOT NULL
    )`,
    `CREATE INDEX channels_activity ON chat.channels (last_position)`,
    `CREATE TABLE chat.members (
      channel TEXT NOT NULL REFERENCES chat.channels (id),
      person TEXT NOT NULL,
      PRIMARY KEY (channel, person)
    )`,
    `CREATE TABLE chat.messages (
      id TEXT PRIMARY KEY,
      channel TEXT NOT NULL REFERENCES chat.channels (id),
      key TEXT NOT NULL,
      author TEXT,
      author_name TEXT NOT NULL,
      card TEXT NOT NULL,
      pinned INTEGER NOT NULL,
      created_at BIGINT NOT NULL,
      edited_at BIGINT,
      revision INTEGER NOT NULL,
      position BIGINT NOT NULL,
      sequence BIGINT NOT NULL UNIQUE,
      UNIQUE (channel, key)
    )`,
    `CREATE INDEX messages_position ON chat.messages (channel, position)`,
    `CREATE INDEX messages_sequence ON chat.messages (channel, sequence)`,
    `CREATE TABLE chat.whispers (
      id TEXT NOT NULL,
      person TEXT NOT NULL,
      card TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      PRIMARY KEY (person, id)
    )`,
  ],
];

/** Brings the tables to the newest version. Throws when they were written by a newer Muster. */
export async function prepareTables(database: ChatDatabase): Promise<void> {
  await database.write([
    ...database.opening,
    sql('CREATE TABLE IF NOT EXISTS chat.meta (id INTEGER PRIMARY KEY, version INTEGER NOT NULL)'),
    sql('INSERT INTO chat.meta (id, version) VALUES (1, 0) ON CONFLICT (id) DO NOTHING'),
  ]);
  for (let version = await versionOf(database); version !== versions.length; version = await versionOf(database)) {
    const steps = versions[version];
    if (steps === undefined) {
      throw new Error(`the web chat's tables are version ${version}, newer than this Muster (${versions.length})`);
    }
    try {
      await database.write([
        sql('UPDATE chat.meta SET version = ? WHERE id = 1', version + 1),
        ...steps.map((step) => sql(step)),
      ]);
    } catch (error) {
      // Another replica that started with us may have been faster.
      if ((await versionOf(database)) === version) throw error;
    }
  }
}

async function versionOf(database: ChatDatabase): Promise<number> {
  const [row] = await database.read(sql('SELECT version FROM chat.meta WHERE id = 1'));
  return Number(row?.version);
}
