import { afterEach, describe, expect, it } from 'vitest';
import type { ChatInbound, SaidMessage } from '../../src/chat/platform.js';
import { builtInPolicy } from '../../src/config/defaults.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { plainText } from '../../src/messages/plain.js';
import { machine } from '../../src/people/viewer.js';
import { quietAdapter } from '../fakes/quiet-adapter.js';
import { noon, type Story, story } from './story.js';

const token = `ghp_${'q7Rz2Lk9'.repeat(4)}Xy81`;

describe('what people say on a chat platform', () => {
  let told: Story;
  let chat: ChatInbound;
  let posts: { channel: string; text: string }[];
  afterEach(() => told.end());

  async function begin() {
    posts = [];
    const quiet = quietAdapter('there', {
      async post({ channel, card }) {
        posts.push({ channel, text: plainText(card) });
        return `M${posts.length}`;
      },
    });
    const policy = { ...builtInPolicy([]), platforms: ['there'] };
    told = await story({ config: { policy }, adapters: [quiet.adapter] });
    chat = quiet.inbound();
  }
  async function declared(line = 'declare Registry: pushes fail') {
    await told.bot.identify('there', 'ada', 'Ada');
    const ada = (await told.bot.identify('there', 'ada', 'Ada')).personId;
    const bob = (await told.bot.identify('there', 'bob', 'Bob')).personId;
    await chat.command({ id: line, text: `/incident ${line}`, personId: ada, platform: 'there', channel: null });
    await told.bot.runner.untilIdle();
    const { id, number, channels } = await told.incident(1);
    return { id, number, channel: channels.there?.channel as string, ada, bob };
  }
  const words = async (id: string, type: TimelineEvent['type']) =>
    (await told.bot.store.timeline(machine, id)).filter((event) => event.type === type);
  const shown = async () =>
    (await told.get('/api/incidents/1/timeline')).json<{ timeline: { seq: number; at: number; text: string }[] }>()
      .timeline;

  it('is kept on the timeline with the time it was said, once, and nothing is posted of it', async () => {
    await begin();
    const { id, channel, ada, bob } = await declared();
    told.sleep({ seconds: 600 });
    const said: SaidMessage = {
      platform: 'there',
      channel,
      message: '17',
      text: 'registry-2 is out of disk\nsince 11:58',
      personId: bob,
      at: noon + 60_000,
    };
    const before = posts.length;
    const marked = await Promise.all([1, 2].map(() => chat.keep({ ...said, keptBy: ada })));
    expect([...marked, await chat.keep({ ...said, keptBy: bob })]).toEqual([true, true, true]);
    await told.bot.runner.untilIdle();
    expect(posts.slice(before)).toEqual([]);
    const kept = await words(id, 'messageKept');
    expect(kept).toMatchObject([
      { at: noon + 60_000, recordedAt: noon + 600_000, actor: { personId: ada }, body: { by: bob, how: 'marked' } },
    ]);
    expect((await shown()).at(-1)?.text).toBe('Bob said: “registry-2 is out of disk\nsince 11:58”; Ada kept it');
    expect((await told.incident(1)).responders).toEqual([ada]);

    const elsewhere = { ...said, channel: 'C999' };
    expect(await chat.keep({ ...elsewhere, keptBy: ada })).toBe(false);
  });

  it('is followed when it is changed or deleted there, each once, and only where it was kept', async () => {
    await begin();
    const { id, channel, ada, bob } = await declared();
    const place = { platform: 'there', channel, message: '17' };
    await chat.revise({ ...place, text: 'not kept yet', at: noon });
    await chat.keep({ ...place, text: 'the disk is full', personId: bob, at: noon, keptBy: ada });
    await chat.revise({ ...place, text: 'the disk is full', at: noon + 1 });
    for (const _ of [1, 2]) await chat.revise({ ...place, text: 'the disk of registry-2 is full', at: noon + 2 });
    for (const _ of [1, 2]) await chat.revise({ ...place, text: null, at: noon + 3 });
    await chat.revise({ ...place, text: 'back again', at: noon + 4 });
    const [kept, changed, deleted, ...more] = (await shown()).slice(-3);
    expect(more).toEqual([]);
    expect(kept?.text).toBe('Bob said: “the disk is full”; Ada kept it');
    expect(changed?.text).toBe(`Bob changed what entry ${kept?.seq} keeps: “the disk of registry-2 is full”`);
    expect(deleted?.text).toBe(`Bob deleted what entry ${kept?.seq} keeps where it was said`);
    expect(await words(id, 'keptMessageRevised')).toHaveLength(1);
    expect(await words(id, 'keptMessageWithdrawn')).toHaveLength(1);
  });

  it('stays with those who may see a private incident, can be kept after the end, and by nobody who has left', async () => {
    await begin();
    const { id, channel, ada, bob } = await declared('declare --private A key is burnt');
    const said = { platform: 'there', channel, text: 'it was used', personId: ada, at: noon };
    expect(await chat.keep({ ...said, message: '1', keptBy: bob })).toBe(false);
    for (const line of ['resolve Key revoked', 'close'])
      await chat.command({ id: line, text: line, personId: ada, platform: 'there', channel });
    expect((await told.incident(1)).status).toBe('closed');
    expect(await chat.keep({ ...said, message: '2', keptBy: ada })).toBe(true);
    await told.bot.store.access([{ setGone: { personId: ada, at: told.now() } }]);
    expect(await chat.keep({ ...said, message: '3', keptBy: ada })).toBe(false);
    expect(await words(id, 'messageKept')).toHaveLength(1);
    expect(plainText(await chat.home(ada))).toContain('You have left');
    expect(await chat.form({ text: '/incident declare', personId: ada, platform: 'there', channel: null })).toBeNull();
  });

  it('is hidden where it holds a secret, who said it is told alone, and erased it stays erased', async () => {
    await begin();
    const { id, channel, ada, bob } = await declared();
    const place = { platform: 'there', channel, message: '17' };
    await chat.keep({ ...place, text: `use ${token}`, personId: bob, at: noon, keptBy: ada });
    await told.bot.runner.untilIdle();
    const direct = posts.filter((post) => post.channel === `D${bob}`);
    expect(direct).toHaveLength(1);
    expect(direct[0]?.text).toContain('GitHub token');
    expect(JSON.stringify([posts, await shown()])).not.toContain(token);

    const [{ seq } = { seq: 0 }] = await words(id, 'messageKept');
    const redacted = await chat.command({
      id: 'r',
      text: `/incident redact ${seq}`,
      personId: bob,
      platform: 'there',
      channel,
    });
    expect(redacted.refusal).toBeUndefined();
    await chat.revise({ ...place, text: `please use ${token}`, at: noon + 5 });
    expect(JSON.stringify(await told.bot.store.timeline(machine, id))).not.toContain(token);
    expect((await told.bot.store.verify()).problems).toEqual([]);
    expect(await chat.keep({ ...place, text: `use ${token}`, personId: bob, at: noon, keptBy: ada })).toBe(true);
    expect(JSON.stringify(await told.bot.store.timeline(machine, id))).not.toContain(token);
  });

  it('can be what an incident is declared from: it stands first on its timeline, and its edits follow', async () => {
    await begin();
    const ada = (await told.bot.identify('there', 'ada', 'Ada')).personId;
    const from = {
      platform: 'there',
      channel: 'Cgeneral',
      message: '9',
      text: 'pushes fail\nfor all of us',
      personId: null,
      at: noon - 90_000,
    };
    const asked = { personId: ada, platform: 'there', channel: 'Cgeneral' };
    const form = await chat.form({ ...asked, text: '/incident declare', from });
    expect(form?.fields.find(({ name }) => name === 'title')?.value).toBe('pushes fail');
    for (const _ of [1, 2]) await chat.command({ ...asked, id: '1', text: '/incident declare pushes fail', from });
    const { id } = await told.incident(1);
    await chat.revise({ platform: 'there', channel: 'Cgeneral', message: '9', text: 'pushes fail for all', at: noon });
    const timeline = await shown();
    expect(timeline.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'Somebody said: “pushes fail\nfor all of us”; this was declared from it',
        expect.stringMatching(/^What entry \d+ keeps was changed where it was said: “pushes fail for all”$/),
      ]),
    );
    expect(await words(id, 'messageKept')).toMatchObject([{ at: noon - 90_000 }]);
    expect((await told.bot.store.incidents(machine, { limit: 5, offset: 0 })).total).toBe(1);
  });
});
