import { startMattermost } from '../fakes/mattermost-server.js';
import { mattermostExamineContract } from './mattermost-examine.contract.js';

mattermostExamineContract('a real one', async () => {
  const server = await startMattermost();
  return { ...server, end: server.stop };
});
