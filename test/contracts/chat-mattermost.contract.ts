import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pressed } from '../../src/chat/mattermost/context.js';
import { signingKey } from '../../src/chat/mattermost/signed.js';
import { type ChatPlatform, DeliveryError } from '../../src/chat/platform.js';
import { buttons, type Card, paragraph, text } from '../../src/messages/card.js';
import type { Fault, MattermostUnderTest, PostThere } from './mattermost-under-test.js';

const room = { key: 'incident/i1', name: 'inc-1', title: 'One', purpose: 'sev1: tier 1', private: false };
const saying = (words: string): Card => ({ tone: 'neutral', summary: words, blocks: [paragraph(text(words))] });
const long = Array.from({ length: 6_000 }, (_, index) => `word${index}`).join(' ');

/** What Mattermost alone asks of an adapter; on a real server and on ours. */
export function chatMattermostContract(name: string, open: () => Promise<MattermostUnderTest>): void {
  describe(`chat: ${name}`, () => {
    let under: MattermostUnderTest;
    let chat: ChatPlatform;
    beforeEach(async () => {
      under = await open();
      chat = under.chat;
    });
    afterEach(() => under.close());
    const said = async (channel: string) => (await under.posts(channel)).map(({ message }) => message);
    const failed = async (call: Promise<unknown>): Promise<DeliveryError> => {
      const error = await call.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DeliveryError);
      return error as DeliveryError;
    };

    test('a channel whose making nobody heard of is found again, and one of somebody else is not taken for it', async () => {
      under.server.fail('resetAfter', 'createChannel');
      await expect(chat.openChannel(room)).rejects.toMatchObject({ name: 'DeliveryError', permanent: false });
      expect(under.marks.size).toBe(0);
      const channel = await under.again().openChannel(room);
      expect(await under.channelName(channel)).toBe('inc-1');
      under.marks.clear();
      expect(await under.again().openChannel(room)).toBe(channel);
      const other = await chat.openChannel({ ...room, key: 'incident/i2' });
      expect(await under.channelName(other)).toBe('inc-1-2');
      const { server } = under;
      const forged = `sev1: tier 1 (muster ${'0'.repeat(12)})`;
      for (const [type, taken] of [
        ['P', 'inc-7'],
        ['O', 'inc-8'],
      ]) {
        const channel = { team_id: server.team.id, name: taken, display_name: 'x', type, purpose: forged };
        await server.as(server.ada, 'POST', '/channels', channel);
        const opened = await chat.openChannel({ ...room, key: `incident/${taken}`, name: taken as string });
        expect(await under.channelName(opened)).toBe(`${taken}-2`);
      }
    });

    test('the channel of another server or team is not this one’s', async () => {
      const channel = await chat.openChannel(room);
      const elsewhere = under.again({ team: 'nowhere' });
      const error = await failed(elsewhere.openChannel(room));
      expect(error).toMatchObject({ permanent: false, of: 'platform' });
      expect(error.message).toContain('nowhere');
      expect(await under.again().openChannel(room)).toBe(channel);
    });

    test('a card of which some posts are missing is completed, and nothing of it is there twice', async () => {
      const channel = await chat.openChannel(room);
      under.server.fail('resetBefore', 'createPost', { skip: 1 });
      await failed(chat.post({ channel, card: saying(long), key: 'k1' }));
      expect(await under.posts(channel)).toHaveLength(1);
      const after = under.again();
      expect(await after.find(channel, 'k1')).toBeNull();
      const message = await after.post({ channel, card: saying(`${long} end`), key: 'k1' });
      const words = (await said(channel)).join(' ').match(/word\d+|end/g) ?? [];
      expect(words.join(' ')).toBe(`${long} end`);
      expect(await after.find(channel, 'k1')).toBe(message);
      const parts = await under.posts(channel);
      expect(parts.slice(1).every(({ root_id }) => root_id === message)).toBe(true);
    });

    test('a repeated post says what it should say now', async () => {
      const channel = await chat.openChannel(room);
      under.server.fail('resetAfter', 'createPost');
      await failed(chat.post({ channel, card: saying('as it was'), key: 'k1', pin: true }));
      await chat.post({ channel, card: saying('as it is'), key: 'k1', pin: true });
      expect(await said(channel)).toEqual(['as it is']);
    });

    test('a message that somebody has deleted can be posted again at once', async () => {
      const channel = await chat.openChannel(room);
      const message = await chat.post({ channel, card: saying('one'), key: 'k1' });
      await under.server.as(under.server.admin, 'DELETE', `/posts/${message}`);
      const refused = { name: 'DeliveryError', permanent: true, of: 'message' };
      await expect(chat.edit({ channel, message, card: saying('two'), key: 'k1' })).rejects.toMatchObject(refused);
      expect(await chat.find(channel, 'k1')).toBeNull();
      await chat.post({ channel, card: saying('two'), key: 'k1' });
      expect(await said(channel)).toEqual(['two']);
    });

    test('what others post under a key of ours is not ours', async () => {
      const channel = await chat.openChannel(room);
      await chat.invite(channel, [{ personId: 'ada', name: 'Ada' }]);
      const props = { muster: { key: 'k1', part: 0, of: 1, try: 'x' } };
      await under.server.as(under.server.ada, 'POST', '/posts', { channel_id: channel, message: 'forged', props });
      expect(await chat.find(channel, 'k1')).toBeNull();
      await chat.post({ channel, card: saying('ours'), key: 'k1' });
      expect(await said(channel)).toEqual(['forged', 'ours']);
    });

    test('a key is found behind hundreds of later messages', async () => {
      const channel = await chat.openChannel(room);
      const message = await chat.post({ channel, card: saying('first'), key: 'k0' });
      await under.server.fill(channel, 410);
      expect(await chat.find(channel, 'k0')).toBe(message);
      expect(await chat.find(channel, 'never')).toBeNull();
    });

    test('people are found by their address, and join the team when they must', async () => {
      const channel = await chat.openChannel({ ...room, private: true });
      const people = ['ada', 'carol', 'root-admin'].map((personId) => ({ personId, name: personId }));
      await chat.invite(channel, people);
      expect((await under.members(channel)).sort()).toEqual(['ada', 'carol', under.server.admin.id].sort());
    });

    test('who is told is mentioned, who is only named is not, and channels are links', async () => {
      const channel = await chat.openChannel(room);
      const person = (personId: string, notify: boolean) => ({
        kind: 'person' as const,
        personId,
        name: personId,
        notify,
      });
      const there = { kind: 'channel' as const, channel: { to: 'incident' as const, incidentId: 'i1' }, label: 'here' };
      const nowhere = { ...there, channel: { to: 'named' as const, name: 'triage' as const }, label: 'queue' };
      const content = [person('ada', true), text(' and '), person('bob', false), text(' '), there, text(' '), nowhere];
      await chat.post({ channel, card: { tone: 'neutral', summary: 's', blocks: [paragraph(...content)] }, key: 'k1' });
      expect((await said(channel)).map((message) => message.replaceAll('\u200b', ''))).toEqual([
        '@ada and bob ~inc-1 queue',
      ]);
    });

    test('a button carries its command, signed', async () => {
      const channel = await chat.openChannel(room);
      const button = { label: 'Take it', command: '/incident take commander', incidentId: 'i1' };
      await chat.post({ channel, card: { tone: 'sev1', summary: 's', blocks: [buttons(button)] }, key: 'k1' });
      const [post] = await under.posts(channel);
      const [attachment] = (post as PostThere).props.attachments as { actions: { id: string; name: string }[] }[];
      expect(attachment?.actions).toMatchObject([{ name: 'Take it' }]);
      expect(JSON.stringify(post)).not.toContain('take commander');
      const sent = under.sent().find(({ props }) => props.attachments);
      const [{ actions = [] } = {}] = (sent?.props.attachments ?? []) as {
        actions?: { integration: { url: string; context: object } }[];
      }[];
      const { url, context } = actions[0]?.integration ?? {};
      expect(url).toMatch(/\/chat\/mattermost\/action$/);
      expect(pressed(signingKey(under.settings.token), context, under.server.ada.id)).toMatchObject({
        command: '/incident take commander',
        incidentId: 'i1',
      });
      expect(pressed(signingKey('another'), context, under.server.ada.id)).toBeNull();
    });

    const troubles: [string, Fault, object, number][] = [
      ['429', 'limited', { permanent: false, retryAfterMs: 7_000, of: 'platform' }, 0],
      ['500', 'status', { permanent: false }, 0],
      ['a page of a proxy', 'html', { permanent: false }, 0],
      ['a reset before it was done', 'resetBefore', { permanent: false }, 0],
      ['a reset after it was done', 'resetAfter', { permanent: false }, 1],
      ['silence', 'hang', { permanent: false }, 0],
      ['silence after it was done', 'hangAfter', { permanent: false }, 1],
    ];
    test.each(troubles)('%s is passing, asked once, and doubles nothing', async (_name, fault, expected, done) => {
      const channel = await chat.openChannel(room);
      const impatient = under.again({}, { deadlineMs: fault.startsWith('hang') ? 300 : 10_000 });
      under.server.fail(fault, 'createPost');
      const before = under.requests();
      const error = await failed(impatient.post({ channel, card: saying('once'), key: 'k1' }));
      expect(error).toMatchObject(expected);
      expect(under.requests() - before).toBe(1);
      await expect.poll(() => under.posts(channel)).toHaveLength(done);
      under.server.heal();
      if ((await chat.find(channel, 'k1')) === null) await chat.post({ channel, card: saying('once'), key: 'k1' });
      expect(await said(channel)).toEqual(['once']);
    });

    test('a token that is not taken any more is trouble of the platform, and passes', async () => {
      const channel = await chat.openChannel(room);
      const locked = under.again({ token: 'not-a-token' });
      for (const call of [locked.probe?.(), locked.post({ channel, card: saying('x'), key: 'k1' })]) {
        const error = await failed(call as Promise<unknown>);
        expect(error).toMatchObject({ permanent: false, of: 'platform' });
        expect(error.message).toContain('MATTERMOST_TOKEN');
        expect(error.message).not.toContain('not-a-token');
      }
    });

    test('what does not work in a channel says what to do there', async () => {
      const channel = await chat.openChannel(room);
      const message = await chat.post({ channel, card: saying('one'), key: 'k1' });
      const { server } = under;
      const kicked = {
        name: 'DeliveryError',
        permanent: true,
        of: 'channel',
        message: expect.stringContaining('member'),
      };
      await server.as(server.admin, 'DELETE', `/channels/${channel}/members/${server.bot.id}`);
      await expect(chat.post({ channel, card: saying('x'), key: 'k2' })).rejects.toMatchObject(kicked);
      await expect(chat.edit({ channel, message, card: saying('x'), key: 'k1' })).rejects.toMatchObject(kicked);
      await expect(chat.find(channel, 'k1')).rejects.toMatchObject(kicked);
      await server.as(server.admin, 'POST', `/channels/${channel}/members`, { user_id: server.bot.id });
      await chat.edit({ channel, message, card: saying('back'), key: 'k1' });
      await server.as(server.admin, 'DELETE', `/channels/${channel}`);
      const archived = { ...kicked, message: expect.stringContaining('Unarchive') };
      await expect(chat.post({ channel, card: saying('x'), key: 'k2' })).rejects.toMatchObject(archived);
      await expect(chat.edit({ channel, message, card: saying('x'), key: 'k1' })).rejects.toMatchObject(archived);
      await expect(chat.describe?.(channel, { topic: 'x', links: [] })).rejects.toMatchObject(archived);
    });
  });
}
