import { afterEach, describe, expect, it } from 'vitest';
import { builtInChat, builtInPolicy } from '../../src/config/defaults.js';
import { machine } from '../../src/people/viewer.js';
import type { Fault } from '../fakes/remote-chat.js';
import { type RemoteStory, remoteStory } from '../faults/remote-story.js';
import { story } from './story.js';

let here: RemoteStory;
const end = () => here.end();

const down: Fault = { kind: 'status', status: 503 };
const for_ever = { times: 1_000_000 };
const home = (name = 'inc-1'): string[] => here.said(name).map(({ text }) => text);
const web = async (name = 'inc-1'): Promise<string[]> => (await here.told.channel(name)).map(({ text }) => text);
const moves = async (): Promise<string[]> => {
  const { id } = await here.told.incident(1);
  return (await here.told.bot.store.timeline(machine, id))
    .map(({ type }) => type)
    .filter((type) => type.startsWith('platform'));
};
const channelOf = (name = 'inc-1') => [...here.chat.channels.values()].find((each) => each.name.startsWith(name))!;
async function lost(): Promise<void> {
  here.chat.fail(down, for_ever);
  await here.told.say('Ada', '/incident note is anybody there?', 1);
  await here.told.forward({ minutes: 5 });
}
async function back(): Promise<void> {
  here.chat.heal();
  await here.told.forward({ minutes: 8 });
}

describe('while home is away', { timeout: 60_000 }, () => {
  afterEach(end);

  it('an incident whose channel had been put away is reopened, and goes on at home in a new channel', async () => {
    here = await remoteStory({ policy: { archiveAfterMs: 60_000 }, tends: true });
    const { told, chat } = here;
    await here.outage('registry');
    await told.say('Ada', '/incident resolve done', 1);
    await told.say('Ada', '/incident close', 1);
    await told.forward({ minutes: 2 });
    expect((await told.incident(1)).channels.remote?.archived).toBe(true);
    await here.outage('git');
    chat.fail(down, for_ever);
    await told.say('Ada', '/incident note so that it fails', 2);
    await told.forward({ minutes: 5 });
    await told.say('Ada', '/incident reopen it is not over', 1);
    await back();
    const incident = await told.incident(1);
    expect(incident.away).toBeNull();
    expect(incident.channels.remote?.archived).toBeUndefined();
    await told.say('Ada', '/incident note heard at home', 1);
    expect(
      chat.channels
        .get(incident.channels.remote!.channel)
        ?.messages.map(({ card }) => JSON.stringify(card))
        .join(),
    ).toMatch(/it is not over[\s\S]*heard at home/);
    expect(await told.bot.store.jobs({ state: 'quarantined', limit: 10 })).toEqual([]);
  });

  it('what home has missed is told when it fails again before it has heard that', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await lost();
    await told.say('Ada', '/incident note in the first outage', 1);
    await told.forward({ minutes: 5 });
    chat.heal();
    chat.fail(down, { only: 'post', ...for_ever });
    await told.forward({ minutes: 14 });
    expect(await moves()).toEqual(['platformLost', 'platformBack', 'platformLost']);
    await told.say('Ada', '/incident note in the second outage', 1);
    chat.heal();
    await told.forward({ minutes: 50 });
    expect((await moves()).at(-1)).toBe('platformBack');
    expect(home().join('\n')).toMatch(/in the first outage[\s\S]*in the second outage/);
  });

  it('erasing an update reaches what stakeholders at home were told of it afterwards', async () => {
    here = await remoteStory();
    const { told } = here;
    await here.outage('registry');
    await lost();
    await told.say('Ada', '/incident update The password was zebra-crossing-99', 1);
    await back();
    expect(home('stakeholders').join()).toContain('zebra-crossing-99');
    const { id } = await told.incident(1);
    const seq = (await told.bot.store.timeline(machine, id)).find(({ type }) => type === 'updatePosted')?.seq;
    await told.say('Ada', `/incident redact ${seq} it is a password`, 1);
    await told.forward({ seconds: 10 });
    expect([...home('stakeholders'), ...home()].join()).not.toContain('zebra-crossing-99');
  });

  it('a catch-up that is drawn again still says until when it was away', async () => {
    here = await remoteStory();
    const { told } = here;
    await here.outage('registry');
    await lost();
    await told.say('Ada', '/incident note The password was zebra-crossing-99', 1);
    await back();
    const card = home().find((text) => text.includes('zebra'))!;
    const away = /it went on in the web room/.test(card) ? /For [^.]*?,? from [^.]*? to [^,]*/.exec(card)?.[0] : null;
    await told.forward({ minutes: 90 });
    const { id } = await told.incident(1);
    const seq = (await told.bot.store.timeline(machine, id)).findLast(({ type }) => type === 'noted')?.seq;
    await told.say('Ada', `/incident redact ${seq} it is a password`, 1);
    await told.forward({ seconds: 10 });
    expect(home().join()).not.toContain('zebra');
    expect(home().join()).toContain(away);
  });

  it('a room where people work on it anyway is not told again what it was told', async () => {
    here = await remoteStory({ policy: { platforms: ['remote', 'web'] } });
    const { told } = here;
    await here.outage('registry');
    await told.say('Ada', '/incident note the one and only', 1);
    await lost();
    expect((await web()).filter((text) => text.includes('the one and only'))).toHaveLength(1);
  });
});

describe('a channel that cannot be used', { timeout: 60_000 }, () => {
  afterEach(end);

  it('tells stakeholders of its platform each update once', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await told.forward({ seconds: 5 });
    chat.archive(channelOf().id);
    await told.say('Ada', '/incident note said into a wall', 1);
    await told.forward({ seconds: 20 });
    await told.say('Ada', '/incident update It is the disk', 1);
    await told.forward({ seconds: 20 });
    chat.archive(channelOf().id, false);
    await told.forward({ minutes: 3 });
    expect(await moves()).toEqual(['platformLost', 'platformBack']);
    expect(home('stakeholders').filter((text) => text.includes('It is the disk'))).toHaveLength(1);
  });

  it('is tried ever more slowly when it takes edits and no posts', async () => {
    here = await remoteStory();
    const { told, chat } = here;
    await here.outage('registry');
    await told.forward({ seconds: 5 });
    chat.fail({ kind: 'status', status: 410 }, { only: 'post', ...for_ever });
    await told.say('Ada', '/incident note said into a wall', 1);
    await told.forward({ minutes: 60 });
    expect((await moves()).length).toBeLessThanOrEqual(9);
  });
});

it('of a home that is not set up any more nobody waits for pages or updates there', async () => {
  const told = await story({ config: { policy: { ...builtInPolicy([]), platforms: ['gone'] }, chat: builtInChat } });
  try {
    await told.alerts('generic', {
      alerts: [{ title: 'fails', service: 'registry', severity: 'critical', fingerprint: 'x' }],
    });
    await told.forward({ minutes: 2 });
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident update It is the disk', 1);
    await told.forward({ minutes: 1 });
    const { id } = await told.incident(1);
    const failed = (await told.bot.store.timeline(machine, id)).filter(({ type }) => type === 'deliveryFailed');
    expect(failed).toEqual([]);
    const ada = (await told.incident(1)).roles.commander ?? '';
    expect((await told.bot.web.channels(ada)).some(({ name }) => name.startsWith('direct-'))).toBe(true);
  } finally {
    await told.end();
  }
});
