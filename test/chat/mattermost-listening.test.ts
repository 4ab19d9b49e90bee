import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeMattermost, fakeMattermost } from '../fakes/mattermost/server.js';
import { startWayIn, until } from './mattermost-room.js';

type Room = Awaited<ReturnType<typeof startWayIn>>;
interface Made {
  id: string;
  create_at: number;
}

let server: FakeMattermost;
let channel: string;
const rooms: Room[] = [];
beforeEach(async () => {
  server = await fakeMattermost();
  server.makeTeamAdmin(server.bot);
  channel = (
    await server.as<Made>(server.bot, 'POST', '/channels', {
      team_id: server.team.id,
      name: 'inc-1',
      display_name: 'Inc 1',
      type: 'O',
    })
  ).id;
  for (const { id } of [server.ada, server.bob])
    await server.as(server.bot, 'POST', `/channels/${channel}/members`, { user_id: id });
});
afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.close()));
  await server.close();
  expect(server.violations).toEqual([]);
});

async function listening(given: Parameters<typeof startWayIn>[1] = {}): Promise<Room> {
  const room = await startWayIn(server, { channels: [channel], ...given });
  rooms.push(room);
  return room;
}
const says = (message: string, who = server.ada): Promise<Made> =>
  server.as<Made>(who, 'POST', '/posts', { channel_id: channel, message });
const reacts = (post: Made, emoji: string, who = server.bob): Promise<unknown> =>
  server.as(who, 'POST', '/reactions', { user_id: who.id, post_id: post.id, emoji_name: emoji });

describe('what people do on Mattermost', () => {
  it('keeps a message that somebody marks, with the time it was said, and not by every reaction', async () => {
    const room = await listening();
    await room.ready();
    const said = await says('It is the disk.');
    await reacts(said, 'smile');
    await reacts(said, 'pushpin');
    await until(() => room.kept.length > 0);
    expect(room.kept).toEqual([
      {
        platform: 'mattermost',
        channel,
        message: said.id,
        text: 'It is the disk.',
        personId: 'p-ada',
        at: said.create_at,
        keptBy: 'p-bob',
      },
    ]);
  });

  it('keeps a message that somebody pins, and tells what it says later', async () => {
    const room = await listening();
    await room.ready();
    const said = await says('It is the disk.');
    await server.as(server.bob, 'POST', `/posts/${said.id}/pin`);
    await until(() => room.kept.length > 0);
    expect(room.kept[0]).toMatchObject({ message: said.id, at: said.create_at, text: 'It is the disk.' });
    await server.as(server.ada, 'PUT', `/posts/${said.id}/patch`, { message: 'It is the network.' });
    await until(() => room.revised.length > 0);
    expect(room.revised[0]).toMatchObject({ message: said.id, text: 'It is the network.' });
    await server.as(server.ada, 'DELETE', `/posts/${said.id}`);
    await until(() => room.revised.length > 1);
    expect(room.revised[1]).toMatchObject({ channel, message: said.id, text: null });
  });

  it('takes what Muster itself posts, pins and edits for nothing', async () => {
    const room = await listening();
    await room.ready();
    const own = await says('The situation', server.bot);
    await server.as(server.bot, 'POST', `/posts/${own.id}/pin`);
    await server.as(server.bot, 'PUT', `/posts/${own.id}/patch`, { message: 'Another situation' });
    await reacts(own, 'pushpin');
    await reacts(await says('theirs'), 'pushpin', server.bot);
    await server.as(server.bot, 'DELETE', `/posts/${own.id}`);
    const said = await says('mine');
    await reacts(said, 'memo');
    await until(() => room.kept.length > 0);
    expect(room.kept.map(({ message }) => message)).toEqual([said.id]);
    expect(room.revised).toEqual([]);
  });

  it('goes on where it was when the connection breaks for a moment', async () => {
    const room = await listening();
    await room.ready();
    const said = await says('before');
    server.socket.cut();
    await reacts(said, 'pushpin');
    await until(() => room.kept.length > 0);
    await until(() => room.way.state().ready);
    expect(server.socket.upgrades.at(-1)).toMatchObject({ authorized: true });
    expect(server.socket.upgrades.at(-1)?.connectionId).not.toBe('');
    await reacts(await says('after'), 'pushpin');
    await until(() => room.kept.some(({ text }) => text === 'after'));
  });

  it('reads what it missed while the server did not know its connection any more, without what was undone', async () => {
    const room = await listening();
    await room.ready();
    const [kept, gone] = [await says('kept'), await says('gone')];
    await until(() => Number(room.marks.get('heard-until')) >= gone.create_at);
    await server.down();
    await until(() => !room.way.state().ready);
    expect(room.way.state().why).toMatch(/Mattermost/);
    server.failSocket({ kind: 'refuse', status: 503 }, 1_000);
    await server.up();
    await reacts(kept, 'pushpin');
    await server.as(server.ada, 'PUT', `/posts/${kept.id}/patch`, { message: 'kept, said better' });
    await server.as(server.ada, 'DELETE', `/posts/${gone.id}`);
    expect(room.kept).toEqual([]);
    server.heal();
    await room.ready();
    await until(() => room.kept.length > 0 && room.revised.some(({ text }) => text === null));
    expect(new Set(room.kept.map(({ message }) => message))).toEqual(new Set([kept.id]));
    expect(new Set(room.revised.map(({ message, text }) => `${message} ${text}`))).toEqual(
      new Set([`${kept.id} kept, said better`, `${gone.id} null`]),
    );
    await reacts(await says('after'), 'memo');
    await until(() => room.kept.some(({ text }) => text === 'after'));
  });

  it('reads what was missed while Muster did not run', async () => {
    const first = await listening();
    await first.ready();
    const said = await says('before');
    await until(() => Number(first.marks.get('heard-until')) >= said.create_at);
    await first.close();
    await reacts(said, 'pushpin');
    const second = await listening({ marks: first.marks });
    await until(() => second.kept.length > 0);
    expect(second.kept[0]).toMatchObject({ message: said.id, keptBy: 'p-bob', at: said.create_at });
  });

  it('takes again what could not be stored', async () => {
    let full = true;
    const room = await listening({
      keep() {
        if (full) throw new Error('no space');
      },
    });
    await room.ready();
    await reacts(await says('kept in the end'), 'pushpin');
    await until(() => room.logged.some((line) => line.includes('no space')));
    full = false;
    await until(() => room.kept.length > 0);
    expect(room.kept[0]).toMatchObject({ text: 'kept in the end' });
  });

  it('is held up by nobody whom the server has forgotten', async () => {
    const [forgotten, other] = [await says('one'), await says('two')];
    await reacts(forgotten, 'pushpin');
    await reacts(other, 'pushpin', server.ada);
    server.world.users.delete(server.bob.id);
    const room = await listening({ marks: new Map([['heard-until', '1']]) });
    await until(() => Number(room.marks.get('heard-until')) >= other.create_at);
    expect(room.kept.map(({ message }) => message)).toEqual([other.id]);
  });

  it('waits as long as the server says before it asks again', async () => {
    const room = await listening();
    await room.ready();
    const said = await says('x');
    server.fail({ kind: 'limited', retryAfterSeconds: 1 }, { only: 'post' });
    await reacts(said, 'pushpin');
    await until(() => room.kept.length > 0);
  });

  it('survives words that are no event, and a channel it was put out of', async () => {
    const room = await listening();
    await room.ready();
    server.socket.garble('{"event":');
    server.socket.garble('{"event":"posted","data":{"post":"{"},"seq":1}');
    await server.as(server.admin, 'DELETE', `/channels/${channel}/members/${server.bot.id}`).catch(() => {});
    const room2 = await listening({ channels: [channel, 'x'.repeat(26)], marks: new Map([['heard-until', '1']]) });
    await room2.ready();
    await until(() => room2.logged.some((line) => line.includes('cannot be read')));
    expect(room.way.state().ready || room.way.state().why).toBeTruthy();
  });

  it('says what is missing with a token nobody knows, and goes on trying', async () => {
    server.world.tokens.delete(server.bot.token);
    const room = await listening();
    await until(() => room.way.state().why?.includes('MATTERMOST_TOKEN') ?? false);
    expect(room.way.state().ready).toBe(false);
    server.world.tokens.set(server.bot.token, server.bot.id);
    await room.ready();
    server.world.tokens.delete(server.bot.token);
    server.socket.forget();
    await until(() => room.way.state().why?.includes('MATTERMOST_TOKEN') ?? false);
    server.world.tokens.set(server.bot.token, server.bot.id);
    await room.ready();
    expect(room.logged.join('')).not.toContain(server.bot.token);
  });

  it('says what is missing outside of its team', async () => {
    server.world.teams.get(server.team.id)?.members.delete(server.bot.id);
    const room = await listening();
    await until(() => room.way.state().why?.includes('in no team ops') ?? false);
    server.world.teams.get(server.team.id)?.members.add(server.bot.id);
    await room.ready();
  });

  it('gives up a handshake that is not answered, and a peer that answers no ping', async () => {
    server.failSocket({ kind: 'hang' });
    server.failSocket({ kind: 'refuse', status: 502 }, 2);
    const room = await listening({ pace: { pingMs: 40 } });
    await room.ready();
    const before = server.socket.upgrades.length;
    server.socket.deafen();
    await until(() => server.socket.upgrades.length > before);
    server.heal();
    await until(() => room.way.state().ready);
    await reacts(await says('after'), 'memo');
    await until(() => room.kept.some(({ text }) => text === 'after'));
  });

  it('leaves no connection behind when it stops as it begins', async () => {
    let stopping: Promise<void> | null = null;
    let room: Room | null = null;
    const marks = new (class extends Map<string, string> {
      override get(key: string) {
        if (key === 'heard-until') stopping ??= room?.way.stop() ?? null;
        return super.get(key);
      }
    })();
    room = await listening({ marks });
    await until(() => stopping !== null);
    await stopping;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(server.socket.open()).toBe(0);
  });

  it('leaves no connection behind, even one that is just being made', async () => {
    const room = await listening();
    await room.ready();
    server.failSocket({ kind: 'hang' }, 5);
    const before = server.socket.upgrades.length;
    server.socket.cut();
    await until(() => server.socket.upgrades.length > before);
    await room.close();
    rooms.length = 0;
    const after = server.socket.upgrades.length;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(server.socket.upgrades.length).toBe(after);
    expect(server.socket.open()).toBe(0);
  });
});
