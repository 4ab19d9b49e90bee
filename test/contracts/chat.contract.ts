import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChatPlatform, DeliveryError, type OpenChannel } from '../../src/chat/platform.js';
import { type Card, paragraph, text } from '../../src/messages/card.js';
import { literal } from '../../src/messages/literal.js';

/** A platform, and a look at its far side as the people there have it. */
export interface ChatUnderTest {
  chat: ChatPlatform;
  channelName(channel: string): Promise<string>;
  members(channel: string): Promise<string[]>;
  /** Oldest first; `text` is what a person reads. */
  messages(channel: string): Promise<{ id: string; text: string; pinned: boolean }[]>;
  /** A person nobody there has heard of. */
  stranger: string;
  /** The platform itself makes one message of two posts under one key. Otherwise the asker must look first. */
  deduplicates: boolean;
  /** The next post is done, but its answer gets lost. Left out where nothing can get lost. */
  loseAnswerToPost?: () => void;
  close(): Promise<void>;
}

export const hostileTexts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<!channel> <!here> <@U123> @channel @here @all',
  '[click](javascript:alert(1)) *bold* _it_ `code` ~~x~~',
  '&lt;b&gt; &amp;amp; &#x27;',
  'a\u202Egnp.exe end',
];

const room = (over: Partial<OpenChannel> = {}): OpenChannel => ({
  key: 'incident/i1',
  name: 'inc-1-registry',
  title: 'Registry: pushes fail',
  purpose: 'sev1',
  private: false,
  ...over,
});
const saying = (words: string): Card => ({ tone: 'neutral', summary: words, blocks: [paragraph(text(words))] });

export function chatContract(name: string, open: () => Promise<ChatUnderTest>): void {
  describe(`chat contract: ${name}`, () => {
    let under: ChatUnderTest;
    let chat: ChatPlatform;
    beforeEach(async () => {
      under = await open();
      chat = under.chat;
    });
    afterEach(() => under.close());
    const words = async (channel: string) => (await under.messages(channel)).map((message) => message.text);

    test('a channel opened again under its key is the same channel', async () => {
      const first = await chat.openChannel(room());
      expect(await chat.openChannel(room({ title: 'another title' }))).toBe(first);
      const together = await Promise.all(
        [1, 2, 3].map(() => chat.openChannel(room({ key: 'incident/i2', name: 'inc-2' }))),
      );
      expect(new Set(together).size).toBe(1);
      expect(together[0]).not.toBe(first);
    });

    test('a name taken by another channel gets a suffix and stays within 64 characters', async () => {
      const long = `inc-${'x'.repeat(60)}`;
      const names = [];
      for (const key of ['a', 'b', 'c'])
        names.push(await under.channelName(await chat.openChannel(room({ key, name: long }))));
      expect(names[0]).toBe(long);
      expect(names[1]).toMatch(/^inc-x+-2$/);
      expect(names[2]).toMatch(/^inc-x+-3$/);
      for (const one of names) expect(one.length).toBeLessThanOrEqual(64);
    });

    test('a post is there, in order, and is found by its key in its channel only', async () => {
      const channel = await chat.openChannel(room());
      const other = await chat.openChannel(room({ key: 'other', name: 'other' }));
      const one = await chat.post({ channel, card: saying('one'), key: 'k1' });
      await chat.post({ channel, card: saying('two'), key: 'k2' });
      expect(await words(channel)).toEqual(['one', 'two']);
      expect(await chat.find(channel, 'k1')).toBe(one);
      expect(await chat.find(channel, 'k3')).toBeNull();
      expect(await chat.find(other, 'k1')).toBeNull();
    });

    test('an edit replaces the whole card and keeps its place', async () => {
      const channel = await chat.openChannel(room());
      const message = await chat.post({ channel, card: saying('before'), key: 'k1' });
      await chat.post({ channel, card: saying('later'), key: 'k2' });
      await chat.edit({ channel, message, card: saying('after'), key: 'k1' });
      expect(await words(channel)).toEqual(['after', 'later']);
      expect(await chat.find(channel, 'k1')).toBe(message);
    });

    test('an edit of a message that is gone is a permanent DeliveryError', async () => {
      const channel = await chat.openChannel(room());
      const failed = chat.edit({ channel, message: 'gone', card: saying('x'), key: 'k1' });
      await expect(failed).rejects.toBeInstanceOf(DeliveryError);
      await expect(failed).rejects.toMatchObject({ permanent: true });
    });

    test('a post to a channel that is not there is a permanent DeliveryError', async () => {
      const failed = chat.post({ channel: 'nowhere', card: saying('x'), key: 'k1' });
      await expect(failed).rejects.toBeInstanceOf(DeliveryError);
      await expect(failed).rejects.toMatchObject({ permanent: true });
    });

    test('two posts under one key are one message, or the key can be looked up first', async () => {
      const channel = await chat.openChannel(room());
      const first = await chat.post({ channel, card: saying('once'), key: 'k1' });
      if (under.deduplicates) {
        const again = await Promise.all([1, 2, 3].map(() => chat.post({ channel, card: saying('once'), key: 'k1' })));
        expect(new Set(again)).toEqual(new Set([first]));
      } else {
        expect(await chat.find(channel, 'k1')).toBe(first);
      }
      expect(await words(channel)).toEqual(['once']);
    });

    test('a pinned post is pinned and stays so when edited', async () => {
      const channel = await chat.openChannel(room());
      const message = await chat.post({ channel, card: saying('card'), key: 'k1', pin: true });
      await chat.post({ channel, card: saying('talk'), key: 'k2' });
      await chat.edit({ channel, message, card: saying('card 2'), key: 'k1' });
      const pinned = (await under.messages(channel)).filter((one) => one.pinned);
      expect(pinned.map((one) => one.text)).toEqual(['card 2']);
    });

    test('inviting somebody who is in already is a success, and unknown people are answered', async () => {
      const channel = await chat.openChannel(room({ private: true }));
      const ada = { personId: 'ada', name: 'Ada' };
      expect(await chat.invite(channel, [ada])).toEqual({ unknown: [] });
      const answer = await chat.invite(channel, [
        ada,
        { personId: under.stranger, name: '?' },
        { personId: 'bob', name: 'Bob' },
      ]);
      expect(answer).toEqual({ unknown: [under.stranger] });
      expect((await under.members(channel)).sort()).toEqual(['ada', 'bob']);
    });

    test.each(hostileTexts)('hostile text arrives literally: %j', async (words) => {
      const channel = await chat.openChannel(room({ title: words, purpose: words }));
      await chat.post({ channel, card: saying(words), key: 'k1' });
      const [message] = await under.messages(channel);
      // A platform may leave out characters that make text show other than it reads.
      expect([words, literal(words)]).toContain(message?.text);
    });

    test('the direct channel of a person is always the same and nobody else is in it', async () => {
      const ada = await chat.directChannel({ personId: 'ada', name: 'Ada' });
      expect(await chat.directChannel({ personId: 'ada', name: 'Ada L.' })).toBe(ada);
      expect(await chat.directChannel({ personId: 'bob', name: 'Bob' })).not.toBe(ada);
      expect(await under.members(ada)).toEqual(['ada']);
      await chat.post({ channel: ada, card: saying('for you'), key: 'k1' });
      expect(await words(ada)).toEqual(['for you']);
    });

    test('after an ambiguous failure the message is found by its key', async () => {
      const channel = await chat.openChannel(room());
      const post = () => chat.post({ channel, card: saying('once'), key: 'k1' });
      if (under.loseAnswerToPost === undefined) {
        await post();
      } else {
        under.loseAnswerToPost();
        await expect(post()).rejects.toMatchObject({ name: 'DeliveryError', permanent: false });
      }
      const [message] = await under.messages(channel);
      expect(await chat.find(channel, 'k1')).toBe(message?.id);
      expect(await words(channel)).toEqual(['once']);
    });

    test('what stands at the head of a channel can be said again, and is no message of it', async () => {
      const channel = await chat.openChannel(room());
      const head = {
        topic: `sev1 · investigating ${'x'.repeat(3_000)}`,
        links: [{ label: 'Incident', href: 'https://muster.example.com/incidents/1' }],
      };
      await chat.describe?.(channel, head);
      await chat.describe?.(channel, head);
      await chat.describe?.(channel, { ...head, topic: hostileTexts.join(' ') });
      expect(await words(channel)).toEqual([]);
    });

    test('a file put into a channel again under its key is the same file', async () => {
      const channel = await chat.openChannel(room());
      const put = () => chat.attach?.({ channel, key: 'f1', name: 'pm.md', title: 'Postmortem', text: '# Was\n\n✓' });
      expect(await put()).toEqual(await put());
    });

    test('a channel put away stays so, and what is posted there is a permanent DeliveryError', async () => {
      const channel = await chat.openChannel(room());
      if (!chat.archive) return;
      await chat.archive(channel);
      await chat.archive(channel);
      await expect(chat.post({ channel, card: saying('x'), key: 'k1' })).rejects.toMatchObject({ permanent: true });
    });

    test('that it can be used is proven by a call', async () => {
      await chat.probe?.();
    });
  });
}
