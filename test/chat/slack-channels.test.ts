import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { perMinute } from '../../src/chat/slack/tiers.js';
import { usedMethods } from '../../src/chat/slack/uses.js';
import type { Card } from '../../src/messages/card.js';
import { type SlackUnderTest, slackUnderTest } from '../fakes/slack/under-test.js';
import type { SlackWorkspace } from '../fakes/slack/workspace.js';

const room = { key: 'incident/i1', name: 'inc-1', title: 'Registry', purpose: 'sev1', private: false };
const ada = { personId: 'ada', name: 'Ada' };
const bob = { personId: 'bob', name: 'Bob' };
let under: SlackUnderTest;
let slack: SlackWorkspace;
let chat: ChatPlatform;
async function begin(options: Parameters<typeof slackUnderTest>[0] = {}) {
  under = await slackUnderTest(options);
  ({ slack, chat } = under);
}
afterEach(() => under.close());
const asked = (method: string) => slack.requests.filter((request) => request.method === method);

describe('a channel on Slack', () => {
  beforeEach(() => begin());

  it('of which nobody knows whether it was opened is found again', async () => {
    slack.fail({ kind: 'resetAfter' }, { method: 'conversations.create' });
    await expect(chat.openChannel(room)).rejects.toMatchObject({ permanent: false });
    const channel = await under.again().openChannel(room);
    expect(await under.channelName(channel)).toBe('inc-1');
    expect((await slack.channel(channel)).purpose).toBe('Registry · sev1');
    expect(await under.again().openChannel(room)).toBe(channel);
  });

  it('is not taken from others, however it is named', async () => {
    await slack.makeChannel('inc-1');
    slack.fail({ kind: 'resetBefore' }, { method: 'conversations.create' });
    await expect(chat.openChannel(room)).rejects.toMatchObject({ permanent: false });
    expect(await under.channelName(await chat.openChannel(room))).toBe('inc-1-2');
    slack.fail({ kind: 'resetBefore' }, { method: 'conversations.create' });
    const second = { ...room, key: 'incident/i2', name: 'inc-1-2' };
    await expect(chat.openChannel(second)).rejects.toMatchObject({ permanent: false });
    expect(await under.channelName(await chat.openChannel(second))).toBe('inc-1-2-2');
  });

  it('gets its purpose with the next try when it did not work at first', async () => {
    slack.fail({ kind: 'status', status: 500 }, { method: 'conversations.setPurpose' });
    await expect(chat.openChannel(room)).rejects.toMatchObject({ permanent: false });
    const channel = await chat.openChannel(room);
    expect((await slack.channel(channel)).purpose).toBe('Registry · sev1');
    await under.again().openChannel(room);
    expect(asked('conversations.create')).toHaveLength(1);
    expect(asked('conversations.setPurpose')).toHaveLength(2);
  });

  it('that cannot be opened for want of a scope holds up no other', async () => {
    slack.fail(
      { kind: 'refused', error: 'missing_scope', more: { needed: 'groups:write' } },
      { method: 'conversations.create' },
    );
    await expect(chat.openChannel({ ...room, private: true })).rejects.toMatchObject({
      permanent: false,
      of: 'channel',
      retryAfterMs: 60_000,
      message: expect.stringMatching(/groups:write/),
    });
  });

  it('says at its head how things stand, once', async () => {
    const channel = await chat.openChannel(room);
    const head = { topic: 'sev1 · <!channel> & @here', links: [{ label: 'Incident', href: 'https://m.example/1' }] };
    const lines = (await slack.notices(channel)).length;
    await chat.describe?.(channel, head);
    const requests = slack.requests.length;
    await chat.describe?.(channel, head);
    expect(slack.requests).toHaveLength(requests);
    await under.again().describe?.(channel, head);
    expect((await slack.notices(channel)).length).toBe(lines + 1);
    expect((await slack.channel(channel)).topic).toBe('sev1 · ‹!channel› & @\u2060here');
    await chat.describe?.(channel, { ...head, links: [{ label: 'Incident', href: 'https://m.example/2' }] });
    expect((await slack.notices(channel)).length).toBe(lines + 1);
    expect(await slack.bookmarks(channel)).toEqual([{ title: 'Incident', link: 'https://m.example/2' }]);
  });

  it('has at its head what was said last, whichever replica said it', async () => {
    const channel = await chat.openChannel(room);
    const other = under.again();
    for (const [muster, topic] of [
      [chat, 'sev1'],
      [other, 'sev2'],
      [chat, 'sev1'],
    ] as const)
      await muster.describe?.(channel, { topic, links: [] });
    expect((await slack.channel(channel)).topic).toBe('sev1');
  });

  it.each(['no_permission', 'access_denied'])('that denies Muster something (%s) holds up no other', async (error) => {
    const channel = await chat.openChannel(room);
    slack.fail({ kind: 'refused', error }, { method: 'chat.postMessage' });
    const card: Card = { tone: 'neutral', summary: 's', blocks: [] };
    await expect(chat.post({ channel, card, key: 'k1' })).rejects.toMatchObject({
      permanent: false,
      of: 'channel',
      retryAfterMs: 60_000,
    });
    slack.fail({ kind: 'refused', error }, { method: 'pins.add' });
    await chat.post({ channel, card, key: 'k2', pin: true });
  });

  it('is opened without its purpose when only that is refused', async () => {
    slack.fail({ kind: 'refused', error: 'restricted_action' }, { method: 'conversations.setPurpose' });
    const channel = await chat.openChannel(room);
    await chat.post({ channel, key: 'k1', card: { tone: 'neutral', summary: 's', blocks: [] } });
  });

  it('that Slack lets nobody open is one Muster can do without', async () => {
    slack.fail({ kind: 'refused', error: 'restricted_action' }, { method: 'conversations.create' });
    await expect(chat.openChannel(room)).rejects.toMatchObject({ permanent: true, of: 'channel' });
  });

  it.each([
    ['bookmarks.list', 'sev1', []],
    ['conversations.setTopic', '', ['Incident']],
  ])('has the rest of its head when %s is refused', async (method, topic, titles) => {
    const channel = await chat.openChannel(room);
    slack.fail({ kind: 'refused', error: 'missing_scope', more: { needed: 'this:one' } }, { method });
    const head = { topic: 'sev1', links: [{ label: 'Incident', href: 'https://m.example/1' }] };
    await expect(chat.describe?.(channel, head)).rejects.toMatchObject({ permanent: true, of: 'message' });
    expect((await slack.channel(channel)).topic).toBe(topic);
    expect((await slack.bookmarks(channel)).map(({ title }) => title)).toEqual(titles);
    await chat.describe?.(channel, head);
    expect((await slack.channel(channel)).topic).toBe('sev1');
    expect(await slack.bookmarks(channel)).toHaveLength(1);
  });

  it.each(['resetBefore', 'resetAfter'] as const)('has a file once when its answer was lost (%s)', async (kind) => {
    const channel = await chat.openChannel(room);
    const put = (muster: ChatPlatform, key: string) =>
      muster.attach?.({ channel, key, name: 'pm.md', title: 'Postmortem', text: '# Was\n' });
    for (const method of ['files.getUploadURLExternal', 'upload', 'files.completeUploadExternal']) {
      slack.fail({ kind }, { method });
      await expect(put(chat, method)).rejects.toMatchObject({ permanent: false });
      const file = await put(under.again(), method);
      expect(await put(chat, method)).toBe(file);
    }
    expect(await slack.files(channel)).toEqual(Array(3).fill({ name: 'pm.md', title: 'Postmortem' }));
  });

  it('is linked to in a card, the one that goes on after it was put away', async () => {
    const card: Card = {
      tone: 'neutral',
      summary: 's',
      blocks: [
        {
          kind: 'paragraph',
          content: [
            { kind: 'person', ...ada, notify: true },
            { kind: 'channel', channel: { to: 'incident', incidentId: 'i1' }, label: 'the channel' },
            { kind: 'person', personId: 'stranger', name: 'A stranger', notify: true },
          ],
        },
      ],
    };
    const first = await chat.openChannel(room);
    await chat.post({ channel: first, card, key: 'k1' });
    const second = await chat.openChannel({ ...room, key: 'incident/i1/7' });
    await chat.post({ channel: second, card, key: 'k2' });
    const words = async (channel: string) => (await slack.messages(channel))[0]?.text;
    expect(await words(first)).toBe(`@${slack.user('ada')}#${first}A stranger`);
    expect(await words(second)).toBe(`@${slack.user('ada')}#${second}A stranger`);
  });
});

describe('people on Slack', () => {
  it('are found by their address once, and who is not found is not looked for at every turn', async () => {
    await begin();
    const channel = await chat.openChannel(room);
    const stranger = { personId: 'stranger', name: 'S' };
    for (let n = 0; n < 3; n++) expect(await chat.invite(channel, [ada, stranger])).toEqual({ unknown: ['stranger'] });
    expect(under.known.get('ada')).toBe(slack.user('ada'));
    expect(asked('users.lookupByEmail')).toHaveLength(2);
    under.pace.pass(11 * 60_000);
    await chat.invite(channel, [stranger]);
    expect(asked('users.lookupByEmail')).toHaveLength(3);
  });

  it('who are not found in time are called by their names, and the message is there', async () => {
    await begin();
    const patient = under.again(120_000);
    const channel = await chat.openChannel(room);
    slack.fail({ kind: 'hang' }, { method: 'users.lookupByEmail' });
    const content = [{ kind: 'person' as const, ...ada, notify: true }];
    const card: Card = { tone: 'neutral', summary: 's', blocks: [{ kind: 'paragraph', content }] };
    await patient.post({ channel, card, key: 'k1' });
    await chat.post({ channel, card, key: 'k2' });
    const words = (await slack.messages(channel)).map(({ text }) => text);
    await patient.close();
    expect(words).toEqual(['Ada', `@${slack.user('ada')}`]);
  });

  it('whom Slack will not have are answered, and the others are in', async () => {
    await begin();
    const channel = await chat.openChannel(room);
    const error = { user: slack.user('ada'), ok: false, error: 'user_is_restricted' };
    slack.fail(
      { kind: 'refused', error: 'user_is_restricted', more: { errors: [error] } },
      { method: 'conversations.invite' },
    );
    expect(await chat.invite(channel, [ada, bob])).toEqual({ unknown: ['ada'] });
    expect(await slack.members(channel)).toEqual(['bob']);
  });

  it('are asked in a hundred at a time', async () => {
    const people = ['ada', ...Array.from({ length: 249 }, (_, n) => `p${n}`)];
    await begin({ people });
    for (const name of people) under.known.set(name, slack.user(name));
    const channel = await chat.openChannel(room);
    expect(
      await chat.invite(
        channel,
        people.map((name) => ({ personId: name, name })),
      ),
    ).toEqual({ unknown: [] });
    expect(await slack.members(channel)).toHaveLength(250);
    expect(asked('conversations.invite')).toHaveLength(3);
  });

  it('nobody has met yet are asked in as they are found, try by try', async () => {
    const names = ['ada', ...Array.from({ length: 29 }, (_, n) => `p${n}`)];
    await begin({ people: names });
    const channel = await chat.openChannel(room);
    const people = names.map((name) => ({ personId: name, name }));
    const began = under.pace.now();
    await expect(chat.invite(channel, people)).rejects.toMatchObject({
      permanent: false,
      of: 'channel',
      retryAfterMs: 1_000,
    });
    expect(under.pace.now() - began).toBeLessThan(10_000);
    const first = (await slack.members(channel)).length;
    expect(first).toBeGreaterThan(9);
    let unknown: string[] | null = null;
    for (let tries = 0; tries < 5 && unknown === null; tries++)
      unknown = await chat.invite(channel, people).then(
        (answer) => answer.unknown,
        () => null,
      );
    expect(unknown).toEqual([]);
    expect(await slack.members(channel)).toHaveLength(30);
    expect(asked('users.lookupByEmail')).toHaveLength(30);
  });

  it('nobody there knows get no direct message, and it is said what to do', async () => {
    await begin();
    await expect(chat.directChannel({ personId: 'stranger', name: 'Sam' })).rejects.toMatchObject({
      permanent: true,
      of: 'message',
      message: expect.stringMatching(/Sam.*e-mail address/),
    });
  });

  it('of user groups are called into public incidents, not into private ones or channels that exist once', async () => {
    await begin({ groups: ['@on-call', 'nobody-has-this'] });
    slack.groups.push({ handle: 'on-call', users: [slack.user('ada'), slack.user('bob')] });
    const open = async (over: Partial<typeof room>) => slack.members(await chat.openChannel({ ...room, ...over }));
    expect((await open({})).sort()).toEqual(['ada', 'bob']);
    expect(await open({ key: 'incident/i2', name: 'inc-2', private: true })).toEqual([]);
    expect(await open({ key: 'named/triage', name: 'triage' })).toEqual([]);
  });

  it('of user groups who could not be called come with the next who are asked in', async () => {
    await begin({ groups: ['on-call'] });
    slack.groups.push({ handle: 'on-call', users: [slack.user('bob')] });
    slack.fail({ kind: 'limited', retryAfterSeconds: 5 }, { method: 'usergroups.list' });
    const channel = await chat.openChannel(room);
    expect(await slack.members(channel)).toEqual([]);
    under.pace.pass(5_000);
    await under.again().invite(channel, [ada]);
    expect((await slack.members(channel)).sort()).toEqual(['ada', 'bob']);
  });
});

describe('what is asked of Slack', () => {
  it('is what the manifest asks scopes for', async () => {
    await begin();
    expect(Object.keys(perMinute).filter((method) => !Object.hasOwn(usedMethods, method))).toEqual([]);
  });
});
