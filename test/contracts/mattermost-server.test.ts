import { fakeMattermost } from '../fakes/mattermost/server.js';
import { mattermostServerContract } from './mattermost-server.contract.js';

mattermostServerContract('ours', async () => {
  const server = await fakeMattermost();
  return { ...server, stop: server.close };
});
