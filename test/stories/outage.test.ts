import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { machine } from '../../src/people/viewer.js';
import type { Fault } from '../fakes/remote-chat.js';
import { oneAlert, type RemoteStory, remoteStory } from '../faults/remote-story.js';
import { transcriber } from './outage-transcript.js';

let here: RemoteStory;
afterEach(() => here.end());

const down: Fault = { kind: 'status', status: 503 };
const for_ever = { times: 1_000_000 };
/** What the web room shows of the first incident. */
const web = async (name = 'inc-1'): Promise<string> =>
  (await here.told.channel(name)).map(({ text }) => text).join('\n\n');
const home = (name = 'inc-1'): string[] => here.said(name).map(({ text }) => text);
const moves = async (number = 1): Promise<string[]> => {
  const { id } = await here.told.incident(number);
  return (await here.told.bot.store.timeline(machine, id))
    .map(({ type }) => type)
    .filter((type) => type.startsWith('platform'));
};
const waiting = async (): Promise<string[]> =>
  (await here.told.bot.store.jobs({ limit: 100 }))
    .filter(({ dueAt }) => dueAt <= here.told.now())
    .map(({ key }) => key);

describe('chat is down for an hour', () => {
  const golden = 'test/fixtures/outage-transcript.md';

  it('and the incident goes on in the web room and comes back, as this transcript reads', {
    timeout: 60_000,
  }, async () => {
    here = await remoteStory();
    const { chat } = here;
    const script = transcriber(here);
    script.heading('Before');
    await here.outage('registry');
    await script.look();
    await script.types('Ada', '/incident ack', 'channel on Remote');
    await script.minutes(3);
    script.heading('Remote fails');
    chat.fail(down, for_ever);
    await script.types('Ada', '/incident note Pushes fail since the upgrade', 'command line');
    await script.minutes(5);
    script.heading('In the web room');
    await script.types('Ada', '/incident take commander', 'web room');
    await script.types('Ada', '/incident next', 'web room');
    await script.types('Bob', '/incident done 503 from outside', 'web room');
    await script.types('Ada', '/incident approve', 'web room');
    await script.types('Bob', '/incident done publishing is paused', 'web room');
    await script.types('Ada', '/incident impact Nobody can push images', 'web room');
    await script.minutes(25);
    await script.types('Bob', '/incident status identified the disk is full', 'web room');
    await script.types('Ada', '/incident update We have found a full disk and make room.', 'web room');
    await script.minutes(27);
    script.heading('Remote answers again');
    chat.heal();
    await script.minutes(4);
    await script.types('Ada', '/incident resolve There is room again', 'channel on Remote');
    await script.minutes(1);

    expect(chat.violations).toEqual([]);
    expect(await moves()).toEqual(['platformLost', 'platformBack']);
    expect(await waiting()).toEqual([]);
    const written = `# An hour without chat\n\nWhat people read while Remote is down from 12:03 to 13:00. Times are UTC. Written by \`MUSTER_WRITE_DOCS=1 npx vitest run test/stories/outage.test.ts\`.\n\n${script.text()}`;
    if (process.env.MUSTER_WRITE_DOCS) writeFileSync(golden, written);
    expect(written).toBe(readFileSync(golden, 'utf8'));
  });

  it('tells home all that people decided in one card, of updates the newest with its age, and nothing twice', {
    timeout: 60_000,
  }, async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await told.say('Ada', '/incident ack', 1);
    await told.forward({ seconds: 5 });
    const before = home().length;
    chat.fail(down, for_ever);
    for (const line of ['note one', 'note two', 'take commander', 'impact Nobody can push']) {
      await told.say('Ada', `/incident ${line}`, 1);
      await told.forward({ seconds: 30 });
    }
    await told.forward({ minutes: 35 });
    await told.say('Bob', '/incident sev 2 fewer are hit', 1);
    await told.forward({ minutes: 38 });
    chat.heal();
    await told.forward({ minutes: 3 });

    const heard = home().slice(before);
    expect(heard).toHaveLength(1);
    const card = heard[0] as string;
    const order = ['noted: “one”', 'noted: “two”', 'commander', 'Nobody can push', 'from sev1 to sev2'];
    const places = order.map((words) => card.indexOf(words));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(card).toMatch(/Status updates: \d\. The last at \d\d:\d\d UTC, \d+ min before this/);
    const stakeholders = here.said('stakeholders');
    expect(stakeholders.filter(({ key }) => key.includes('/update-'))).toHaveLength(1);
    expect(stakeholders.at(-1)?.text).toMatch(/^From 21 Nov 13:\d\d UTC, arrives \d+ min late\./);
    expect(stakeholders.at(-1)?.text).not.toContain('no change since');
    // What happens from now on is heard here, and only here.
    await told.say('Ada', '/incident note back at home', 1);
    expect(home().at(-1)).toContain('back at home');
    expect(await web()).not.toContain('back at home');
    expect(await web()).toMatch(/Remote is back, and Incident 1 goes on there: its channel is #inc-1/);
  });

  it('an incident declared meanwhile begins in the web room, pages there, and gets its channel when home is back', {
    timeout: 60_000,
  }, async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('git');
    chat.fail(down, for_ever);
    await told.say('Ada', '/incident note so that it fails', 1);
    await told.forward({ minutes: 5 });
    await here.outage('registry');
    await told.say('Bob', '/incident take commander', 2);
    expect(await web('inc-2')).toMatch(/declared #2[\s\S]*Bob commands now/);
    expect(await web('stakeholders')).toContain('registry: fails');
    const bob = (await told.incident(2)).roles.commander ?? '';
    expect((await told.bot.web.channels(bob)).some(({ name }) => name.startsWith('direct-'))).toBe(true);
    await told.restart();
    await told.say('Ada', '/incident note after the restart', 2);
    expect(await web('inc-2')).toContain('after the restart');
    await told.say('Bob', '/incident resolve It was a cable', 2);
    await told.say('Bob', '/incident close', 2);
    expect(home('inc-2')).toEqual([]);
    await told.forward({ minutes: 20 });
    chat.heal();
    await told.forward({ minutes: 3 });

    const [card, pinned] = home('inc-2');
    expect(card).toMatch(/after the restart[\s\S]*resolved it: “It was a cable”[\s\S]*Bob closed it/);
    expect(pinned).toContain('closed');
    const about = here.said('stakeholders').filter(({ text }) => text.includes('registry'));
    expect(about.map(({ text }) => /New incident|resolved/.exec(text)?.[0])).toEqual(['New incident', 'resolved']);
    expect(about[0]?.text).toMatch(/^From 21 Nov 12:05 UTC, arrives 2\d min late\./);
    expect(await moves(2)).toEqual(['platformLost', 'platformBack']);
    expect(await waiting()).toEqual([]);
  });
});

describe('nothing that people do waits for a chat that', () => {
  it.each<[string, Fault]>([
    ['hangs', { kind: 'hang' }],
    ['answers 500', { kind: 'status', status: 500 }],
    ['does not know Muster any more', { kind: 'status', status: 401 }],
  ])('%s: acknowledged, resolved and closed', async (_, fault) => {
    here = await remoteStory({ callsWithinMs: 250, awayAfterMs: 60_000 });
    const { told, chat } = here;
    chat.fail(fault, for_ever);
    await here.outage('registry');
    const ask = async (line: string): Promise<string | undefined> =>
      (await told.say('Ada', `/incident ${line}`, 1)).refusal?.code;
    expect(await ask('ack')).toBeUndefined();
    await told.forward({ minutes: 2 });
    expect(await web()).toContain('Remote has not answered since 12:00 UTC');
    expect(await ask('resolve It works')).toBeUndefined();
    await told.forward({ minutes: 1 });
    expect(await ask('close')).toBeUndefined();
    expect((await told.incident(1)).status).toBe('closed');
    expect(await web()).toContain('closed');
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toEqual([]);
    expect(await web('operators')).toContain('Remote has not answered since');
  });
});

describe('a chat that', () => {
  it('asks to be left alone for 10 min hears nothing in them', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await told.forward({ seconds: 5 });
    chat.fail({ kind: 'status', status: 429, retryAfterSeconds: 600 });
    const before = chat.requests.length;
    await told.say('Ada', '/incident ack', 1);
    await told.forward({ minutes: 4 });
    expect(await moves()).toEqual(['platformLost']);
    await told.say('Ada', '/incident note in the web room', 1);
    await told.forward({ minutes: 5 });
    expect(chat.requests.length - before).toBe(1);
    await told.forward({ minutes: 5 });
    expect(await moves()).toEqual(['platformLost', 'platformBack']);
    expect(chat.requests.filter(({ early }) => early)).toEqual([]);
    expect(home().at(-1)).toMatch(/acknowledged[\s\S]*in the web room/);
  });

  it('comes and goes does not take the incident to and fro', { timeout: 60_000 }, async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    for (let turn = 0; turn < 8; turn++) {
      chat.fail(down, for_ever);
      await told.say('Ada', `/incident note turn ${turn}`, 1);
      await told.forward({ minutes: 4 });
      chat.heal();
      await told.forward({ minutes: 1 });
    }
    expect((await moves()).length).toBeLessThanOrEqual(2);
    await told.forward({ minutes: 12 });
    expect((await moves()).at(-1)).toBe('platformBack');
    for (let turn = 0; turn < 8; turn++)
      expect([...home(), await web()].some((text) => text.includes(`turn ${turn}`))).toBe(true);
  });

  it('takes everything but one message loses the incident of that message to the web room', {
    timeout: 60_000,
  }, async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await told.say('Ada', '/incident ack', 1);
    await told.forward({ seconds: 5 });
    const { id } = await told.incident(1);
    const next = (await told.bot.store.timeline(machine, id)).length + 1;
    chat.fail({ kind: 'status', status: 500 }, { only: 'post', key: `say/${id}/remote/${next}/incident`, ...for_ever });
    await told.say('Ada', '/incident note poisoned', 1);
    await told.say('Ada', '/incident note after it', 1);
    await told.forward({ minutes: 4 });
    expect(await web()).toMatch(/poisoned[\s\S]*after it/);
    await told.forward({ minutes: 8 });
    expect(home().at(-1)).toMatch(/poisoned[\s\S]*after it/);
    expect(await waiting()).toEqual([]);
  });
});

describe('a channel that is archived under an incident', () => {
  it('takes that incident alone to the web room, tells the operators, and is used again when it is back', {
    timeout: 60_000,
  }, async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await here.outage('git');
    await told.forward({ seconds: 5 });
    const channel = [...chat.channels.values()].find(({ name }) => name.startsWith('inc-1'));
    chat.archive(channel?.id ?? '');
    await told.say('Ada', '/incident note said into a wall', 1);
    await told.say('Ada', '/incident note elsewhere', 2);
    await told.forward({ seconds: 20 });
    expect(await moves(1)).toEqual(['platformLost']);
    expect(await moves(2)).toEqual([]);
    expect(await web()).toMatch(/The channel on Remote cannot be used[\s\S]*said into a wall/);
    expect(home('inc-2').at(-1)).toContain('elsewhere');
    expect(home('operators').join()).toMatch(
      /Incident 1, registry: fails: #inc-1-registry-fails on Remote cannot be used/,
    );
    await told.say('Ada', '/incident update It is the disk', 1);
    expect(home('stakeholders').at(-1)).toContain('It is the disk');
    await told.forward({ minutes: 30 });
    expect(await moves(1)).toEqual(['platformLost']);
    chat.archive(channel?.id ?? '', false);
    await told.forward({ minutes: 11 });
    expect(await moves(1)).toEqual(['platformLost', 'platformBack']);
    expect(home().at(-1)).toMatch(/said into a wall[\s\S]*It is the disk/);
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toEqual([]);
    expect(home('stakeholders').filter((text) => text.includes('It is the disk'))).toHaveLength(1);
  });
});

describe('the triage queue', () => {
  it('goes on in the web room while home is away', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await told.alerts('generic', oneAlert('wiki', 'warning'));
    await told.forward({ seconds: 5 });
    expect(home('triage')).toHaveLength(1);
    await here.outage('registry');
    chat.fail(down, for_ever);
    await told.say('Ada', '/incident note so that it fails', 1);
    await told.forward({ minutes: 5 });
    expect(await web('triage')).toContain('wiki');
    await told.press('Ada', 'triage', 'Dismiss', 'nothing to do');
    await told.forward({ minutes: 10 });
    chat.heal();
    await told.forward({ minutes: 3 });
    expect(home('triage')).toHaveLength(1);
    expect(home('triage')[0]).toMatch(/dismissed/i);
  });
});
