import { expect } from 'vitest';
import { fakeMattermost } from '../fakes/mattermost/server.js';
import { mattermostStory } from './mattermost-story.js';

mattermostStory('a server of ours', async () => {
  const server = await fakeMattermost();
  return {
    ...server,
    makeTeamAdmin: async (who) => server.makeTeamAdmin(who),
    async end() {
      await server.close();
      expect(server.violations).toEqual([]);
    },
  };
});
