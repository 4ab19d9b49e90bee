import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TimelineEvent } from '../../src/incident/events.js';
import { plainText } from '../../src/messages/plain.js';
import { machine } from '../../src/people/viewer.js';
import { isQuiet } from './noise.js';
import { type Story, story } from './story.js';

const twoInTheMorning = Date.UTC(2026, 10, 24, 2, 0);
const playbook = `---
title: Storage exhaustion
matches: { service: registry }
---
## Contain
- [ ] Stop the writers
  - Within: 22 min
- [ ] Delete the old images
  - Within: 10 min
`;

let told: Story;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-alone-'));
  writeFileSync(join(folder, 'storage.md'), playbook);
});
afterEach(async () => {
  await isQuiet(told).finally(() => told.end());
  rmSync(folder, { recursive: true, force: true });
});

const say = (user: string, line: string) => told.say(user, `/incident ${line}`, 1);
const situation = async () => {
  await told.forward({ seconds: 2 });
  return (await told.channel('inc-1')).find(({ pinned }) => pinned)!.text;
};
async function toldAlone(user: string): Promise<string[]> {
  const known = (await told.bot.store.people()).find(({ name }) => name === user);
  const channel = (await told.bot.web.channels(known?.personId ?? '')).find(({ name }) => name.startsWith('direct-'));
  return channel ? (await told.bot.web.messages(channel.id, 100)).map(({ card }) => plainText(card)) : [];
}
/** Presses the last button of what somebody was told alone. */
async function pressAlone(user: string, label: string) {
  const known = (await told.bot.store.people()).find(({ name }) => name === user);
  const all = (await told.bot.web.channels(known?.personId ?? '')).filter(({ name }) => name.startsWith('direct-'));
  const cards = await Promise.all(all.map(({ id }) => told.bot.web.messages(id, 200)));
  const button = cards
    .flat()
    .flatMap(({ card }) => card.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])))
    .findLast((each) => each.label.startsWith(label));
  if (!button) throw new Error(`${user} has no button ${label}.`);
  return told.say(user, button.command, 1);
}

const asks: readonly TimelineEvent['type'][] = [
  'updateWarned',
  'updateAsked',
  'stepOverdue',
  'taskOverdue',
  'longProposed',
  'handoverProposed',
];

it('one person alone at night is asked one thing at a time, and has every role until somebody comes', async () => {
  told = await story({ at: twoInTheMorning, config: { playbooksFolder: folder } });
  await told.alerts('generic', { alerts: [{ title: 'DiskFull', service: 'registry', severity: 'critical' }] });
  await say('Ada', 'sev 1 nobody can push');
  const took = await say('Ada', 'take');
  expect(took.text).toContain('You are alone, so you are commander, communications, scribe.');
  expect(await situation()).toContain('Alone: Ada: commander, communications, scribe');
  const [expectations] = (await toldAlone('Ada')).slice(-1);
  expect(expectations).toMatch(/You command: registry: disk full.*one thing at a time/s);

  // All of it would come due at nearly the same time.
  await say('Ada', 'next');
  await say('Ada', 'back in 21 minutes, looking at the load balancer');
  await told.forward({ minutes: 38 });
  await say('Ada', 'task done It answers again');
  await say('Ada', 'done the writers are stopped');
  await say('Ada', 'update We make room');
  await told.forward({ minutes: 60 });
  const timeline = await told.bot.store.timeline(machine, (await told.incident(1)).id);
  const asked = timeline.filter(({ type }) => asks.includes(type));
  process.stdout.write(
    `alone: asked ${asked.map(({ type, at }) => `${type} +${(at - twoInTheMorning) / 60_000}`).join(', ')}\n`,
  );
  expect(asked.map(({ type }) => type)).toEqual(expect.arrayContaining(['updateWarned', 'stepOverdue', 'taskOverdue']));
  for (const [index, each] of asked.entries()) {
    const before = asked[index - 1];
    if (!before || each.at - before.at >= 5 * 60_000) continue;
    // Only an answer lets the next one come sooner.
    expect(timeline.some(({ actor, seq }) => actor.kind === 'person' && seq > before.seq && seq < each.seq)).toBe(true);
  }

  await say('Bob', 'note I am here too');
  await told.forward({ minutes: 3 });
  const offered = (await toldAlone('Ada')).filter((text) => text.includes('Bob is there now'));
  expect(offered).toHaveLength(1);
  await pressAlone('Ada', 'Give Bob communications');
  expect((await told.incident(1)).roles).toMatchObject({ communications: expect.any(String) });
  await told.forward({ minutes: 20 });
  expect((await toldAlone('Ada')).filter((text) => text.includes('is there now'))).toHaveLength(1);
  expect(await situation()).not.toContain('Alone:');
  await say('Ada', 'resolve room was made');
});
