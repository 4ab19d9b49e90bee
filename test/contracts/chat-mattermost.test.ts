import { expect } from 'vitest';
import { createPost } from '../fakes/mattermost/posts.js';
import { type Fault, fakeMattermost } from '../fakes/mattermost/server.js';
import { chatContract } from './chat.contract.js';
import { chatChannelsContract } from './chat-channels.contract.js';
import { chatMattermostContract } from './chat-mattermost.contract.js';
import { ambiguousPosts } from './mattermost-ambiguous.js';
import { type MattermostUnderTest, mattermostUnderTest, type Reached } from './mattermost-under-test.js';

async function open(): Promise<MattermostUnderTest> {
  const server = await fakeMattermost();
  const reached: Reached = {
    ...server,
    fail(kind, only, rule = {}) {
      const fault: Fault =
        kind === 'limited' ? { kind, retryAfterSeconds: 7 } : kind === 'status' ? { kind, status: 500 } : { kind };
      const which =
        'ofEveryPost' in rule
          ? {
              times: Number.POSITIVE_INFINITY,
              oncePer: (body: unknown) => (body as { pending_post_id: string }).pending_post_id,
            }
          : rule;
      server.fail(fault, { ...which, only });
    },
    async restart() {
      await server.down();
      await server.up();
    },
    async fill(channel, count) {
      for (let made = 0; made < count; made++)
        await createPost(server.world, server.bot.id, { channel_id: channel, message: `m${made}` });
    },
    asked: () => server.requests.map(({ method, path, body }) => ({ line: `${method} ${path}`, body })),
  };
  return mattermostUnderTest(reached, {
    async close() {
      await server.close();
      expect(server.violations).toEqual([]);
    },
  });
}

chatContract('Mattermost, a server of ours', open);
chatChannelsContract('Mattermost, a server of ours', open);
chatMattermostContract('Mattermost, a server of ours', open);
ambiguousPosts('Mattermost, a server of ours', open, { channels: 30, each: 10 });
