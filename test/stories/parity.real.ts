import { afterEach, expect, it } from 'vitest';
import { startMattermost } from '../fakes/mattermost-server.js';
import { isQuiet } from './noise.js';
import { expectSame, type Place, play } from './parity.js';
import { atMattermost } from './parity-mattermost.js';
import { atTheWeb } from './parity-web.js';

let place: Place | null = null;
afterEach(() => place?.end());

it('the same incident, the same verbs, the same walk on a real Mattermost server', async () => {
  const web = await atTheWeb();
  const there = await play(web).finally(() => web.end());
  place = await atMattermost(async () => {
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
  const here = await play(place);
  await isQuiet(place.tale);
  expectSame(there, here);
  expect(here.timeline.length).toBeGreaterThan(20);
});
