import { afterEach, expect, it } from 'vitest';
import type { EventBodies } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from './story.js';

let told: Story;
afterEach(() => told.end());

const file = `open-on-loopback: true
people:
  ada: { name: Ada }
  bob: { name: Bob }
  lea: { name: Lea }
platform-lead: lea
services:
  registry: { owner: bob, second-owner: lea, tier: 1 }
severities:
  sev1: { acknowledge-within: 5m, idle-after: 25m, update-every: never }
escalations:
  - services: [registry]
    levels:
      - { page: [ada] }
      - { page: [owners], acknowledge-within: 10m }
`;
const direct = async (who: string): Promise<string[]> => {
  const channel = (await told.bot.web.channels(who)).find(({ name }) => name === `direct-${who}`);
  return channel ? (await told.bot.web.messages(channel.id, 50)).map(({ card }) => card.summary) : [];
};
const channel = async (): Promise<string> => (await told.channel('inc-1')).map(({ text }) => text).join('\n\n');
const card = async (): Promise<string> => (await told.channel('inc-1')).find(({ pinned }) => pinned)?.text ?? '';
/** Who was called and when, in minutes from the beginning. */
async function calls(): Promise<string[]> {
  const { id, openedAt } = await told.incident(1);
  return (await told.bot.store.timeline(machine, id)).flatMap(({ type, at, body }) => {
    if (type !== 'paged') return [];
    const { why, people } = body as EventBodies['paged'];
    return `${Math.round((at - openedAt) / 60_000)} ${why}: ${people.map(({ because }) => because).join(', ')}`;
  });
}

it('calls level after level until somebody acknowledges, asks when nothing is done for long, and stops with any act', async () => {
  told = await story({ file });
  await told.alerts('generic', { alerts: [{ title: 'PushesFail', service: 'registry', severity: 'critical' }] });
  expect(await direct('ada')).toEqual([expect.stringMatching(/^You are called: \[sev1\] #1/)]);
  expect(await card()).toMatch(/Called: Ada \(named to be called\) · level 1 of 2 · then others at 12:05 UTC/);

  await told.forward({ minutes: 5, seconds: 2 });
  expect(await direct('bob')).toHaveLength(1);
  expect(await direct('lea')).toHaveLength(1);
  expect(await channel()).toMatch(
    /Nobody has acknowledged .*Calling @?Bob \(owner of registry\), @?Lea \(owner of registry\): level 2 of 2, until 12:15/s,
  );
  expect(await card()).toMatch(/Called: Ada .*Bob .*Lea .*level 2 of 2 · then others at 12:15 UTC/);

  await told.say('Bob', '/incident ack', 1);
  await told.forward({ seconds: 2 });
  expect(await card()).not.toContain('Called');
  await told.say('Bob', '/incident page ada the disk is yours', 1);
  expect(await direct('ada')).toHaveLength(2);
  expect((await told.say('Ada', '/incident ack', 1)).text).toMatch(/You answered the page/);

  await told.forward({ minutes: 24 });
  expect(await calls()).toHaveLength(3);
  await told.forward({ minutes: 2 });
  expect(await calls()).toEqual([
    '0 declared: named to be called',
    '5 missed: owner of registry, owner of registry',
    '5 asked: called by name',
    '30 idle: on it, and nobody has done anything for a while',
  ]);
  expect(await direct('bob')).toHaveLength(2);
  await told.forward({ minutes: 5 });
  expect((await calls()).at(-1)).toBe('35 idle: named to be called');
  expect(await channel()).toMatch(/Nobody has done anything for a while. Calling Ada/);

  await told.say('Bob', '/incident note the disk is being grown', 1);
  await told.forward({ minutes: 20, seconds: 2 });
  expect(await calls()).toHaveLength(5);
  expect(await card()).not.toContain('Called');
});
