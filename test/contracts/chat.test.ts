import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChatPlatform, DeliveryError } from '../../src/chat/platform.js';
import { openDatabase, sql } from '../../src/chat/web/database.js';
import { openWebChat } from '../../src/chat/web/platform.js';
import { renderCard } from '../../src/chat/web/render.js';
import type { Card } from '../../src/messages/card.js';
import { parseHtml } from '../fakes/html.js';
import { freshPostgres } from '../fakes/postgres.js';
import { type Fault, type RemoteChat, startRemoteChat } from '../fakes/remote-chat.js';
import { remoteChatPlatform } from '../fakes/remote-chat-platform.js';
import { type ChatUnderTest, chatContract } from './chat.contract.js';

const stranger = 'stranger';
const knows = (personId: string) => personId !== stranger;
const asRead = (card: Card) =>
  parseHtml(renderCard(card, { personId: 'ada', now: 0, newId: () => 'id', channel: null }).toString()).text;

async function web(
  location: Parameters<typeof openWebChat>[0]['location'],
  remove: () => Promise<void>,
): Promise<ChatUnderTest> {
  const chat = await openWebChat({ location, now: Date.now, knows });
  const farSide = await openDatabase(location);
  return {
    chat,
    stranger,
    deduplicates: true,
    async channelName(channel) {
      const [row] = await farSide.read(sql('SELECT name FROM chat.channels WHERE id = ?', channel));
      return String(row?.name);
    },
    async members(channel) {
      const rows = await farSide.read(sql('SELECT person FROM chat.members WHERE channel = ?', channel));
      return rows.map((row) => String(row.person));
    },
    async messages(channel) {
      const messages = await chat.messages(channel, 100);
      return messages.map(({ id, card, pinned }) => ({ id, pinned, text: asRead(card) }));
    },
    async close() {
      await chat.close();
      await farSide.close();
      await remove();
    },
  };
}

chatContract('web on SQLite', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'muster-chat-'));
  return web({ kind: 'sqlite', file: path.join(dir, 'data', 'chat.db') }, () => rm(dir, { recursive: true }));
});

chatContract('web on PostgreSQL', async () => {
  const { url, stop } = await freshPostgres();
  return web({ kind: 'postgres', url }, stop);
});

const deadlineMs = 300;
async function remote(deduplicates: boolean): Promise<ChatUnderTest & { server: RemoteChat }> {
  const server = await startRemoteChat({ knows, deduplicates });
  const there = (channel: string) => server.channels.get(channel) ?? { name: '', members: [], messages: [] };
  const chat = remoteChatPlatform({ url: server.url, deadlineMs });
  return {
    server,
    chat,
    stranger,
    deduplicates,
    channelName: async (channel) => there(channel).name,
    members: async (channel) => [...there(channel).members],
    messages: async (channel) => there(channel).messages.map((message) => ({ ...message, text: message.card.summary })),
    loseAnswerToPost: () => server.fail({ kind: 'resetAfter' }, { only: 'post' }),
    async close() {
      await chat.close();
      await server.close();
      expect(server.violations).toEqual([]);
    },
  };
}

chatContract('remote', () => remote(false));
chatContract('remote that knows keys', () => remote(true));

describe('a remote chat in trouble', () => {
  let under: ChatUnderTest & { server: RemoteChat };
  let channel: string;
  let post: () => ReturnType<ChatPlatform['post']>;
  beforeEach(async () => {
    under = await remote(false);
    channel = await under.chat.openChannel({ key: 'k', name: 'n', title: '', purpose: '', private: false });
    post = () => under.chat.post({ channel, key: 'k1', card: { tone: 'neutral', summary: 's', blocks: [] } });
  });
  afterEach(() => under.close());

  const troubles: [string, Fault, number | undefined, number][] = [
    ['429 with Retry-After', { kind: 'status', status: 429, retryAfterSeconds: 7 }, 7_000, 0],
    ['429 without', { kind: 'status', status: 429 }, undefined, 0],
    ['500', { kind: 'status', status: 500 }, undefined, 0],
    ['503 with Retry-After', { kind: 'status', status: 503, retryAfterSeconds: 2 }, 2_000, 0],
    ['no answer within the deadline', { kind: 'hang' }, undefined, 0],
    ['a reset before it was done', { kind: 'resetBefore' }, undefined, 0],
    ['a reset after it was done', { kind: 'resetAfter' }, undefined, 1],
  ];
  test.each(troubles)('%s is a passing DeliveryError', async (_name, fault, retryAfterMs, done) => {
    under.server.fail(fault);
    const startedAt = Date.now();
    const error = await post().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ permanent: false, retryAfterMs });
    expect(Date.now() - startedAt).toBeLessThan(deadlineMs + 1_000);
    expect(await under.messages(channel)).toHaveLength(done);
    expect(under.server.requests.filter(({ call }) => call === 'post')).toHaveLength(1);
  });

  test('requests inside Retry-After are seen', async () => {
    under.server.fail({ kind: 'status', status: 429, retryAfterSeconds: 60 });
    await expect(post()).rejects.toThrow('429');
    await post();
    expect(under.server.requests.map(({ call, early }) => [call, early])).toEqual([
      ['open', false],
      ['post', false],
      ['post', true],
    ]);
  });

  test('a request it does not know is a violation', async () => {
    expect((await fetch(`${under.server.url}/channels/${channel}/members`, { method: 'DELETE' })).status).toBe(500);
    expect((await fetch(`${under.server.url}/channels`, { method: 'POST', body: '{"key":1}' })).status).toBe(500);
    expect(under.server.violations.splice(0)).toHaveLength(2);
  });
});
