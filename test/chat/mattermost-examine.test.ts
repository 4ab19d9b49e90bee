import { fakeMattermost } from '../fakes/mattermost/server.js';
import { mattermostExamineContract } from './mattermost-examine.contract.js';

mattermostExamineContract('ours', async () => {
  const server = await fakeMattermost();
  return { ...server, end: server.close };
});
