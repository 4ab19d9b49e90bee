import { startMattermost } from '../fakes/mattermost-server.js';
import { mattermostServerContract } from './mattermost-server.contract.js';

mattermostServerContract('a real one', startMattermost);
