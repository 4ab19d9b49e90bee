import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChatPlatform, DeliveryError } from '../../src/chat/platform.js';
import { type Card, paragraph, text } from '../../src/messages/card.js';
import type { Fault } from '../fakes/slack/faults.js';
import { type SlackUnderTest, slackUnderTest } from '../fakes/slack/under-test.js';
import type { SlackWorkspace } from '../fakes/slack/workspace.js';
import { chatContract } from './chat.contract.js';

chatContract('slack', slackUnderTest);

const card = (words: string): Card => ({ tone: 'neutral', summary: words, blocks: [paragraph(text(words))] });
/** So long that it takes several messages. */
const long = (parts: number, words = 'line'): Card => ({
  tone: 'neutral',
  summary: 'long',
  blocks: Array.from({ length: parts * 3 - 1 }, (_, n) => paragraph(text(`${words} ${n} ${'x'.repeat(3_600)}`))),
});

const room = { key: 'incident/i1', name: 'inc-1', title: 'Registry', purpose: 'sev1', private: false };
let under: SlackUnderTest;
let slack: SlackWorkspace;
let chat: ChatPlatform;
let channel: string;
async function begin(options: Parameters<typeof slackUnderTest>[0] = {}, over: Partial<typeof room> = {}) {
  under = await slackUnderTest(options);
  ({ slack, chat } = under);
  channel = await chat.openChannel({ ...room, ...over });
}
const asked = (method: string) => slack.requests.filter((request) => request.method === method);
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => error,
  );

describe('Slack in trouble', () => {
  beforeEach(() => begin());
  afterEach(() => under.close());
  const post = (key = 'k1', by = chat) => by.post({ channel, key, card: card('words') });

  const passing: [string, Fault, { retryAfterMs?: number; of: string }, number][] = [
    ['429', { kind: 'limited', retryAfterSeconds: 7 }, { retryAfterMs: 7_000, of: 'channel' }, 0],
    ['429 that does not say how long', { kind: 'limited' }, { retryAfterMs: 30_000, of: 'channel' }, 0],
    ['500', { kind: 'status', status: 500 }, { of: 'message' }, 0],
    ['503', { kind: 'status', status: 503 }, { of: 'message' }, 0],
    ['no answer in time', { kind: 'hang' }, { of: 'message' }, 0],
    ['an answer that does not end', { kind: 'stall' }, { of: 'message' }, 0],
    ['a reset before it was done', { kind: 'resetBefore' }, { of: 'message' }, 0],
    ['a reset after it was done', { kind: 'resetAfter' }, { of: 'message' }, 1],
    ['a page of something in between', { kind: 'page' }, { of: 'message' }, 0],
    ['internal_error', { kind: 'refused', error: 'internal_error' }, { of: 'message' }, 0],
    ['a token that is not known', { kind: 'refused', error: 'invalid_auth' }, { of: 'platform' }, 0],
    ['a token that was revoked', { kind: 'refused', error: 'token_revoked' }, { of: 'platform' }, 0],
    ['an account that is gone', { kind: 'refused', error: 'account_inactive' }, { of: 'platform' }, 0],
    [
      'a scope that is missing',
      { kind: 'refused', error: 'missing_scope', more: { needed: 'chat:write' } },
      { of: 'platform' },
      0,
    ],
  ];
  test.each(passing)('%s: it is tried again, and no message is given up', async (_name, fault, expected, done) => {
    slack.fail(fault, { method: 'chat.postMessage' });
    const before = asked('chat.postMessage').length;
    const waits = fault.kind === 'hang' || fault.kind === 'stall';
    const error = await outcome(post('k1', under.again(waits ? 200 : undefined)));
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ permanent: false, retryAfterMs: undefined, ...expected });
    expect(asked('chat.postMessage')).toHaveLength(before + 1);
    expect(await under.messages(channel)).toHaveLength(done);
    under.pace.pass(60_000);
    const found = await chat.find(channel, 'k1');
    if (done === 1) expect(found).toBe((await under.messages(channel))[0]?.id);
    else await expect(post()).resolves.toEqual(expect.any(String));
    expect(await under.messages(channel)).toHaveLength(1);
  });

  test('what a person must do is in the words of the error', async () => {
    const words = async (error: string, more?: Record<string, unknown>) => {
      slack.fail({ kind: 'refused', error, ...(more ? { more } : {}) }, { method: 'chat.postMessage' });
      return ((await outcome(post())) as Error).message;
    };
    expect(await words('invalid_auth')).toMatch(/Set SLACK_BOT_TOKEN/);
    expect(await words('missing_scope', { needed: 'chat:write' })).toMatch(/chat:write.*install the app again/);
    expect(await words('is_archived')).toMatch(/Unarchive it in Slack/);
    expect(await words('channel_not_found')).toMatch(/\/invite @Muster/);
  });

  test('a message Slack will not have is given up alone, with what Slack says of it', async () => {
    const more = { response_metadata: { messages: ['[ERROR] too many blocks'] } };
    slack.fail({ kind: 'refused', error: 'invalid_blocks', more }, { method: 'chat.postMessage' });
    const error = await outcome(post());
    expect(error).toMatchObject({ permanent: true, of: 'message' });
    expect(String(error)).toMatch(/invalid_blocks.*too many blocks/);
  });

  test('a 429 of one channel stops no other channel, and nothing is asked there before its time', async () => {
    const other = await chat.openChannel({ ...room, key: 'incident/i2', name: 'inc-2' });
    slack.fail({ kind: 'limited', retryAfterSeconds: 20 }, { method: 'chat.postMessage', channel });
    await outcome(post());
    const requests = slack.requests.length;
    under.pace.pass(5_000);
    expect(await outcome(post('k2'))).toMatchObject({ permanent: false, of: 'channel', retryAfterMs: 15_000 });
    expect(slack.requests).toHaveLength(requests);
    await chat.post({ channel: other, key: 'k3', card: card('elsewhere') });
    expect(await chat.find(channel, 'k1')).toBeNull();
    under.pace.pass(15_000);
    await post();
    expect(await under.messages(other)).toHaveLength(1);
  });

  test('a 429 of one method stops no other method', async () => {
    const message = await post();
    slack.fail({ kind: 'limited', retryAfterSeconds: 20 }, { method: 'chat.update' });
    const edit = () => chat.edit({ channel, message, key: 'k1', card: card('other') });
    expect(await outcome(edit())).toMatchObject({ retryAfterMs: 20_000, of: 'channel' });
    const updates = asked('chat.update').length;
    expect(await outcome(edit())).toMatchObject({ retryAfterMs: 20_000 });
    expect(asked('chat.update')).toHaveLength(updates);
    await post('k2');
  });

  test('a channel archived under us is lost, and says so, until somebody unarchives it', async () => {
    const message = await post();
    await slack.archive(channel);
    const edit = () => chat.edit({ channel, message, key: 'k1', card: card('x') });
    for (const call of [() => post('k2'), edit])
      expect(await outcome(call())).toMatchObject({
        permanent: true,
        of: 'channel',
        message: expect.stringMatching(/archived/),
      });
    await slack.unarchive(channel);
    await post('k2');
  });

  test('put out of a public channel, Muster joins it again', async () => {
    await post();
    await slack.kick(channel);
    await post('k2');
    expect(await under.messages(channel)).toHaveLength(2);
    expect(asked('conversations.join')).toHaveLength(1);
  });

  test('put out of a private channel, Muster says who must do what', async () => {
    const hidden = await chat.openChannel({ ...room, key: 'incident/i2', name: 'inc-2', private: true });
    await chat.invite(hidden, [{ personId: 'ada', name: 'Ada' }]);
    await slack.kick(hidden);
    const error = await outcome(chat.post({ channel: hidden, key: 'k1', card: card('x') }));
    expect(error).toMatchObject({ permanent: true, of: 'channel' });
    expect(String(error)).toMatch(/\/invite @Muster/);
  });

  test('a pin that is refused costs the pin, not the message', async () => {
    slack.fail({ kind: 'refused', error: 'missing_scope', more: { needed: 'pins:write' } }, { method: 'pins.add' });
    await chat.post({ channel, key: 'k1', card: card('x'), pin: true });
    expect(await under.messages(channel)).toMatchObject([{ text: 'x', pinned: false }]);
  });

  test('a pin whose answer was lost is made good when the message is looked for', async () => {
    slack.fail({ kind: 'resetBefore' }, { method: 'pins.add' });
    const post = () => chat.post({ channel, key: 'k1', card: card('x'), pin: true });
    expect(await outcome(post())).toMatchObject({ permanent: false });
    expect(await chat.find(channel, 'k1')).not.toBeNull();
    expect(await under.messages(channel)).toMatchObject([{ text: 'x', pinned: true }]);
  });

  test('what others post under a key of ours is not ours', async () => {
    const event_payload = { key: 'k1', part: 0, parts: 1, print: '' };
    await slack.say(channel, 'forged', { metadata: { event_type: 'muster_message', event_payload } });
    expect(await chat.find(channel, 'k1')).toBeNull();
    const message = await post();
    expect(await chat.find(channel, 'k1')).toBe(message);
  });

  test('whether Slack can be used is proven by a call', async () => {
    await chat.probe?.();
    slack.fail({ kind: 'refused', error: 'account_inactive' }, { method: 'auth.test' });
    expect(await outcome(chat.probe?.() as Promise<void>)).toMatchObject({ permanent: false, of: 'platform' });
  });
});

describe('long posts on Slack', () => {
  beforeEach(() => begin());
  afterEach(() => under.close());
  const tags = async () => (await slack.messages(channel)).map(({ tag }) => `${tag?.part}/${tag?.parts}`);

  test('are several messages under one key, and grow and shrink with the card', async () => {
    const message = await chat.post({ channel, key: 'k1', card: long(2) });
    expect(await tags()).toEqual(['0/2', '1/2']);
    expect(await chat.find(channel, 'k1')).toBe(message);
    await chat.edit({ channel, message, key: 'k1', card: long(4, 'grown') });
    expect(await tags()).toEqual(['0/4', '1/4', '2/4', '3/4']);
    await under.again().edit({ channel, message, key: 'k1', card: card('short') });
    expect(await tags()).toEqual(['0/1']);
    expect(await under.messages(channel)).toMatchObject([{ text: 'short' }]);
  });

  test.each(['resetBefore', 'resetAfter'] as const)('of which a part was lost (%s) are completed', async (kind) => {
    const first = long(4);
    for (const muster of [chat, under.again()]) {
      const key = `k ${muster === chat}`;
      await muster.post({ channel, key: `${key} before`, card: card('before') });
      slack.fail({ kind }, { method: 'chat.postMessage', after: 2 });
      expect(await outcome(muster.post({ channel, key, card: first }))).toMatchObject({ permanent: false });
      await chat.post({ channel, key: `${key} between`, card: card('between') });
      const after = muster === chat ? chat : under.again();
      expect(await after.find(channel, key)).toBeNull();
      const ref = await after.post({ channel, key, card: first });
      expect(await under.again().find(channel, key)).toBe(ref);
      const mine = (await slack.messages(channel)).filter(({ tag }) => tag?.key === key);
      expect(mine.map(({ tag, edited }) => [tag?.part, edited])).toEqual([0, 1, 2, 3].map((part) => [part, false]));
    }
  });

  test('that somebody has taken the first part of leave nothing behind', async () => {
    const message = await chat.post({ channel, key: 'k1', card: long(3) });
    await slack.remove(channel, message.split(',')[0] as string);
    const error = await outcome(chat.edit({ channel, message, key: 'k1', card: long(3, 'new') }));
    expect(error).toMatchObject({ permanent: true, of: 'message' });
    expect(await slack.messages(channel)).toEqual([]);
  });
});

describe('posts of which nobody knows whether they arrived', () => {
  beforeEach(() => begin());
  afterEach(() => under.close());

  /** As the job runner does it: looked for before it is posted again, and not before the time it was told to wait. */
  async function deliver(muster: ChatPlatform, to: string, key: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        if (attempt > 1 && (await muster.find(to, key)) !== null) return;
        await muster.post({ channel: to, key, card: card(key) });
        return;
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.permanent || attempt > 200) throw error;
        under.pace.pass(error.retryAfterMs ?? 1_000);
      }
    }
  }

  test('1,000 of them are there once each', { timeout: 120_000 }, async () => {
    const lanes = await Promise.all(
      Array.from({ length: 40 }, (_, n) => chat.openChannel({ ...room, key: `k${n}`, name: `lane-${n}` })),
    );
    const perLane = 25;
    for (let n = 0; n < lanes.length * perLane; n++)
      slack.fail({ kind: n % 4 === 3 ? 'resetBefore' : 'resetAfter' }, { method: 'chat.postMessage' });
    await Promise.all(
      lanes.map(async (lane) => {
        for (let n = 0; n < perLane; n++) await deliver(chat, lane, `${lane}/${n}`);
      }),
    );
    const seen = await Promise.all(lanes.map((lane) => slack.messages(lane)));
    const keys = seen.flat().map(({ tag }) => tag?.key);
    const lost = slack.requests.filter(({ outcome: how }) => how === 'resetBefore' || how === 'resetAfter').length;
    const duplicates = keys.length - new Set(keys).size;
    process.stdout.write(
      `Slack: ${lost} ambiguous posts, ${new Set(keys).size} messages, ${duplicates} visible duplicates\n`,
    );
    expect({ lost, duplicates, messages: new Set(keys).size }).toEqual({ lost: 1_000, duplicates: 0, messages: 1_000 });
    for (const lane of lanes) {
      const words = (await slack.messages(lane)).map(({ text: said }) => said);
      expect(words).toEqual(Array.from({ length: perLane }, (_, n) => `${lane}/${n}`));
    }
  });
});
