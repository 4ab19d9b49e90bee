import { afterAll, beforeAll } from 'vitest';
import { type FaultProxy, faultProxy } from '../fakes/fault-proxy.js';
import { type MattermostServer, startMattermost } from '../fakes/mattermost-server.js';
import { chatContract } from './chat.contract.js';
import { chatChannelsContract } from './chat-channels.contract.js';
import { mattermostUnderTest, type Reached } from './mattermost-under-test.js';

let server: MattermostServer;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startMattermost();
  proxy = await faultProxy(server.url);
});
afterAll(async () => {
  await proxy?.close();
  await server?.stop();
});

const LINES = {
  createPost: 'POST /api/v4/posts',
  patchPost: 'PUT /api/v4/posts',
  createChannel: 'POST /api/v4/channels',
  posts: 'GET /api/v4/channels',
};

let teams = 0;
/** A team of its own on the one server. */
async function reached(): Promise<Reached> {
  const name = `t${++teams}`;
  const team = await server.as<{ id: string }>(server.admin, 'POST', '/teams', { name, display_name: name, type: 'O' });
  for (const { id } of [server.bot, server.ada, server.bob])
    await server.as(server.admin, 'POST', `/teams/${team.id}/members`, { team_id: team.id, user_id: id });
  proxy.heal();
  return {
    ...server,
    team: { id: team.id, name },
    through: proxy.url,
    fail: (kind, call) =>
      proxy.fail(
        kind === 'limited' ? { kind, retryAfterSeconds: 7 } : kind === 'status' ? { kind, status: 500 } : { kind },
        call && { only: LINES[call] },
      ),
    heal: proxy.heal,
  };
}

const open = async () => mattermostUnderTest(await reached());
chatContract('Mattermost, a real server', open);
chatChannelsContract('Mattermost, a real server', open);
