import { startMattermost } from '../fakes/mattermost-server.js';
import { mattermostStory } from './mattermost-story.js';

mattermostStory('a real server', async () => {
  const server = await startMattermost();
  return {
    ...server,
    async makeTeamAdmin({ id }) {
      await server.as(server.admin, 'PUT', `/teams/${server.team.id}/members/${id}/roles`, {
        roles: 'team_user team_admin',
      });
    },
    down: server.kill,
    up: () => server.restart(),
    end: server.stop,
  };
});
