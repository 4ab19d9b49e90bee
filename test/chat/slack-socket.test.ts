import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newTs } from '../fakes/slack-dispatcher.js';
import { type SlackRoom, slackRoom, until } from '../fakes/slack-room.js';
import { type SlackSide, startSlackSide } from '../fakes/slack-side.js';

const crashes: unknown[] = [];
const crashed = (reason: unknown): void => void crashes.push(reason);

describe('Socket Mode with Slack’s own client', () => {
  let side: SlackSide;
  let room: SlackRoom;
  const open = async (options: Parameters<typeof slackRoom>[1] = {}): Promise<void> => {
    room = await slackRoom('socket', { side, ...options });
  };
  beforeEach(async () => {
    crashes.length = 0;
    process.on('unhandledRejection', crashed);
    process.on('uncaughtException', crashed);
    side = await startSlackSide();
  });
  afterEach(async () => {
    await room.close();
    await side.close();
    process.off('unhandledRejection', crashed);
    process.off('uncaughtException', crashed);
    expect(crashes).toEqual([]);
  });
  const ack = async (): Promise<boolean> => (await room.slack.send(room.do.command('ack'))).ok;

  it('takes a new connection before the old one ends, so that a refresh is no gap', async () => {
    await open();
    const states: boolean[] = [];
    room.socket.refresh();
    while (room.socket.opened() < 2) {
      states.push(room.way.state().ready && room.socket.open() > 0);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => room.socket.open() === 1);
    expect(states).not.toContain(false);
    expect(await ack()).toBe(true);
  });

  it('does not ask again for as long as Slack says', async () => {
    await open();
    const asked = side.asked('apps.connections.open').length;
    side.fail('apps.connections.open', { kind: 'status', status: 429, retryAfter: 1 }, 1);
    room.socket.kill();
    await until(() => side.asked('apps.connections.open').length > asked);
    const askedAt = performance.now();
    await room.socket.connected(2);
    expect(performance.now() - askedAt).toBeGreaterThan(900);
  });

  it('connects again when the connection is cut', async () => {
    await open();
    for (let count = 2; count <= 4; count++) {
      room.socket.kill();
      await room.socket.connected(count);
      await until(() => room.way.state().ready);
    }
    expect(await ack()).toBe(true);
  });

  it.each([
    ['500', { kind: 'status', status: 500 } as const, 'cannot be connected to'],
    ['429', { kind: 'status', status: 429, retryAfter: 0 } as const, 'wait'],
    ['a bad token', { kind: 'refused', error: 'invalid_auth' } as const, 'SLACK_APP_TOKEN'],
    ['no answer', { kind: 'hang' } as const, 'cannot be connected to'],
  ])('outlives %s when it connects again: not ready meanwhile, and says why', async (_what, fault, why) => {
    await open(fault.kind === 'hang' ? { pace: { connectWithinMs: 500 } } : {});
    const asked = side.asked('apps.connections.open').length;
    side.fail('apps.connections.open', fault);
    room.socket.kill();
    await until(() => room.way.state().why?.includes(why) === true);
    expect(room.way.state()).toEqual({ ready: false, why: expect.stringContaining(why), sinceAt: expect.any(Number) });
    await until(() => side.asked('apps.connections.open').length >= asked + 2);
    side.heal();
    await until(() => room.way.state().ready);
    expect(room.way.state().why).toBeNull();
    expect(await ack()).toBe(true);
  });

  it('does not wait for ever for a hello', async () => {
    await open({ pace: { connectWithinMs: 500 } });
    room.socket.mute = true;
    room.socket.kill();
    await until(() => room.way.state().why?.includes('hello') === true);
    room.socket.mute = false;
    await until(() => room.way.state().ready);
    expect(await ack()).toBe(true);
  });

  it('starts while Slack is away, and hears it when it is back', async () => {
    side.fail('auth.test', { kind: 'status', status: 503 });
    await open({ ready: false });
    await until(() => side.asked('auth.test').length >= 2);
    expect(room.way.state()).toMatchObject({ ready: false, why: expect.stringContaining('Slack') });
    side.heal();
    await until(() => room.way.state().ready);
  });

  it('outlives what cannot be read, and being told that events are held back', async () => {
    await open();
    const limited = { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1, api_app_id: 'A1' };
    room.socket.raw({ envelope_id: 'e1', type: 'events_api', payload: limited });
    room.socket.raw({ envelope_id: 'e2', type: 'app_rate_limited', payload: limited });
    for (const strange of [
      'not json',
      'null',
      '[]',
      '"x"',
      '{}',
      { type: 'events_api', envelope_id: 'e3' },
      { type: 'interactive', envelope_id: 'e4' },
    ])
      room.socket.raw(strange);
    expect(await ack()).toBe(true);
    expect(room.socket.opened()).toBe(1);
  });

  it('has one effect of an envelope that comes again, on another connection too', async () => {
    await open();
    await room.slack.send(room.do.command('ack'));
    const envelope = room.socket.lastEnvelope;
    await room.socket.again(envelope);
    room.socket.kill();
    await room.socket.connected(2);
    await until(() => room.way.state().ready);
    expect((await room.socket.again(envelope)).ok).toBe(true);
    expect(room.inbound.effects).toEqual(['/incident ack']);
  });

  it('stores what is in hand when the connection goes, and has one effect when it comes again', async () => {
    await open();
    let store: () => void = () => {};
    room.inbound.before = () => new Promise((resolve) => (store = resolve));
    room.socket.patienceMs = 100;
    const first = room.slack.send(room.do.command('ack'));
    await until(() => room.inbound.commands.length === 1);
    const envelope = room.socket.lastEnvelope;
    room.socket.kill();
    await room.socket.connected(2);
    room.inbound.before = async () => {};
    store();
    expect((await first).ok).toBe(false);
    room.socket.patienceMs = 3_000;
    await until(() => room.way.state().ready);
    expect((await room.socket.again(envelope)).ok).toBe(true);
    expect(room.inbound.effects).toEqual(['/incident ack']);
  });

  it('finishes what is in hand when it stops', async () => {
    await open();
    let store: () => void = () => {};
    room.inbound.before = () => new Promise((resolve) => (store = resolve));
    room.socket.patienceMs = 50;
    void room.slack.send(room.do.command('ack'));
    await until(() => room.inbound.commands.length === 1);
    const stopped = room.way.stop();
    store();
    await stopped;
    expect(room.inbound.effects).toEqual(['/incident ack']);
  });
});

describe('after a gap', () => {
  const at = 1_700_000_000_000;
  const ts = (ms: number): string => `${Math.floor(ms / 1_000)}.000100`;
  const minute = 60_000;

  it.each(['http', 'socket'] as const)(
    'what was marked and changed meanwhile is read from history (%s)',
    async (how) => {
      const side = await startSlackSide();
      const old = ts(at - 3 * 60 * minute);
      side.history.set('C1', [
        {
          ts: ts(at - 30 * 60 * minute),
          user: 'UBOB',
          text: 'too long ago',
          reactions: [{ name: 'pushpin', users: ['UADA'] }],
        },
        { ts: old, user: 'UBOB', text: 'disk is full, truly', edited: { user: 'UBOB', ts: ts(at + minute) } },
        { ts: ts(at - minute), user: 'UBOB', text: 'as it was', edited: { user: 'UBOB', ts: ts(at - 60 * minute) } },
        {
          ts: ts(at),
          user: 'UBOB',
          text: 'marked',
          reactions: [
            { name: 'tada', users: ['UBOB'] },
            { name: 'pushpin', users: ['UADA'] },
          ],
        },
        {
          ts: ts(at + 1_000),
          user: 'UBOB',
          text: 'pinned',
          pinned_to: ['C1'],
          pinned_info: { pinned_by: 'UADA', pinned_ts: 1 },
        },
        {
          ts: ts(at + 2_000),
          user: 'UMUSTER',
          bot_id: 'BMUSTER',
          text: 'card',
          pinned_to: ['C1'],
          pinned_info: { pinned_by: 'UMUSTER' },
        },
        {
          ts: ts(at + 3_000),
          user: 'USLACKBOT',
          subtype: 'tombstone',
          text: 'This message was deleted.',
          thread_ts: ts(at + 3_000),
          latest_reply: ts(at + 4_000),
        },
        {
          ts: ts(at + 4_000),
          user: 'UBOB',
          text: 'in a thread',
          thread_ts: ts(at + 3_000),
          reactions: [{ name: 'pushpin', users: ['UBOB'] }],
        },
        { ts: ts(at + 5_000), user: 'UBOB', text: `<@UMUSTER> resolve` },
      ]);
      side.fail('conversations.history', { kind: 'status', status: 429, retryAfter: 0 }, 1);
      const marks = new Map([['heard-until', String(at)]]);
      const room = await slackRoom(how, { side, channels: ['C0', 'C1'], marks, now: () => at + 10 * minute });
      await until(() => room.marks.get('heard-until') !== String(at));
      expect(room.inbound.revised.map(({ message, text }) => [message, text])).toEqual(
        expect.arrayContaining([
          [old, 'disk is full, truly'],
          [ts(at + 3_000), null],
        ]),
      );
      expect(room.inbound.revised).toHaveLength(2);
      expect(room.inbound.kept.map(({ text, keptBy }) => [text, keptBy]).sort()).toEqual([
        ['in a thread', 'bob'],
        ['marked', 'ada'],
        ['pinned', 'ada'],
      ]);
      expect(room.inbound.commands).toEqual([]);
      await room.close();
      await side.close();
    },
  );

  it('it is tried until Slack tells it, and how far was heard is noted only then', async () => {
    const side = await startSlackSide();
    side.history.set('C1', [
      { ts: ts(at), user: 'UBOB', text: 'marked', reactions: [{ name: 'pushpin', users: ['UADA'] }] },
    ]);
    side.fail('conversations.history', { kind: 'status', status: 500 });
    const marks = new Map([['heard-until', String(at)]]);
    const room = await slackRoom('socket', {
      side,
      channels: ['C1'],
      marks,
      now: () => at + minute,
      pace: { markEveryMs: 5 },
    });
    await until(() => side.asked('conversations.history').length >= 7);
    expect([room.way.state().ready, room.marks.get('heard-until')]).toEqual([true, String(at)]);
    side.heal();
    await until(() => room.inbound.kept.length === 1);
    await room.close();
    await side.close();
  });

  it('it is read again after every cut, also after one that comes while it is read', async () => {
    const side = await startSlackSide();
    let noted: () => void = () => {};
    let noting = 0;
    const room = await slackRoom('socket', {
      side,
      channels: ['C1'],
      marks: new Map([['heard-until', '1']]),
      noting: () => {
        noting += 1;
        return noting === 1 ? new Promise((resolve) => (noted = resolve)) : Promise.resolve();
      },
    });
    await until(() => noting === 1);
    const reactions = [{ name: 'pushpin', users: ['UADA'] }];
    side.history.set('C1', [{ ts: newTs(), user: 'UBOB', text: 'marked', reactions }]);
    room.socket.kill();
    await room.socket.connected(2);
    await until(() => room.way.state().ready);
    noted();
    await until(() => room.inbound.kept.length === 1);
    await room.close();
    await side.close();
  });
});
