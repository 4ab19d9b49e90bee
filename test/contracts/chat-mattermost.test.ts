import { expect } from 'vitest';
import { fakeMattermost } from '../fakes/mattermost/server.js';
import { chatContract } from './chat.contract.js';
import { chatChannelsContract } from './chat-channels.contract.js';
import { type MattermostUnderTest, mattermostUnderTest } from './mattermost-under-test.js';

async function open(): Promise<MattermostUnderTest> {
  const server = await fakeMattermost();
  const reached = {
    ...server,
    fail: (kind: Parameters<Parameters<typeof mattermostUnderTest>[0]['fail']>[0], only?: string) =>
      server.fail(
        kind === 'limited' ? { kind, retryAfterSeconds: 7 } : kind === 'status' ? { kind, status: 500 } : { kind },
        only === undefined ? {} : { only },
      ),
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
