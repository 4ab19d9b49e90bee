import { expect, test } from 'vitest';
import { type ChatPlatform, DeliveryError } from '../../src/chat/platform.js';
import { type Card, paragraph, text } from '../../src/messages/card.js';
import type { MattermostUnderTest } from './mattermost-under-test.js';

const saying = (words: string): Card => ({ tone: 'neutral', summary: words, blocks: [paragraph(text(words))] });
const triesAtMost = 200;

interface Counts {
  unheard: number;
  pending: number;
  found: number;
  again: number;
}

/**
 * The first try of every post is done, or begun, and nobody hears of it. Then it is tried as the job runner tries: it
 * looks for the key, and posts when there is none. Half of them meet a server that has forgotten all it had in memory;
 * of the others half are tried at once, without a look, while the first try is still at work.
 */
export function ambiguousPosts(
  name: string,
  open: () => Promise<MattermostUnderTest>,
  { channels, each }: { channels: number; each: number },
): void {
  test(`${channels * each} posts that nobody heard of are there once each: ${name}`, { timeout: 180_000 }, async () => {
    const under = await open();
    const counts: Counts = { unheard: 0, pending: 0, found: 0, again: 0 };
    const { chat, server } = under;
    const rooms: string[] = [];
    for (let index = 0; index < channels; index++)
      rooms.push(await chat.openChannel({ ...room, key: `incident/${index}`, name: `inc-${index}` }));
    const keys = Array.from({ length: each }, (_, index) => `job-${index}`);
    const half = Math.floor(channels / 2);
    const all = (some: string[], act: (channel: string, key: string) => Promise<void>) =>
      Promise.all(
        some.map(async (channel) => {
          for (const key of keys) await act(channel, key);
        }),
      );

    server.fail('resetAfter', 'createPost', { ofEveryPost: true });
    await all(rooms.slice(0, half), (channel, key) => unheard(chat, channel, key, counts));
    await server.restart();
    server.heal();
    await all(rooms.slice(0, half), (channel, key) => untilSaid(chat, channel, key, counts));

    server.fail('resetDuring', 'createPost', { ofEveryPost: true });
    await all(rooms.slice(half), async (channel, key) => {
      await unheard(chat, channel, key, counts);
      // Somebody who takes over does not know that there was a try.
      await tried(chat, channel, key, counts);
      await untilSaid(chat, channel, key, counts);
    });

    const wanted = keys.map((key) => `said ${key}`).sort();
    let there = 0;
    let twice = 0;
    for (const channel of rooms) {
      const said = (await under.messages(channel)).map((message) => message.text);
      there += said.length;
      twice += said.length - new Set(said).size;
      expect(said.toSorted()).toEqual(wanted);
    }
    process.stdout.write(
      `${name}: ${counts.unheard} posts of unknown outcome, ${there} messages, ${twice} doubled ` +
        `(${counts.found} found by key, ${counts.again} posted again, ${counts.pending} met the first try at work)\n`,
    );
    expect(counts.unheard).toBe(channels * each);
    await under.close();
  });
}

const room = { title: 'x', purpose: 'x', private: false };

async function unheard(chat: ChatPlatform, channel: string, key: string, counts: Counts): Promise<void> {
  await expect(chat.post({ channel, key, card: saying(`said ${key}`) })).rejects.toBeInstanceOf(DeliveryError);
  counts.unheard++;
}

/** Whether it is known to be there now. */
async function tried(chat: ChatPlatform, channel: string, key: string, counts: Counts): Promise<boolean> {
  try {
    await chat.post({ channel, key, card: saying(`said ${key}`) });
    counts.again++;
    return true;
  } catch (error) {
    expect(error).toMatchObject({ name: 'DeliveryError', permanent: false });
    if ((error as DeliveryError).retryAfterMs === 1_000) counts.pending++;
    return false;
  }
}

async function untilSaid(chat: ChatPlatform, channel: string, key: string, counts: Counts): Promise<void> {
  for (let attempt = 0; attempt < triesAtMost; attempt++) {
    const found = await chat.find(channel, key).catch((error: unknown) => {
      // A connection that was kept from before the restart.
      expect(error).toMatchObject({ name: 'DeliveryError', permanent: false });
      return undefined;
    });
    if (found) counts.found++;
    if (found || (found === null && (await tried(chat, channel, key, counts)))) return;
  }
  throw new Error(`${key} cannot be said`);
}
