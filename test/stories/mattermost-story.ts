import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Bot, openBot } from '../../src/bot.js';
import { readConfig } from '../../src/config/read.js';
import { createLog } from '../../src/http/log.js';
import type { Incident } from '../../src/incident/state.js';
import { machine } from '../../src/people/viewer.js';
import { until } from '../chat/mattermost-room.js';
import { watching } from '../fakes/mattermost/person.js';
import type { Account, Mattermost } from '../fakes/mattermost-server.js';

export interface Played extends Mattermost {
  as<T = unknown>(who: Pick<Account, 'token'>, method: string, path: string, body?: unknown): Promise<T>;
  makeTeamAdmin(who: Account): Promise<void>;
  down(): Promise<void>;
  up(): Promise<void>;
  end(): Promise<void>;
}
interface Post {
  id: string;
  create_at: number;
  message: string;
  props: { attachments?: { actions?: { id: string; name: string }[] }[] };
}

/** The same incident, worked on at a real server and at ours. */
export function mattermostStory(name: string, start: () => Promise<Played>): void {
  describe(`an incident on Mattermost (${name})`, () => {
    it('is declared, worked on and kept by what people type, press, fill in and mark, a restart of the server included', async () => {
      const server = await start();
      const folder = mkdtempSync(join(tmpdir(), 'muster-mattermost-story-'));
      writeFileSync(
        join(folder, 'muster.yaml'),
        `open-on-loopback: true\nmattermost: { url: "${server.url}", team: ${server.team.name} }\n`,
      );
      const config = readConfig(
        { MATTERMOST_TOKEN: server.bot.token, MUSTER_DATA: join(folder, 'data'), MUSTER_PORT: '0' },
        folder,
      );
      if (Array.isArray(config)) throw new Error(JSON.stringify(config));
      await server.makeTeamAdmin(server.bot);
      const bot: Bot = await openBot(config, { log: createLog(process.env.MUSTER_LOG_LEVEL ?? 'fatal') });
      const { ada, bob } = server;
      const atAdas = await watching(server, ada);
      const atBobs = await watching(server, bob);
      try {
        const incident = async (number: number): Promise<Incident | null> => bot.store.incident(machine, { number });
        const timeline = async (number: number): Promise<{ type: string; body: unknown }[]> => {
          const { id } = (await incident(number)) ?? { id: '' };
          return bot.store.timeline(machine, id);
        };
        const lobby = await server.as<{ id: string }>(ada, 'POST', '/channels', {
          team_id: server.team.id,
          name: 'lobby',
          display_name: 'Lobby',
          type: 'O',
        });
        const types = (who: Account, command: string, channel = lobby.id): Promise<unknown> =>
          server.as(who, 'POST', '/commands/execute', { channel_id: channel, command, team_id: server.team.id });
        const whenHeard = (what: string, act: () => Promise<unknown>): Promise<void> =>
          until(
            () =>
              act().then(
                () => true,
                () => false,
              ),
            what,
            30_000,
          );

        await whenHeard('the command is registered', () => types(ada, '/incident help'));
        await until(() => atAdas.whispers.length > 0, 'the answer is shown to Ada');
        await types(ada, '/incident declare --sev 2 Registry: pushes fail');
        await until(async () => (await bot.store.openChannels('mattermost')).length === 1, 'a channel');
        const [{ channel } = { channel: '' }] = await bot.store.openChannels('mattermost');
        const posts = async (who = ada): Promise<Post[]> => {
          const listed = await server
            .as<{ posts: Record<string, Post> }>(who, 'GET', `/channels/${channel}/posts?page=0&per_page=100`)
            .catch(() => ({ posts: {} }));
          return Object.values(listed.posts);
        };
        const button = async (label: string): Promise<{ post: string; action: string } | null> => {
          for (const post of await posts())
            for (const { actions } of post.props.attachments ?? [])
              for (const { id, name: shown } of actions ?? [])
                if (shown.startsWith(label)) return { post: post.id, action: id };
          return null;
        };
        await until(async () => (await button('Take command')) !== null, 'Ada sees the card', 30_000);

        const ack = await button('Take command');
        const press = (who: Account, at = ack): Promise<unknown> =>
          server.as(who, 'POST', `/posts/${at?.post}/actions/${at?.action}`, {});
        await Promise.all([press(ada), press(ada)]);
        expect((await timeline(1)).filter(({ type }) => type === 'roleAssigned')).toHaveLength(1);

        await types(ada, '/incident declare');
        await until(() => atAdas.dialogs.length > 0, 'a dialog');
        const [asked] = atAdas.dialogs;
        const submit = (who: Account): Promise<{ error?: string }> =>
          server.as(who, 'POST', '/actions/dialogs/submit', {
            url: asked?.url,
            channel_id: lobby.id,
            team_id: server.team.id,
            state: asked?.dialog.state,
            submission: { title: 'Search is slow', severity: '3' },
          });
        await server.as(ada, 'POST', `/channels/${lobby.id}/members`, { user_id: bob.id });
        expect((await submit(bob)).error).toMatch(/nothing was done/);
        expect(await incident(2)).toBeNull();
        expect(await submit(ada)).toEqual({});
        expect(await submit(ada)).toEqual({});
        expect(await incident(2)).toMatchObject({ title: 'Search is slow', severity: 'sev3' });
        expect(await incident(3)).toBeNull();

        const say = (who: Account, message: string): Promise<Post> =>
          server.as<Post>(who, 'POST', '/posts', { channel_id: channel, message });
        const mark = (who: Account, post: Post): Promise<unknown> =>
          server.as(who, 'POST', '/reactions', { user_id: who.id, post_id: post.id, emoji_name: 'pushpin' });
        await server.as(ada, 'POST', `/channels/${channel}/members`, { user_id: bob.id });
        const kept = async (message: Post): Promise<{ at: number }[]> =>
          (await timeline(1)).filter(({ body }) => (body as { message?: string }).message === message.id) as never;
        const first = await say(ada, 'The disk of node 3 is full.');
        await mark(bob, first);
        await mark(ada, first);
        await until(async () => (await kept(first)).length > 0, 'it is kept', 30_000);
        expect(await kept(first)).toMatchObject([{ at: first.create_at }]);

        const missed = await say(ada, 'Said before the restart.');
        atAdas.close();
        await server.down();
        await server.up();
        // A connection that was kept alive is gone.
        await whenHeard('Bob marks it', () => mark(bob, missed));
        await until(async () => (await kept(missed)).length > 0, 'what was marked meanwhile is kept', 45_000);
        expect(await kept(missed)).toMatchObject([{ at: missed.create_at }]);
        await whenHeard('commands arrive again', () => types(ada, '/incident update We are on it.', channel));
        expect((await timeline(1)).filter(({ type }) => type === 'roleAssigned')).toHaveLength(1);

        const forged = { command: '/incident resolve', p: 'e30', s: 'x' };
        const actions = [
          {
            id: 'b1',
            name: 'Free coffee',
            type: 'button',
            integration: { url: `${bot.url}/chat/mattermost/action`, context: forged },
          },
        ];
        const trap = await server.as<Post>(bob, 'POST', '/posts', {
          channel_id: channel,
          message: 'x',
          props: { attachments: [{ text: 'x', actions }] },
        });
        await atBobs.look();
        await press(bob, { post: trap.id, action: 'b1' });
        await until(() => atBobs.whispers.some((each) => each.includes('nothing was done')), 'Bob is told calmly');
        expect(await incident(1)).toMatchObject({ status: 'investigating' });
      } finally {
        atAdas.close();
        atBobs.close();
        await bot.close();
        await server.end();
        rmSync(folder, { recursive: true, force: true });
      }
    }, 120_000);
  });
}
