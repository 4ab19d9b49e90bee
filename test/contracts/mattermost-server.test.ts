import { fakeMattermost } from '../fakes/mattermost/server.js';
import { mattermostCallbacksContract } from './mattermost-callbacks.contract.js';
import { mattermostServerContract } from './mattermost-server.contract.js';

async function start() {
  const server = await fakeMattermost();
  return { ...server, stop: server.close };
}
mattermostServerContract('ours', start);
mattermostCallbacksContract('ours', start);
