import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdapterParts, ChatAdapter, WayIn } from '../../src/chat/platform.js';
import { slackApi } from '../../src/chat/slack/api.js';
import { knowing } from '../../src/chat/slack/people.js';
import { slackPlatform } from '../../src/chat/slack/platform.js';
import type { SlackSettings } from '../../src/chat/slack/settings.js';
import { slackWayIn } from '../../src/chat/slack/way-in.js';
import { createLog } from '../../src/http/log.js';
import { machine } from '../../src/people/viewer.js';
import { type SlackWorkspace, startSlack } from '../fakes/slack/workspace.js';
import { acts, httpDispatcher, type Way } from '../fakes/slack-dispatcher.js';
import { quickPace, signingSecret, until } from '../fakes/slack-room.js';
import { muster, type SlackSide, startSlackSide } from '../fakes/slack-side.js';
import { type SocketSide, startSocketSide } from '../fakes/socket-mode.js';
import { noon, type Story, story } from './story.js';

type Fields = Record<string, unknown>;

/** Slack as the configuration makes it, but without the waiting that it asks for. */
function adapter(at: Pick<SlackSettings, 'botToken' | 'apiUrl'>, socket: boolean): ChatAdapter {
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
  const parts: AdapterParts = {
    accounts: {
      identify: (...who) => tale.bot.identify(...who),
      async accountOf(on, personId) {
        const { store } = tale.bot;
        const known = await store.person(personId);
        return known && { externalId: await store.accountOn(on, personId), email: known.email, name: known.name };
      },
    },
    publicUrl: () => tale.bot.url,
    // It is asked while the story begins.
    now: () => (tale as Story | undefined)?.now() ?? noon,
    log: createLog('silent'),
    channels: async () => (await tale.bot.store.openChannels('slack')).map(({ channel }) => channel),
    marks: {
      read: (name) => tale.bot.store.mark('slack', name),
      write: (name, value) => tale.bot.store.setMark('slack', name, value),
    },
  };
  const { knownIn } = knowing('slack', api, parts, parts.now);
  return {
    platform: slackPlatform(settings, parts, { api, pace }),
    wayIn(inbound) {
      way = slackWayIn(settings, parts, inbound, { api, known: knownIn, pace: quickPace });
      return way;
    },
  };
}

let tale: Story;
let way: WayIn;
let workspace: SlackWorkspace;
beforeAll(async () => {
  workspace = await startSlack();
});
afterAll(() => workspace.close());

describe.each(['HTTP', 'Socket Mode'] as const)('an incident that is worked on in Slack, by %s', (how) => {
  let side: SlackSide;
  let socket: SocketSide | null;
  afterEach(async () => {
    await (tale as Story | undefined)?.end();
    await socket?.close();
    await side.close();
    expect([...side.violations, ...workspace.violations]).toEqual([]);
  });

  beforeEach(async () => {
    side = await startSlackSide({ apiUrl: workspace.apiUrl, token: workspace.token });
    socket = how === 'Socket Mode' ? await startSocketSide(side) : null;
    tale = await story({
      adapters: [adapter({ botToken: workspace.token, apiUrl: side.apiUrl }, socket !== null)],
      env: { SLACK_BOT_TOKEN: workspace.token, SLACK_SIGNING_SECRET: signingSecret },
    });
    await until(() => way.state().ready);
  });

  it('is declared in a form, acknowledged by a button, told of by a command, and keeps what was marked', async () => {
    const slack: Way = socket ?? httpDispatcher(tale.bot.url, signingSecret, tale.now);
    const ada = workspace.user('ada');
    const bob = workspace.user('bob');
    const does = acts(side);
    const send = async (dispatch: Parameters<Way['send']>[0]) => {
      const taken = await slack.send(dispatch);
      expect(taken.ok, JSON.stringify(taken)).toBe(true);
      await tale.forward({ seconds: 2 });
      return JSON.stringify(taken.answer);
    };

    await send(does.command('declare', { user: ada, channel: 'C0' }));
    const declared = does.submit({ title: 'Pushes fail', severity: { choice: '2' } }, { user: ada });
    await Promise.all([slack.send(declared), slack.send(declared)]);
    await tale.forward({ seconds: 2 });
    expect(await tale.incident(1)).toMatchObject({ title: 'Pushes fail', severity: 'sev2' });
    expect(await tale.bot.store.incident(machine, { number: 2 })).toBeNull();

    const [opened] = await tale.bot.store.openChannels('slack');
    const channel = opened?.channel as string;
    expect(await workspace.channel(channel)).toMatchObject({ name: expect.stringContaining('pushes-fail') });
    const look = async (): Promise<Fields[]> => {
      const response = await fetch(`${workspace.apiUrl}conversations.history`, {
        method: 'POST',
        headers: { authorization: `Bearer ${workspace.token}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ channel, limit: '100' }),
      });
      return ((await response.json()) as { messages: Fields[] }).messages;
    };
    type Button = { value: string; action_id: string; text: { text: string } };
    const buttons = (await look()).flatMap(({ blocks = [], ts }) =>
      (blocks as { type: string; elements: Button[] }[]).flatMap(({ type, elements }) =>
        type === 'actions' ? elements.map((element) => ({ ...element, ts: String(ts) })) : [],
      ),
    );
    const take = buttons.find(({ value }) => value.includes('take commander'));
    const press = { user: bob, channel, ts: take?.ts as string, actionId: take?.action_id as string };
    await Promise.all([0, 200].map((later) => send(does.press(take?.value, { ...press, at: tale.now() + later }))));
    const timeline = async () =>
      (await tale.bot.store.timeline(machine, (await tale.incident(1)).id)).map(({ type, body }) => ({ type, body }));
    expect((await timeline()).filter(({ type }) => type === 'roleAssigned')).toHaveLength(1);

    await send(does.command('update', { user: ada, channel }));
    expect(side.asked('views.open')).toHaveLength(2);
    expect(await send(does.command('update We roll back', { user: ada, channel }))).toContain('ephemeral');
    expect(JSON.stringify(await look())).toContain('We roll back');

    const human = { ts: `${Math.floor(tale.now() / 1_000)}.000900`, user: bob, text: 'the disk is full' };
    await send(
      does.event({
        type: 'pin_added',
        user: ada,
        channel_id: channel,
        item: { type: 'message', channel, message: human },
      }),
    );
    await send(
      does.event({
        type: 'pin_added',
        user: ada,
        channel_id: channel,
        item: { type: 'message', channel, message: { ...human } },
      }),
    );
    expect((await timeline()).filter(({ body }) => JSON.stringify(body).includes('the disk is full'))).toHaveLength(1);

    const chat = { type: 'message', channel_type: 'im', channel: 'D1', ts: '1700000000.000900' };
    await send(does.event({ ...chat, user: ada, text: 'thanks, well done everybody' }));
    await until(() => side.told().some((text) => text.includes('What shall become of this?')));
    expect(await tale.bot.store.incident(machine, { number: 2 })).toBeNull();

    const answered = await send(does.command('ack', { user: bob, channel }));
    expect(answered).toContain('ephemeral');
    const people = await tale.bot.store.people();
    expect(
      people
        .filter(({ email }) => email?.endsWith('@example.com'))
        .map(({ email }) => email)
        .sort(),
    ).toEqual(['ada@example.com', 'bob@example.com']);
  }, 60_000);
});
