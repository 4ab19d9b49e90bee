import { afterEach, expect, it } from 'vitest';
import { machine } from '../../src/people/viewer.js';
import { isQuiet } from './noise.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const names = ['Down', 'Slow', 'ErrorRate'];
const alert = (i: number) => ({
  title: names[i % names.length],
  fingerprint: `f${i}`,
  service: `service-${i % 40}`,
  severity: i % 5 === 0 ? 'info' : 'warning',
  host: `rack-${i % 7}`,
});
const send = (...alerts: object[]) => told.alerts('generic', { alerts });

it('a storm of 500 alerts of 40 services is one incident, says little, and can be taken apart', async () => {
  told = await story();
  for (let i = 0; i < 500; i += 10) {
    await send(...Array.from({ length: 10 }, (_, j) => alert(i + j)));
    if (i === 200) await send({ title: 'PushFails', service: 'registry', severity: 'critical', fingerprint: 'grave' });
    if (i % 100 === 0) await told.forward({ seconds: 1 });
  }
  const list = (triage: boolean) => told.bot.store.incidents(machine, { limit: 100, offset: 0, triage });
  const [opened, queued] = [await list(false), await list(true)];
  expect(opened.incidents.map(({ title }) => title).sort()).toEqual([
    'Alert storm from generic',
    'registry: push fails',
  ]);
  // What came before it was a storm: one request of ten services.
  expect(queued.total).toBe(10);
  const storm = opened.incidents.find(({ storm }) => storm);
  const number = storm?.number as number;
  expect(queued.incidents.map(({ alerts }) => alerts.total)).toEqual(Array(10).fill(1));
  expect(storm).toMatchObject({ alerts: { total: 490 }, storm: { alerts: 490 } });

  await told.forward({ seconds: 2 });
  const [card] = await told.channel(`inc-${number}`);
  expect(card?.text).toMatch(/Alert storm\W+490 alerts of generic since 12:00/);
  expect(card?.text).toMatch(/severity: warning 392, info 98/);
  expect(card?.text).toMatch(/name: \w+ 16\d, \w+ 16\d, \w+ 16\d/);
  await told.say('Ada', '/incident ack', number);

  await told.forward({ minutes: 9 });
  expect((await told.incident(number)).storm?.endedAt).toBe(null);
  await told.forward({ minutes: 2 });
  const over = (await told.channel(`inc-${number}`)).filter(({ text }) => text.includes('is over: 490 alerts'));
  expect(over).toHaveLength(1);
  const service = /Split off (service-\d+)/.exec(JSON.stringify(over[0]?.card))?.[1] as string;
  await told.press('Ada', `inc-${number}`, `Split off ${service}`);
  const apart = (await list(false)).incidents.find(({ links = [] }) => links.some(({ how }) => how === 'split-from'));
  expect(apart).toMatchObject({ title: service, alerts: { total: 13 } });
  expect((await told.incident(number)).alerts.total).toBe(490 - 13);

  await send({ title: 'Down', service: 'late', severity: 'warning', fingerprint: 'late' });
  expect((await list(true)).total).toBe(11);
  await isQuiet(told);
}, 60_000);
