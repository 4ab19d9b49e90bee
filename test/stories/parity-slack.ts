import { expect } from 'vitest';
import type { AdapterParts, ChatAdapter, WayIn } from '../../src/chat/platform.js';
import { slackApi } from '../../src/chat/slack/api.js';
import { instantOf } from '../../src/chat/slack/inbound/plain-text.js';
import { knowing } from '../../src/chat/slack/people.js';
import { slackPlatform } from '../../src/chat/slack/platform.js';
import type { SlackSettings } from '../../src/chat/slack/settings.js';
import { slackWayIn } from '../../src/chat/slack/way-in.js';
import { until } from '../chat/mattermost-room.js';
import { shown as wordsIn } from '../fakes/slack/far-side.js';
import { type SlackWorkspace, startSlack } from '../fakes/slack/workspace.js';
import { acts, httpDispatcher, type Way } from '../fakes/slack-dispatcher.js';
import { quickPace, signingSecret } from '../fakes/slack-room.js';
import { muster, type SlackSide, startSlackSide } from '../fakes/slack-side.js';
import { startSocketSide } from '../fakes/socket-mode.js';
import { file, type Place, type Said, type Seat, type Shown } from './parity.js';
import { partsOf } from './parity-parts.js';
import { playbooks } from './parity-web.js';
import { type Story, story } from './story.js';

type Fields = Record<string, unknown>;
interface SlackButton {
  type: 'button';
  action_id: string;
  text: { text: string };
  value: string;
}

/** A Slack workspace, with Slack's own client where Muster connects by itself. */
export async function atSlack(how: 'HTTP' | 'Socket Mode'): Promise<Place> {
  const shelf = playbooks();
  const workspace = await startSlack({ people: ['ada', 'bob', 'carol'] });
  const side = await startSlackSide({ apiUrl: workspace.apiUrl, token: workspace.token });
  const socket = how === 'Socket Mode' ? await startSocketSide(side) : null;
  let way: WayIn | null = null;
  const at = Date.now();
  const chat = adapter(
    { botToken: workspace.token, apiUrl: side.apiUrl },
    socket !== null,
    partsOf('slack', () => tale, at),
    (made) => {
      way = made;
    },
  );
  const tale: Story = await story({
    at,
    file: file(),
    config: { playbooksFolder: shelf.folder },
    env: { SLACK_BOT_TOKEN: workspace.token, SLACK_SIGNING_SECRET: signingSecret },
    adapters: [chat],
  });
  await until(() => way?.state().ready === true, 'Slack is heard', 30_000);
  const dispatch = socket ?? httpDispatcher(tale.bot.url, signingSecret, tale.now);
  let channel = '';
  const seat = (name: string): Seat => seated({ workspace, side, dispatch, tale, channel: () => channel }, name);
  return {
    tale,
    async enter(id) {
      channel = id;
      return workspace.members(id);
    },
    ada: seat('ada'),
    bob: seat('bob'),
    carol: seat('carol'),
    marks: 'a reaction, a pin',
    platform: chat.platform,
    files: async () => (await workspace.files(channel)).map(({ name }) => name),
    async end() {
      await tale.end();
      await socket?.close();
      await side.close();
      await workspace.close();
      shelf.remove();
      expect([...side.violations, ...workspace.violations]).toEqual([]);
    },
  };
}

/** Slack as the configuration makes it, but without the waiting that it asks for. */
function adapter(
  at: Pick<SlackSettings, 'botToken' | 'apiUrl'>,
  socket: boolean,
  parts: AdapterParts,
  made: (way: WayIn) => void,
): ChatAdapter {
  const settings: SlackSettings = {
    ...at,
    appToken: socket ? muster.appToken : null,
    signingSecret: socket ? null : signingSecret,
    inviteGroups: [],
    keepReactions: ['pushpin'],
  };
  let passed = 0;
  const pace = {
    now: () => passed,
    sleep: async (ms: number) => {
      passed += ms;
    },
  };
  const api = slackApi(settings, { pace });
  const { knownIn } = knowing('slack', api, parts, parts.now);
  return {
    platform: slackPlatform(settings, parts, { api, pace }),
    wayIn(inbound) {
      const way = slackWayIn(settings, parts, inbound, {
        api,
        known: knownIn,
        pace: { ...quickPace, durableWithinMs: 30_000 },
      });
      made(way);
      return way;
    },
  };
}

interface At {
  workspace: SlackWorkspace;
  side: SlackSide;
  dispatch: Way;
  tale: Story;
  channel(): string;
}

let views = 0;

function seated({ workspace, side, dispatch, tale, channel }: At, name: string): Seat {
  const user = workspace.user(name);
  const does = acts(side);
  let last: { buttons: SlackButton[]; ts: string } = { buttons: [], ts: '1.000001' };
  const told = (): Fields[] => ['respond', 'chat.postEphemeral'].flatMap((method) => side.asked(method));
  const shown = (messages: readonly Fields[]): Shown => {
    last = { buttons: messages.flatMap(buttonsOf), ts: '1.000001' };
    return { text: messages.map(textOf).join(' '), buttons: last.buttons.map(labelOf) };
  };

  /** Sends what was done as often, and waits until it was answered as often. */
  async function act(make: () => Parameters<Way['send']>[0], times = 1, filling?: string): Promise<Shown> {
    const [answers, forms] = [told().length, side.asked('views.open').length];
    const taken = await Promise.all(Array.from({ length: times }, () => dispatch.send(make())));
    expect(taken.map(({ ok }) => ok)).not.toContain(false);
    const direct = taken.flatMap(({ answer }) => (answer?.blocks ? [answer] : []));
    const opened = () => side.asked('views.open').length - forms;
    if (direct.length < times)
      await until(() => told().length - answers + direct.length + opened() >= times, 'an answer', 30_000);
    if (opened() === 0 || filling === undefined) return shown([...direct, ...told().slice(answers)].slice(0, 1));
    return { ...(await act(() => filled(filling))), asked: 'a form' };
  }

  function filled(words: string): Parameters<Way['send']>[0] {
    const { view } = side.asked('views.open').at(-1) as { view: { blocks: Fields[] } };
    const inputs = view.blocks.filter(({ type }) => type === 'input');
    const values = inputs.map(({ block_id, element }, index): [string, string] => [
      block_id as string,
      index === 0 ? words : String((element as Fields).initial_value ?? ''),
    ]);
    const typed = values.filter(([, value]) => value !== '');
    return does.submit(Object.fromEntries(typed), { user, viewId: `V${++views}` });
  }

  const call = async (method: string, args: Record<string, string>): Promise<Fields> => {
    const response = await fetch(`${workspace.apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${workspace.token}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(args),
    });
    return (await response.json()) as Fields;
  };
  const history = async (of: string): Promise<Fields[]> =>
    ((await call('conversations.history', { channel: of, limit: '200' })).messages as Fields[]).reverse();
  /** Ids stand for people and channels; whoever reads it sees names. */
  async function read(text: string): Promise<string> {
    const people = new Map(['ada', 'bob', 'carol'].map((each) => [workspace.user(each), each]));
    let shown = text.replace(/@(U\w+)/g, (_, id) => `@${people.get(id)}`);
    for (const [mark, id = ''] of text.matchAll(/#(C\w+)/g))
      shown = shown.replace(mark, `#${(await workspace.channel(id)).name}`);
    return shown;
  }
  async function reads(of: string): Promise<Said[]> {
    const raw = new Map((await history(of)).map((message) => [String(message.ts), message]));
    const all = (await workspace.messages(of)).map(async ({ id, text, pinned }) => ({
      text: await read(text || String(raw.get(id)?.text)),
      pinned,
      buttons: buttonsOf(raw.get(id) ?? {}).map(labelOf),
    }));
    return Promise.all(all);
  }
  const press = ({ action_id: actionId, value, text }: SlackButton, ts: string, index: number, of = channel()) =>
    does.press(value, { user, channel: of, ts, actionId, label: text.text, at: tale.now() + index * 200 });

  const alone = async (): Promise<string> =>
    ((await call('conversations.open', { users: user })).channel as { id: string }).id;
  const pressesIn: (of: string, ...how: Parameters<Seat['presses']>) => Promise<Shown> = async (
    of,
    label,
    { filling, times = 1 } = {},
  ) => {
    const all = (await history(of)).flatMap((message) =>
      buttonsOf(message).map((button) => ({ button, ts: String(message.ts) })),
    );
    const found = all.findLast(({ button }) => labelOf(button).toLowerCase().includes(label.toLowerCase()));
    if (!found)
      throw new Error(`${name} sees no button ${label}: ${all.map(({ button }) => labelOf(button)).join(', ')}`);
    let index = 0;
    return act(() => press(found.button, found.ts, index++, of), times, filling);
  };

  return {
    types: (line, filling) =>
      act(
        () =>
          does.command(
            line.replace(/@(\w+)/g, (_, who) => `<@${workspace.user(who)}|${who}>`),
            { user, channel: channel() },
          ),
        1,
        filling,
      ),
    presses: (label, how) => pressesIn(channel(), label, how),
    pressesAlone: async (label, filling) => pressesIn(await alone(), label, { filling }),
    pressesAnswer(label, filling) {
      const found = last.buttons.findLast((each) => labelOf(each).toLowerCase().includes(label.toLowerCase()));
      if (!found) throw new Error(`${name} was given no button ${label}: ${last.buttons.map(labelOf).join(', ')}`);
      return act(() => press(found, last.ts, 0), 1, filling);
    },
    reads: () => reads(channel()),
    readsAlone: async () => reads(await alone()),
    async readsUpdates() {
      const { channels } = (await call('conversations.list', { limit: '200' })) as { channels: Fields[] };
      return reads(channels.find((each) => each.name === 'stakeholders')?.id as string);
    },
    async keeps(words) {
      const ts = await workspace.say(channel(), words);
      const item = { type: 'message', channel: channel(), ts };
      for (const _ of [1, 2])
        await dispatch.send(does.event({ type: 'reaction_added', user, reaction: 'pushpin', item, item_user: user }));
      return instantOf(ts);
    },
    mentions: async () =>
      JSON.stringify(await history(channel())).split(`"type":"user","user_id":"${user}"`).length - 1,
  };
}

const textOf = ({ blocks }: Fields): string => wordsIn(blocks as Fields[]);
const labelOf = ({ text }: SlackButton): string => text.text;
const buttonsOf = ({ blocks }: Fields): SlackButton[] =>
  ((blocks ?? []) as { type: string; elements: SlackButton[] }[]).flatMap(({ type, elements }) =>
    type === 'actions' ? elements : [],
  );
