import { startMattermost } from '../fakes/mattermost-server.js';
import { mattermostCallbacksContract } from './mattermost-callbacks.contract.js';
import { mattermostServerContract } from './mattermost-server.contract.js';

mattermostServerContract('a real one', startMattermost);
mattermostCallbacksContract('a real one', startMattermost);
