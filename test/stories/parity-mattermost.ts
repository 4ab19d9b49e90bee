import { type Pace, usualPace } from '../../src/chat/mattermost/inbound/pace.js';
import { mattermostPlatform } from '../../src/chat/mattermost/platform.js';
import type { MattermostSettings } from '../../src/chat/mattermost/settings.js';
import { mattermostWayIn } from '../../src/chat/mattermost/way-in.js';
import type { AdapterParts, ChatAdapter, WayIn } from '../../src/chat/platform.js';
import { until } from '../chat/mattermost-room.js';
import { type Whispered, watching } from '../fakes/mattermost/person.js';
import type { Account } from '../fakes/mattermost-server.js';
import type { Played as Server } from './mattermost-story.js';
import { file, type Place, type Said, type Seat, type Shown } from './parity.js';
import { partsOf } from './parity-parts.js';
import { playbooks } from './parity-web.js';
import { type Story, story } from './story.js';

type Attachments = NonNullable<Whispered['props']['attachments']>;
interface Post {
  id: string;
  create_at: number;
  delete_at: number;
  message: string;
  type: string;
  is_pinned: boolean;
  props: { attachments?: (Attachments[number] & { fields?: { title: string; value: string }[] })[] };
  metadata?: { files?: { name: string }[] };
}

/** A Mattermost server, real or ours. */
export async function atMattermost(start: () => Promise<Server>): Promise<Place> {
  const shelf = playbooks();
  const server = await start();
  await server.makeTeamAdmin(server.bot);
  let way: WayIn | null = null;
  const at = Date.now();
  const parts = partsOf('mattermost', () => tale, at);
  const chat = adapter(server, parts, (made) => {
    way = made;
  });
  const tale: Story = await story({
    at,
    file: file(`mattermost: { url: "${server.url}", team: ${server.team.name} }\n`),
    config: { playbooksFolder: shelf.folder },
    env: { MATTERMOST_TOKEN: server.bot.token },
    adapters: [chat],
  });
  await until(() => way?.state().ready === true, 'Mattermost is heard', 30_000);
  let channel = '';
  const seats: Awaited<ReturnType<typeof seated>>[] = [];
  await server.as(server.admin, 'POST', `/teams/${server.team.id}/members`, {
    team_id: server.team.id,
    user_id: server.carol.id,
  });
  for (const who of [server.ada, server.bob, server.carol]) seats.push(await seated(server, who, () => channel));
  const [ada, bob, carol] = seats.map(({ seat }) => seat) as [Seat, Seat, Seat];
  return {
    tale,
    async enter(id) {
      channel = id;
      const members = await server.as<{ user_id: string }[]>(server.admin, 'GET', `/channels/${id}/members`);
      for (const who of [server.bob, server.carol])
        await server.as(who, 'POST', `/channels/${id}/members`, { user_id: who.id });
      return members
        .flatMap(({ user_id }) => [server.ada, server.bob].filter((each) => each.id === user_id))
        .map(({ username }) => username);
    },
    ada,
    bob,
    carol,
    marks: 'a reaction, a pin',
    platform: chat.platform,
    async files() {
      const posts = await postsOf(server, server.ada, channel);
      return posts.flatMap(({ metadata }) => (metadata?.files ?? []).map(({ name }) => name));
    },
    async end() {
      for (const { close } of seats) close();
      await tale.end();
      await server.end();
      shelf.remove();
    },
  };
}

const quickPace: Pace = {
  ...usualPace,
  durableWithinMs: 30_000,
  answerWithinMs: 30_000,
  reconnectMs: 20,
  notedEveryMs: 0,
};

/** Mattermost as the configuration makes it, but in no hurry. */
function adapter(server: Server, parts: AdapterParts, made: (way: WayIn) => void): ChatAdapter {
  const settings: MattermostSettings = {
    url: server.url,
    token: server.bot.token,
    team: server.team.name,
    callbackUrl: null,
    commandToken: null,
    keepReactions: ['pushpin'],
  };
  return {
    platform: mattermostPlatform(settings, parts),
    wayIn(inbound) {
      const way = mattermostWayIn(settings, parts, inbound, quickPace);
      made(way);
      return way;
    },
  };
}

/** Oldest first, as whoever reads them gets them. */
async function postsOf(server: Server, who: Account, channel: string): Promise<Post[]> {
  const { posts } = await server.as<{ posts: Record<string, Post> }>(
    who,
    'GET',
    `/channels/${channel}/posts?page=0&per_page=200`,
  );
  return Object.values(posts)
    .filter(({ type, delete_at }) => !type.startsWith('system_') && delete_at === 0)
    .sort((one, other) => one.create_at - other.create_at);
}

async function seated(server: Server, who: Account, channel: () => string): Promise<{ seat: Seat; close(): void }> {
  const { id: userId } = who;
  const eyes = await watching(server, who);
  let last: Whispered[] = [];

  /** What is done there is answered by a whisper each, or by a form. */
  async function act(
    does: () => Promise<unknown>,
    { times = 1, filling = undefined as string | undefined, typed = false } = {},
  ): Promise<Shown> {
    const [whispers, dialogs] = [eyes.whispered.length, eyes.dialogs.length];
    const answered = () => eyes.whispered.length - whispers + (eyes.dialogs.length - dialogs);
    await Promise.all(Array.from({ length: times }, does));
    await until(() => answered() >= times, 'an answer', 30_000);
    if (eyes.dialogs.length === dialogs || filling === undefined) {
      last = eyes.whispered.slice(whispers).slice(0, 1);
      return { text: last.map(textOf).join(' '), buttons: last.flatMap(actionsOf).map(({ name }) => name) };
    }
    await send(filling);
    // What was typed has an address for its answer, what was pressed has none.
    if (typed) await until(() => eyes.whispered.length > whispers, 'an answer', 30_000);
    last = eyes.whispered.slice(whispers);
    return { text: last.map(textOf).join(' '), buttons: [], asked: 'a form' };
  }

  /** Fills in the form that is open: what else it asks for stays as it is. */
  async function send(words: string): Promise<void> {
    const asked = eyes.dialogs.at(-1);
    const elements = asked?.dialog.elements ?? [];
    const answer = await server.as<{ error?: string; errors?: object }>(who, 'POST', '/actions/dialogs/submit', {
      url: asked?.url,
      channel_id: channel(),
      team_id: server.team.id,
      state: asked?.dialog.state,
      submission: Object.fromEntries(
        elements.map(({ name, default: given = '' }, index) => [name, index === 0 ? words : given]),
      ),
    });
    if (answer.error || answer.errors) throw new Error(JSON.stringify(answer));
  }

  const read = async (of: string): Promise<Said[]> =>
    (await postsOf(server, who, of)).flatMap((post) =>
      post.metadata?.files?.length
        ? []
        : [{ text: textOf(post), pinned: post.is_pinned, buttons: actionsOf(post).map(({ name }) => name) }],
    );
  const fits = (label: string) => (each: { name: string }) => each.name.toLowerCase().includes(label.toLowerCase());

  const alone = async (): Promise<string> =>
    (await server.as<{ id: string }>(who, 'POST', '/channels/direct', [server.bot.id, userId])).id;
  const pressesIn: (of: string, ...how: Parameters<Seat['presses']>) => Promise<Shown> = async (
    of,
    label,
    { filling, times = 1 } = {},
  ) => {
    const all = (await postsOf(server, who, of)).flatMap((post) =>
      actionsOf(post).map((action) => ({ ...action, post: post.id })),
    );
    const found = all.findLast(fits(label));
    if (!found) throw new Error(`${who.username} sees no button ${label}: ${all.map(({ name }) => name).join(', ')}`);
    return act(() => server.as(who, 'POST', `/posts/${found.post}/actions/${found.id}`, {}), { times, filling });
  };

  const seat: Seat = {
    types: (line, filling) =>
      act(
        () =>
          server.as(who, 'POST', '/commands/execute', {
            channel_id: channel(),
            command: `/incident ${line}`.trim(),
            team_id: server.team.id,
          }),
        { filling, typed: true },
      ),
    presses: (label, how) => pressesIn(channel(), label, how),
    pressesAlone: async (label, filling) => pressesIn(await alone(), label, { filling }),
    pressesAnswer(label, filling) {
      const all = last.flatMap((post) => actionsOf(post).map((action) => ({ ...action, post: post.id })));
      const found = all.findLast(fits(label));
      if (!found)
        throw new Error(`${who.username} was given no button ${label}: ${all.map(({ name }) => name).join(', ')}`);
      const { cookie } = found;
      return act(() => server.as(who, 'POST', `/posts/${found.post}/actions/${found.id}`, { cookie }), { filling });
    },
    reads: () => read(channel()),
    readsAlone: async () => read(await alone()),
    async readsUpdates() {
      const found = await server.as<{ id: string }>(who, 'GET', `/teams/${server.team.id}/channels/name/stakeholders`);
      await server.as(who, 'POST', `/channels/${found.id}/members`, { user_id: userId });
      return read(found.id);
    },
    async keeps(words) {
      const said = await server.as<Post>(who, 'POST', '/posts', { channel_id: channel(), message: words });
      for (const _ of [1, 2])
        await server.as(who, 'POST', '/reactions', { user_id: userId, post_id: said.id, emoji_name: 'pushpin' });
      return said.create_at;
    },
    async mentions() {
      const at = `/channels/${channel()}/members/${userId}`;
      const { mention_count: counted } = await server.as<{ mention_count?: number }>(who, 'GET', at);
      if (counted !== undefined) return counted;
      // Ours counts none: a real one counts those that stand so in the words.
      const posts = await postsOf(server, who, channel());
      return posts.filter((post) => new RegExp(`(^|[^\\w.])@${who.username}\\b`).test(textOf(post))).length;
    },
  };
  return { seat, close: eyes.close };
}

const actionsOf = ({ props }: { props?: Whispered['props'] }): NonNullable<Attachments[number]['actions']> =>
  (props?.attachments ?? []).flatMap(({ actions }) => actions ?? []);
const textOf = ({ message, props }: Pick<Post, 'message' | 'props'>): string =>
  [
    message,
    ...(props?.attachments ?? []).flatMap(({ text, fields }) => [
      text ?? '',
      ...(fields ?? []).map(({ title, value }) => `${title} ${value}`),
    ]),
  ].join('\n');
