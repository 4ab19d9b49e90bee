import { afterAll, beforeAll } from 'vitest';
import { type FaultProxy, faultProxy, type ProxyFault } from '../fakes/fault-proxy.js';
import { type MattermostServer, startMattermost } from '../fakes/mattermost-server.js';
import { chatContract } from './chat.contract.js';
import { chatChannelsContract } from './chat-channels.contract.js';
import { chatMattermostContract } from './chat-mattermost.contract.js';
import { ambiguousPosts } from './mattermost-ambiguous.js';
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

/** Files are no JSON. */
const read = (body: string): unknown => (body.startsWith('{') || body.startsWith('[') ? JSON.parse(body) : null);

let teams = 0;
/** A team of its own on the one server. */
async function reached(): Promise<Reached> {
  const name = `t${++teams}`;
  const team = await server.as<{ id: string }>(server.admin, 'POST', '/teams', { name, display_name: name, type: 'O' });
  for (const { id } of [server.bot, server.ada, server.bob])
    await server.as(server.admin, 'POST', `/teams/${team.id}/members`, { team_id: team.id, user_id: id });
  proxy.heal();
  const before = proxy.requests.length;
  return {
    ...server,
    team: { id: team.id, name },
    through: proxy.url,
    fail(kind, call, rule = {}) {
      const fault: ProxyFault =
        kind === 'limited' ? { kind, retryAfterSeconds: 7 } : kind === 'status' ? { kind, status: 500 } : { kind };
      const which =
        'ofEveryPost' in rule
          ? { times: Number.POSITIVE_INFINITY, oncePer: (body: string) => JSON.parse(body).pending_post_id }
          : rule;
      proxy.fail(fault, { ...which, only: LINES[call] });
    },
    restart: () => server.restart(),
    asked: () => proxy.requests.slice(before).map(({ line, body }) => ({ line, body: read(body) })),
    heal: proxy.heal,
    async fill(channel, count) {
      const post = (message: string) => server.as(server.bot, 'POST', '/posts', { channel_id: channel, message });
      for (let made = 0; made < count; made += 10)
        await Promise.all(Array.from({ length: 10 }, (_, index) => post(`m${made + index}`)));
    },
  };
}

const open = async () => mattermostUnderTest(await reached());
chatContract('Mattermost, a real server', open);
chatChannelsContract('Mattermost, a real server', open);
chatMattermostContract('Mattermost, a real server', open);
ambiguousPosts('Mattermost, a real server', open, { channels: 10, each: 100 });
