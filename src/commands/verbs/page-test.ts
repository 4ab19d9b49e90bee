import type { Verb } from '../verb.js';

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

export const pageTest: Verb = {
  name: 'page-test',
  aliases: ['test-page', 'try-page', 'test-paging', 'page-me'],
  group: 'Open and find',
  usage: 'page-test',
  examples: ['page-test'],
  help: 'Try the ways you are called by, without an incident.',
  alone: true,
  where: 'anywhere',
  async read(_, about) {
    const ways = await about.tryWays();
    const words = `A test page goes to you by ${listed(ways)}. Within half a minute a direct message says what took it. If none comes, chat cannot reach you.`;
    return { kind: 'say', reply: { text: words } };
  },
};
