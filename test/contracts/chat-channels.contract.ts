import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { type Card, paragraph, text } from '../../src/messages/card.js';
import { type ChatUnderTest, hostileTexts } from './chat.contract.js';

/** The far side of a platform whose channels have a head, hold files and can be put away. */
export interface ChannelsUnderTest extends ChatUnderTest {
  chat: ChatPlatform & Required<Pick<ChatPlatform, 'describe' | 'attach' | 'archive' | 'probe'>>;
  /** What stands at the head of a channel, as a person reads it, and where its links lead. */
  head(channel: string): Promise<{ text: string; hrefs: string[] }>;
  files(channel: string): Promise<{ name: string; bytes: number; message: string }[]>;
  archived(channel: string): Promise<boolean>;
}

const room = { key: 'incident/i1', name: 'inc-1', title: 'One', purpose: 'sev1', private: false };
const saying = (words: string): Card => ({ tone: 'neutral', summary: words, blocks: [paragraph(text(words))] });
const links = [
  { label: 'The call', href: 'https://meet.example.com/42' },
  { label: 'Incident', href: 'https://muster.example.com/incidents/1' },
];
/** More than any platform takes in one message. */
const long = Array.from({ length: 4_000 }, (_, index) => `word${index}`).join(' ');

export function chatChannelsContract(name: string, open: () => Promise<ChannelsUnderTest>): void {
  describe(`chat channels contract: ${name}`, () => {
    let under: ChannelsUnderTest;
    let chat: ChannelsUnderTest['chat'];
    let channel: string;
    beforeEach(async () => {
      under = await open();
      chat = under.chat;
      channel = await chat.openChannel(room);
    });
    afterEach(() => under.close());

    test('the head of a channel says how things stand, and leads where it should', async () => {
      await chat.describe(channel, { topic: 'sev1 · investigating', links });
      const head = await under.head(channel);
      expect(head.text).toContain('sev1 · investigating');
      expect(head.hrefs).toEqual(links.map(({ href }) => href));
      await chat.describe(channel, { topic: 'sev2 · monitoring', links });
      expect((await under.head(channel)).text).toContain('sev2 · monitoring');
      await chat.describe(channel, { topic: 'sev2 · monitoring', links });
      expect(await under.messages(channel)).toEqual([]);
    });

    test('what stands at the head is literal, and long text is shortened', async () => {
      const hostile = hostileTexts.slice(0, 4).join(' ');
      await chat.describe(channel, { topic: hostile, links });
      const head = await under.head(channel);
      expect(head.hrefs).toEqual(links.map(({ href }) => href));
      expect(head.text).toContain('<script>alert(1)</script>');
      await chat.describe(channel, { topic: `start ${'[x](y) & '.repeat(500)}`, links });
      expect((await under.head(channel)).text).toContain('start [x](y) & [x](y)');
      expect((await under.head(channel)).hrefs).toEqual(links.map(({ href }) => href));
    });

    test('a file is there once, and found by its key', async () => {
      const file = {
        channel,
        key: 'postmortem/i1',
        name: 'inc-1.md',
        title: 'Postmortem *draft*',
        text: `# Über\n${long}`,
      };
      const message = await chat.attach(file);
      expect(await chat.find(channel, file.key)).toBe(message);
      expect(await chat.attach(file)).toBe(message);
      const files = await under.files(channel);
      expect(files.map(({ name }) => name)).toEqual(['inc-1.md']);
      expect(files[0]?.bytes).toBe(Buffer.byteLength(file.text));
      expect(files[0]?.message).toContain('Postmortem *draft*');
    });

    test('a channel that is put away stays so, can be read, and takes nothing more', async () => {
      const message = await chat.post({ channel, card: saying('before'), key: 'k1' });
      await chat.archive(channel);
      await chat.archive(channel);
      expect(await under.archived(channel)).toBe(true);
      expect((await under.messages(channel)).map(({ text }) => text)).toEqual(['before']);
      const refused = { name: 'DeliveryError', permanent: true, of: 'channel' };
      await expect(chat.post({ channel, card: saying('after'), key: 'k2' })).rejects.toMatchObject(refused);
      await expect(chat.edit({ channel, message, card: saying('x'), key: 'k1' })).rejects.toMatchObject(refused);
    });

    test('the name of a channel that was put away is not had again', async () => {
      await chat.archive(channel);
      const next = await chat.openChannel({ ...room, key: 'incident/i2' });
      expect(await under.channelName(next)).toBe('inc-1-2');
    });

    test('a platform that can be used is one', async () => {
      await expect(chat.probe()).resolves.toBeUndefined();
    });

    test('a card of several messages is all there, in order, and can become shorter and longer', async () => {
      const said = async () =>
        (await under.messages(channel)).flatMap(({ text }) => text.match(/word\d+/g) ?? []).join(' ');
      const message = await chat.post({ channel, card: saying(long), key: 'k1', pin: true });
      expect((await under.messages(channel)).length).toBeGreaterThan(1);
      expect(await said()).toBe(long);
      expect(await chat.find(channel, 'k1')).toBe(message);
      await chat.edit({ channel, message, card: saying('word1 word2'), key: 'k1' });
      expect((await under.messages(channel)).map(({ text }) => text)).toEqual(['word1 word2']);
      await chat.post({ channel, card: saying('talk'), key: 'k2' });
      await chat.edit({ channel, message, card: saying(long), key: 'k1' });
      expect(await said()).toBe(long);
      expect(await chat.find(channel, 'k1')).toBe(message);
    });
  });
}
