import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeMattermost } from '../fakes/mattermost/server.js';
import { isQuiet } from './noise.js';
import { expectSame, type Place, type Played, play } from './parity.js';
import { atMattermost } from './parity-mattermost.js';
import { atSlack } from './parity-slack.js';
import { atTheWeb } from './parity-web.js';

let place: Place | null = null;
afterEach(async () => {
  await place?.end();
  place = null;
});
const played = new Map<string, Played>();
const abilities = new Map<string, Record<string, string>>();
const page = 'docs/platforms/README.md';
const begin = '<!-- written by MUSTER_WRITE_DOCS=1 npx vitest run test/stories/parity.test.ts -->\n';

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
  it.each(places)(
    'in %s',
    async (name, open) => {
      place = await open();
      const mine = await play(place);
      await isQuiet(place.tale);
      played.set(name, mine);
      abilities.set(name, { ...can(place.platform), ...mine.can });
      const [first] = played.values();
      expectSame(first as Played, mine);
    },
    60_000,
  );

  it('what each can do stands on its page', () => {
    expect(played.size).toBe(places.length);
    expect(abilities.get('Slack by HTTP')).toEqual(abilities.get('Slack by Socket Mode'));
    const columns = ['the web room', 'Slack by HTTP', 'Mattermost'].map((name) => abilities.get(name) ?? {});
    const rows = Object.keys(columns[0] ?? {}).map((what) => [what, ...columns.map((each) => each[what])]);
    const table = [['', 'Web room', 'Slack', 'Mattermost'], ['---', '---', '---', '---'], ...rows];
    const lines = table.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
    const [before, rest = ''] = readFileSync(page, 'utf8').split(begin);
    const written = `${before}${begin}\n${lines}${rest.slice(rest.indexOf('\n\n', 1) + 1)}`;
    if (process.env.MUSTER_WRITE_DOCS) writeFileSync(page, written);
    expect(readFileSync(page, 'utf8')).toBe(written);
  });
});

/** What the adapter says of itself. */
function can({ abilities: has, ...platform }: Place['platform']): Record<string, string> {
  const yes = (there: boolean, instead = 'no'): string => (there ? 'yes' : instead);
  return {
    'An incident has a channel of its own': yes(has.channels),
    'The card is pinned, and kept up to date': yes(has.pins && has.edits),
    'Buttons, and forms': yes(has.buttons && has.forms),
    'The head of the channel tells how it stands': yes(platform.describe !== undefined, 'no: the card does'),
    'A channel is put away after the end': yes(platform.archive !== undefined),
  };
}
