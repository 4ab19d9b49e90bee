import { afterEach, describe, expect, it } from 'vitest';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { machine } from '../../src/people/viewer.js';
import { pause, postAlert, until } from './process.js';
import { type Replicas, replicas } from './replicas.js';

const minute = 60_000;
/** Well past a lease. */
const takeoverMs = 15_000;

let here: Replicas;
afterEach(() => here.end());

const typesOf = async (number: number): Promise<string[]> => {
  const incident = await here.b.store.incident(machine, { number });
  return (await here.b.store.timeline(machine, incident!.id)).map(({ type }) => type);
};
const messages = (): { key: string }[] => [...here.chat.channels.values()].flatMap((channel) => channel.messages);
const doubled = (): string[] => {
  const keys = messages().map(({ key }) => key);
  return keys.filter((key, index) => keys.indexOf(key) !== index);
};

/** Lets A's calls of one kind reach the chat and then holds back the answer, until `letGo`. */
function holding(kind: 'openChannel' | 'post') {
  const gate: { letGo(): void; held: number } = { letGo: () => {}, held: 0 };
  const open = new Promise<void>((resolve) => {
    gate.letGo = resolve;
  });
  const held =
    <I, O>(call: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      const answer = await call(input);
      gate.held++;
      await open;
      return answer;
    };
  const between = (platform: ChatPlatform): ChatPlatform => ({
    ...platform,
    [kind]: held(platform[kind] as (input: never) => Promise<unknown>),
  });
  return { gate, between };
}

describe('two replicas on one PostgreSQL', () => {
  it('fire each timer once, however often both look at the same moment', async () => {
    here = await replicas();
    const incidents = 6;
    for (let n = 0; n < incidents; n++)
      expect((await postAlert(here.a.url, `f${n}`, `service-${n}`))?.status).toBe(202);
    const bothLook = () => Promise.all([here.a.runner.untilIdle(), here.b.runner.untilIdle()]);
    await bothLook();
    const hours = 4;
    for (let elapsed = 0; elapsed < hours * 60; elapsed += 5) {
      here.clock.at += 5 * minute;
      await bothLook();
    }
    here.clock.at += minute;
    await bothLook();
    for (let number = 1; number <= incidents; number++) {
      const types = await typesOf(number);
      const times = (wanted: string) => types.filter((type) => type === wanted).length;
      // sev2: an update every hour, warned before, twice by Muster itself and then missed; acknowledgement asked for at
      // 15 min, then each twice as late.
      expect([times('updatePosted'), times('updateMissed'), times('updateWarned')]).toEqual([2, 1, 3]);
      expect(times('channelOpened')).toBe(1);
      expect(times('acknowledgeMissed')).toBe(4);
    }
    expect(doubled()).toEqual([]);
    expect((await here.b.store.verify()).problems).toEqual([]);
  });

  it('take over from one that hangs in a call, and refuse what it says afterwards', async () => {
    const { gate, between } = holding('openChannel');
    here = await replicas(between);
    await postAlert(here.a.url, 'one');
    const zombie = here.a.runner.untilIdle();
    await until('A holds the open channel', () => gate.held > 0);
    await here.b.runner.untilIdle();
    expect(await typesOf(1)).not.toContain('channelOpened');
    here.clock.at += takeoverMs;
    await here.b.runner.untilIdle();
    expect((await typesOf(1)).filter((type) => type === 'channelOpened')).toHaveLength(1);
    const before = await typesOf(1);
    gate.letGo();
    await zombie;
    expect(await typesOf(1)).toEqual(before);
    expect(doubled()).toEqual([]);
    expect((await here.b.store.jobs({ limit: 50 })).filter(({ dueAt }) => dueAt <= here.clock.at)).toEqual([]);
  });

  it('find what the hanging one had posted, and do not post it again', async () => {
    const { gate, between } = holding('post');
    here = await replicas(between);
    await postAlert(here.b.url, 'one');
    await here.b.runner.untilIdle();
    const said = messages().length;
    await here.a.inbound.command({
      id: 'note',
      text: '/incident note held',
      personId: 'ada',
      platform: 'remote',
      channel: null,
      incidentId: (await here.a.store.incident(machine, { number: 1 }))!.id,
    });
    const zombie = here.a.runner.untilIdle();
    await until('A holds the post', () => gate.held > 0);
    here.clock.at += takeoverMs;
    await here.b.runner.untilIdle();
    gate.letGo();
    await zombie;
    await pause(20);
    expect(messages()).toHaveLength(said + 1);
    expect(doubled()).toEqual([]);
    expect((await here.b.store.jobs({ limit: 50 })).filter(({ dueAt }) => dueAt <= here.clock.at)).toEqual([]);
  });
});
