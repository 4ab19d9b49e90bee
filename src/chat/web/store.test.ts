import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freshPostgres } from '../../../test/fakes/postgres.js';
import type { Card } from '../../messages/card.js';
import { type ChatLocation, openDatabase, sql } from './database.js';
import { openWebChat } from './platform.js';
import { openStore, type WebStore } from './store.js';

const card = (summary: string): Card => ({ tone: 'neutral', summary, blocks: [] });
const room = { key: 'incident/i1', name: 'inc-1', title: 'Registry', purpose: '', private: false };

const locations: [string, () => Promise<ChatLocation>][] = [
  [
    'SQLite',
    async () => {
      const dir = await mkdtemp(path.join(tmpdir(), 'muster-store-'));
      onTestFinished(() => rm(dir, { recursive: true }));
      return { kind: 'sqlite', file: path.join(dir, 'chat.db') };
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const { url, stop } = await freshPostgres();
      onTestFinished(stop);
      return { kind: 'postgres', url };
    },
  ],
];

describe.each(locations)('the store of the web chat on %s', (_name, fresh) => {
  async function open(location: ChatLocation): Promise<WebStore> {
    const store = await openStore(location);
    onTestFinished(() => store.close());
    return store;
  }

  test('what was written is there after closing and opening again', async () => {
    const location = await fresh();
    const first = await openStore(location);
    const channel = await first.openChannel({ ...room, at: 1 });
    await first.post({ channel, key: 'k', author: null, card: card('kept'), pin: true, at: 2 });
    await first.close();
    const second = await open(location);
    expect((await second.messages(channel, 10)).map((message) => message.card.summary)).toEqual(['kept']);
    expect(await second.channel('ada', { name: 'inc-1' })).toMatchObject({ headline: 'kept', lastAt: 2 });
  });

  test('several processes that start at once on nothing all get the same tables', async () => {
    const location = await fresh();
    const stores = await Promise.all([open(location), open(location), open(location)]);
    const ids = await Promise.all(stores.map((store) => store.openChannel({ ...room, at: 1 })));
    expect(new Set(ids).size).toBe(1);
  });

  test('tables of a newer Muster are refused and left alone', async () => {
    const location = await fresh();
    await (await openStore(location)).close();
    const database = await openDatabase(location);
    onTestFinished(() => database.close());
    await database.write([sql('UPDATE chat.meta SET version = 99 WHERE id = 1')]);
    await expect(openStore(location)).rejects.toThrow('newer than this Muster');
  });

  test('a reader that goes on from the last number it saw misses nothing while many write', async () => {
    const location = await fresh();
    const [one, two, reader] = [await open(location), await open(location), await open(location)];
    const channel = await one.openChannel({ ...room, at: 1 });
    const total = 200;
    let writing = true;
    const seen: string[] = [];
    const reading = (async () => {
      for (let after = 0, last = false; !last; ) {
        last = !writing;
        for (const message of await reader.changes(channel, after, 50)) {
          seen.push(message.key);
          after = message.sequence;
          last = false;
        }
        await new Promise((soon) => setImmediate(soon));
      }
    })();
    const post = (store: WebStore, n: number) =>
      store.post({ channel, key: `k${n}`, author: null, card: card(`${n}`), pin: false, at: n });
    await Promise.all(Array.from({ length: total }, (_, n) => post(n % 2 === 0 ? one : two, n)));
    writing = false;
    await reading;
    expect(seen.toSorted()).toEqual(Array.from({ length: total }, (_, n) => `k${n}`).toSorted());
  });

  test('NUL in a title is taken the same way everywhere', async () => {
    const store = await open(await fresh());
    await store.openChannel({ ...room, title: 'a\0b', at: 1 });
    expect((await store.channel('ada', { key: room.key }))?.title).toBe('a\uFFFDb');
  });

  test('an answer is kept for its asker for a day', async () => {
    const store = await open(await fresh());
    const day = 24 * 60 * 60_000;
    await store.keepWhisper('ada', 'w1', card('yours'), 0);
    expect(await store.whisper('bob', 'w1')).toBeNull();
    await store.keepWhisper('bob', 'w2', card('his'), day);
    expect((await store.whisper('ada', 'w1'))?.summary).toBe('yours');
    await store.keepWhisper('bob', 'w3', card('his'), day + 1);
    expect(await store.whisper('ada', 'w1')).toBeNull();
  });
});

test('what one replica writes, readers of another learn within two seconds', async () => {
  const { url, stop } = await freshPostgres();
  onTestFinished(stop);
  const [here, there] = await Promise.all(
    [1, 2].map(() => openWebChat({ location: { kind: 'postgres', url }, now: Date.now })),
  );
  onTestFinished(async () => {
    await here!.close();
    await there!.close();
  });
  const channel = await here!.openChannel(room);
  const learned = new Promise<void>((yes) => {
    const after = there!.lastChange();
    there!.onChange(async () => (await there!.lastChange()) > (await after) && yes());
  });
  await there!.lastChange();
  await here!.post({ channel, key: 'k', card: card('news') });
  await Promise.race([learned, new Promise((_, late) => setTimeout(() => late(new Error('not learned')), 2_000))]);
});
