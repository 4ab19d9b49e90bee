import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import type { Fault } from '../fakes/remote-chat.js';
import { oneAlert, type RemoteStory, remoteStory } from './remote-story.js';

let here: RemoteStory;
afterEach(() => here.end());

const once = (texts: { key: string }[]): boolean => new Set(texts.map(({ key }) => key)).size === texts.length;

describe('the chat answers badly', () => {
  it('429 with Retry-After: not one request inside it, then everything in order', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await here.outage('git');
    for (const incident of [1, 2]) await told.say('Ada', '/incident ack', incident);
    await told.forward({ seconds: 2 });
    chat.fail({ kind: 'status', status: 429, retryAfterSeconds: 120 }, { only: 'post' });
    const before = chat.requests.length;
    await told.say('Ada', '/incident note one', 1);
    await told.say('Ada', '/incident note two', 1);
    await told.say('Ada', '/incident note elsewhere', 2);
    expect(chat.requests.length - before).toBe(1);
    await told.forward({ seconds: 119 });
    expect(chat.requests.length - before).toBe(1);
    await told.forward({ minutes: 5 });
    expect(chat.requests.filter(({ early }) => early)).toEqual([]);
    const notes = here.said('inc-1').flatMap(({ text }) => /Note by Ada, .*: (.+)/.exec(text)?.[1] ?? []);
    expect(notes).toEqual(['one', 'two']);
    expect(here.said('inc-2').filter(({ text }) => text.includes('elsewhere'))).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['500', { kind: 'status', status: 500 }],
    ['no answer within the deadline', { kind: 'hang' }],
    ['a connection reset before it was done', { kind: 'resetBefore' }],
    ['a connection reset after it was done', { kind: 'resetAfter' }],
  ])('%s: the message is there exactly once, and no try is spent', async (_, fault) => {
    here = await remoteStory({ callsWithinMs: 250 });
    const { told, chat } = here;
    await here.outage('registry');
    chat.fail(fault, { only: 'post', times: 3 });
    await told.say('Ada', '/incident note only once', 1);
    await told.forward({ minutes: 10 });
    const notes = here.said('inc-1').filter(({ text }) => text.includes('only once'));
    expect(notes).toHaveLength(1);
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toEqual([]);
    expect(once(here.said('inc-1'))).toBe(true);
  });

  it('asks whether an ambiguous post arrived before it posts again', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await told.say('Ada', '/incident ack', 1);
    await told.forward({ seconds: 2 });
    chat.fail({ kind: 'resetAfter' }, { only: 'post' });
    const before = chat.requests.length;
    await told.say('Ada', '/incident note only once', 1);
    await told.forward({ seconds: 10 });
    expect(chat.requests.slice(before).map(({ call }) => call)).toEqual(['post', 'find']);
  });
});

describe('the chat is down for an hour, and nothing may go elsewhere', () => {
  it('keeps the order of each incident, tells declarations and people in full, and of its own updates each text once', async () => {
    here = await remoteStory({ awayAfterMs: Infinity });
    const { told, chat } = here;
    await here.outage('registry');
    await told.say('Ada', '/incident ack', 1);
    chat.fail({ kind: 'status', status: 503 }, { times: 100_000 });
    await here.outage('git');
    await here.outage('vault');
    await told.forward({ minutes: 10 });
    await told.say('Ada', '/incident update Ada looks at the disks.', 1);
    await told.forward({ minutes: 31 });
    await told.forward({ minutes: 31 });
    const asked = chat.requests.length;
    chat.heal();
    await told.forward({ minutes: 2 });

    const stakeholders = here.said('stakeholders');
    for (const name of ['registry', 'git', 'vault'])
      expect(
        stakeholders.filter(({ key, text }) => key.includes('/1/') && text.includes(`${name}: fails`)),
      ).toHaveLength(1);
    const updates = stakeholders.filter(({ key }) => key.includes('/update-'));
    const ofRegistry = updates.filter(({ text }) => text.includes('registry: fails'));
    expect(ofRegistry).toHaveLength(2);
    expect(ofRegistry[0]?.text).toContain('Ada looks at the disks.');
    expect(ofRegistry[0]?.text).toMatch(/^From 21 Nov 12:10 UTC, arrives 1 h \d min late\./);
    expect(ofRegistry[1]?.text).toMatch(/^From 21 Nov 13:10 UTC, arrives \d+ min late\.[\s\S]*Automatic update/);
    for (const name of ['git', 'vault']) {
      const own = updates.filter(({ text }) => text.includes(`${name}: fails`));
      expect(own.map(({ text }) => /^From 21 Nov (\d\d:\d\d)/.exec(text)?.[1])).toEqual(['12:30', '13:00']);
      expect(own[1]?.text).toContain('no change since 12:30 UTC');
    }
    for (const incident of [1, 2, 3]) {
      const { id } = await told.incident(incident);
      const said = here.said(`inc-${incident}`).filter(({ key }) => key.startsWith('say/') && key.includes(id));
      const events = await told.bot.store.timeline({ kind: 'machine' }, id);
      const seqOf = (key: string): number => {
        const place = key.split('/')[3] ?? '';
        if (!place.startsWith('update-')) return Number(place);
        const number = Number(place.slice('update-'.length));
        return events.find(
          ({ type, body }) => type === 'updatePosted' && (body as { number: number }).number === number,
        )!.seq;
      };
      const order = said.map(({ key }) => seqOf(key));
      expect(order.length).toBeGreaterThan(2);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(once(here.said(`inc-${incident}`))).toBe(true);
    }
    expect(asked).toBeLessThan(300);
    expect((await told.bot.store.jobs({ limit: 100 })).filter(({ dueAt }) => dueAt <= told.now())).toEqual([]);
  });
});

describe('a message the chat will never take', () => {
  it('is given up alone, visibly, and blocks nothing', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    chat.fail({ kind: 'status', status: 400 }, { only: 'post' });
    await told.say('Ada', '/incident note too odd for this chat', 1);
    await told.say('Ada', '/incident note quite ordinary', 1);
    await told.forward({ minutes: 1 });

    const notes = here.said('inc-1').filter(({ text }) => /odd|ordinary/.test(text));
    expect(notes.map(({ text }) => /odd|ordinary/.exec(text)?.[0])).toEqual(['ordinary']);
    const timeline = (await told.get('/api/incidents/1/timeline')).json<{
      timeline: { type: string; text: string }[];
    }>();
    expect(timeline.timeline.filter(({ type }) => type === 'deliveryFailed')).toHaveLength(1);
    expect(here.said('operators').filter(({ text }) => text.includes('could not deliver'))).toHaveLength(1);
    expect((await told.get('/metrics')).text).toMatch(
      /muster_jobs\{state="quarantined",lane="incident",platform="\w+"\} 1\n/,
    );
  });

  it('a card that somebody removed is put up again, once', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    const room = [...chat.channels.values()].find(({ name }) => name.startsWith('inc-1'))!;
    chat.remove(room.id, room.messages.find(({ pinned }) => pinned)!.id);
    await told.say('Ada', '/incident ack', 1);
    await told.say('Ada', '/incident impact Nobody can publish.', 1);
    await told.forward({ seconds: 3 });
    const cards = room.messages.filter(({ pinned }) => pinned);
    expect(cards.map(({ card }) => plainText(card))).toEqual([expect.stringContaining('Nobody can publish.')]);
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toEqual([]);
  });

  it('ends there when the operators cannot be told either', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    chat.fail({ kind: 'status', status: 400 }, { only: 'post', times: 100_000 });
    await told.say('Ada', '/incident note too odd for this chat', 1);
    await told.forward({ minutes: 1 });
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toHaveLength(2);
  });
});

describe('a message the chat answers with 500 for ever', () => {
  const events = async (incident: number) =>
    (await here.told.get(`/api/incidents/${incident}/timeline`)).json<{ timeline: { type: string }[] }>().timeline;
  const failures = async (incident: number) =>
    (await events(incident)).filter(({ type }) => type === 'deliveryFailed').length;

  /** The key of what is said of the next event. */
  const nextKey = async (incident: number): Promise<string> =>
    `say/${(await here.told.incident(incident)).id}/remote/${(await events(incident)).length + 1}/incident`;
  async function poison(incident: number): Promise<string> {
    const key = await nextKey(incident);
    here.chat.fail({ kind: 'status', status: 500 }, { only: 'post', key, times: 100_000 });
    await here.told.say('Ada', '/incident note poisoned', incident);
    await here.told.say('Ada', '/incident note after it', incident);
    return key;
  }
  const quarantined = async () =>
    (await here.told.bot.store.jobs({ state: 'quarantined', limit: 10 })).map(({ key }) => key);
  const notes = (incident: number) =>
    here.said(`inc-${incident}`).flatMap(({ text }) => /poisoned|after it|minute \d+/.exec(text) ?? []);

  async function twoAcknowledged(awayAfterMs?: number): Promise<void> {
    here = await remoteStory({ ...(awayAfterMs && { awayAfterMs }) });
    for (const service of ['registry', 'git']) await here.outage(service);
    for (const incident of [1, 2]) await here.told.say('Ada', '/incident ack', incident);
    await here.told.forward({ seconds: 2 });
  }

  it('holds up neither other incidents nor a page, and is tried again ever more slowly', async () => {
    await twoAcknowledged();
    const { told, chat } = here;
    const key = await poison(1);
    await told.forward({ seconds: 40 });
    const since = chat.requests.length;
    await told.say('Ada', '/incident take commander', 1);
    expect(here.said('direct')).toHaveLength(1);
    await told.say('Ada', '/incident note minute 0', 2);
    expect(notes(2)).toEqual(['minute 0']);
    expect(chat.requests.slice(since).every(({ at }) => at === told.now())).toBe(true);
    const tries = chat.requests.filter((each) => each.call === 'post' && each.key === key).map(({ at }) => at);
    expect(tries.slice(1).map((at, index) => at - tries[index]!)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
  });

  it('is given up, visibly, once others have got through for 15 min', async () => {
    await twoAcknowledged();
    const { told } = here;
    const key = await poison(1);
    for (let minute = 0; minute < 15; minute++) {
      await told.say('Ada', `/incident note minute ${minute}`, 2);
      await told.forward({ minutes: 1 });
    }
    expect(await quarantined()).toEqual([]);
    for (let minute = 15; minute < 18; minute++) {
      await told.say('Ada', `/incident note minute ${minute}`, 2);
      await told.forward({ minutes: 1 });
    }
    expect(await quarantined()).toEqual([key]);
    expect(notes(1)).toEqual(['after it']);
    expect(notes(2)).toHaveLength(18);
    expect(await failures(1)).toBe(1);
    expect(here.said('operators').filter(({ text }) => text.includes('could not deliver'))).toHaveLength(1);
  });

  it('two of them are given up like one, and do not pass for an outage', async () => {
    await twoAcknowledged();
    const { told } = here;
    await here.outage('vault');
    const keys = [await poison(1), await poison(2)];
    for (let minute = 0; minute < 18; minute++) {
      await told.say('Ada', `/incident note minute ${minute}`, 3);
      if (minute > 1) expect(notes(3)).toHaveLength(minute + 1);
      await told.forward({ minutes: 1 });
    }
    expect((await quarantined()).sort()).toEqual(keys.sort());
  });

  it('waits while nothing at all gets through, however long, where nothing may go elsewhere', async () => {
    await twoAcknowledged(Infinity);
    const { told, chat } = here;
    chat.fail({ kind: 'status', status: 500 }, { times: 100_000 });
    await told.say('Ada', '/incident note minute 1', 1);
    await told.forward({ minutes: 30 });
    await told.say('Ada', '/incident note minute 1', 2);
    await told.say('Ada', '/incident take commander', 2);
    await told.forward({ minutes: 35 });
    expect(await quarantined()).toEqual([]);
    chat.heal();
    // Some get through before others when it comes back.
    chat.fail({ kind: 'status', status: 500 }, { only: 'post', times: 2 });
    await told.forward({ minutes: 3 });
    expect(await quarantined()).toEqual([]);
    expect([await failures(1), await failures(2)]).toEqual([0, 0]);
    expect([...notes(1), ...notes(2)]).toEqual(['minute 1', 'minute 1']);
    // Whoever takes command is briefed, and is called for the update that is owed by then.
    expect(here.said('direct').map(({ text }) => text)).toEqual([
      expect.stringContaining('You command: git'),
      expect.stringContaining('A status update is owed for #2'),
    ]);
  });

  it('its notice is on the timeline once, also when Muster ends just before it is given up', async () => {
    await twoAcknowledged();
    const { told, chat } = here;
    const key = await nextKey(1);
    chat.fail({ kind: 'status', status: 400 }, { only: 'post', key, times: 2 });
    const { store } = told.bot;
    const { failed } = store;
    store.failed = async () => {
      store.failed = failed;
      throw new Error('gone before it was written');
    };
    await told.say('Ada', '/incident note too odd for this chat', 1);
    expect(await failures(1)).toBe(1);
    expect(await quarantined()).toEqual([]);
    // Free again when its lease has ended, as after a crash.
    await told.forward({ minutes: 1 });
    expect(await quarantined()).toEqual([key]);
    expect(await failures(1)).toBe(1);
  });
});

describe('what is urgent', () => {
  it('a page goes out while a post of the same incident is stuck', async () => {
    here = await remoteStory({ callsWithinMs: 1_500 });
    const { told, chat } = here;
    await here.outage('registry');
    chat.fail({ kind: 'hang' }, { only: 'post', times: 1 });
    const stuck = told.say('Ada', '/incident note this one hangs', 1);
    while (!chat.requests.some(({ outcome }) => outcome === 'hang')) await pause(5);
    const since = performance.now();
    const paged = told.say('Ada', '/incident take commander', 1);
    while (here.said('direct').length === 0 && performance.now() - since < 1_400) await pause(5);
    expect(here.said('direct')).toHaveLength(1);
    expect(here.said('inc-1').some(({ text }) => text.includes('this one hangs'))).toBe(false);
    await Promise.all([stuck, paged]);
    await told.forward({ minutes: 1 });
    expect(here.said('inc-1').filter(({ text }) => text.includes('this one hangs'))).toHaveLength(1);
  });

  it('a storm of changes edits a card at most once a second, and the last edit shows how it ended', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    for (let n = 0; n < 60; n++) {
      await told.alerts('generic', oneAlert('registry', 'critical', `check ${n} fails`));
      await told.forward({ seconds: 0.1 });
    }
    await told.say('Ada', '/incident impact Nobody can publish.', 1);
    await told.forward({ seconds: 2 });
    const edits = chat.requests.filter(({ call, key }) => call === 'edit' && key?.endsWith('/situation'));
    expect(edits.length).toBeGreaterThan(4);
    expect(edits.length).toBeLessThan(12);
    edits.slice(1).forEach(({ at }, index) => {
      expect(at - edits[index]!.at).toBeGreaterThanOrEqual(1_000);
    });
    const card = [...chat.channels.values()].flatMap(({ messages }) => messages).find(({ pinned }) => pinned);
    expect(card && plainText(card.card)).toMatch(/61 firing of 61[\s\S]*Nobody can publish\./);
  });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
