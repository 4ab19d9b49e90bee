import { afterEach, describe, expect, it } from 'vitest';
import { fakeMattermost } from '../fakes/mattermost/server.js';
import { isQuiet } from './noise.js';
import { expectSame, type Place, type Played, play } from './parity.js';
import { atMattermost } from './parity-mattermost.js';
import { atSlack } from './parity-slack.js';
import { atTheWeb } from './parity-web.js';

let place: Place;
afterEach(() => place.end());
const played = new Map<string, Played>();

const places: [string, () => Promise<Place>][] = [
  ['the web room', atTheWeb],
  ['Slack by HTTP', () => atSlack('HTTP')],
  ['Slack by Socket Mode', () => atSlack('Socket Mode')],
  [
    'Mattermost',
    () =>
      atMattermost(async () => {
        const server = await fakeMattermost();
        return {
          ...server,
          makeTeamAdmin: async (who) => server.makeTeamAdmin(who),
          async end() {
            await server.close();
            expect(server.violations).toEqual([]);
          },
        };
      }),
  ],
];

describe('the same incident, the same verbs, the same walk', () => {
  it.each(places)('in %s', async (name, open) => {
    place = await open();
    const mine = await play(place);
    await isQuiet(place.tale);
    played.set(name, mine);
    const [first] = played.values();
    expectSame(first as Played, mine);
  });
});
