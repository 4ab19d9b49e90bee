import { afterEach, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { isQuiet } from './noise.js';
import { type Story, story } from './story.js';

/** A Tuesday; the night ends at 06:00. */
const twoInTheMorning = Date.UTC(2026, 10, 24, 2, 0);
const file = `open-on-loopback: true
people:
  ada: { name: Ada }
  bob: { name: Bob }
  lea: { name: Lea }
platform-lead: lea
on-call:
  schedules:
    primary:
      zone: UTC
      layers:
        - { people: [bob, ada], rotate: 12h, handoff: "06:00", from: 2026-11-23 }
escalations:
  - name: primary
    levels: [{ page: [on-call primary] }]
`;

let told: Story;
afterEach(async () => {
  await isQuiet(told).finally(() => told.end());
});

const say = (user: string, line: string) => told.say(user, `/incident ${line}`, 1);
const situation = async () => {
  await told.forward({ seconds: 2 });
  return (await told.channel('inc-1')).find(({ pinned }) => pinned)!.text;
};
async function toldAlone(user: string): Promise<string[]> {
  const known = (await told.bot.store.people()).find(({ name }) => name === user);
  const all = (await told.bot.web.channels(known?.personId ?? '')).filter(({ name }) => name.startsWith('direct-'));
  const cards = await Promise.all(all.map(({ id }) => told.bot.web.messages(id, 200)));
  return cards.flat().map(({ card }) => plainText(card));
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
const lastTold = async (user: string) => (await toldAlone(user)).at(-1);
const commander = async () => (await told.incident(1)).roles.commander;
const begin = async () => {
  told = await story({ at: twoInTheMorning, file });
  await told.say('Ada', '/incident declare --sev 1 Registry: pushes fail');
  await say('Ada', 'take');
  await say('Ada', 'hypothesis the upgrade filled the disk');
  await say('Ada', 'dont restart registry-2');
  await say('Ada', 'impact Nobody can publish');
};

it('at 06:00 it is proposed, written from the ledger, edited, accepted: until then nothing changes hands', async () => {
  await begin();
  for (let half = 0; half < 9; half++) {
    await told.forward({ minutes: 25 });
    await say('Ada', `update We make room, ${half + 1} of 9 hosts`);
  }
  await told.forward({ minutes: 5 });
  await say('Ada', 'task me watch the disk for 30m');
  await told.forward({ minutes: 15 });
  expect(await toldAlone('Ada')).toContainEqual(expect.stringMatching(/Your shift is over, and.*Bob is on call/s));

  const draft = await pressAlone('Ada', 'Hand over to Bob');
  const note = plainText(draft.card!);
  expect(note).toContain('State: sev1, investigating · impact: Nobody can publish');
  expect(note).toContain('Do not: restart registry-2');
  expect(note).toContain('Suspected: the upgrade filled the disk');
  expect(note).toMatch(/Running: Ada: watch the disk, back by 06:20 UTC/);
  expect(note).toMatch(/Updates: .*due at/);
  const ada = await commander();

  const send = draft.card!.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  const edit = send.find(({ label }) => label === 'Edit…')!;
  expect(edit.input?.value).toContain('Do not: restart registry-2');
  const sent = await told.say('Ada', `${edit.command} Do not restart registry-2. Cleo owns the disk.`, 1);
  expect(sent.text).toMatch(/Bob has been asked.*You keep the command until it is accepted/);
  expect(await lastTold('Bob')).toMatch(/Ada hands the command over to you.*Cleo owns the disk/s);
  expect(await situation()).toContain('Handover: Ada hands the command over to Bob, waits since 06:05 UTC');
  expect(await commander()).toBe(ada);

  const accepted = await pressAlone('Bob', 'Accept');
  expect(accepted.text).toMatch(/You have the command of #1 now/);
  expect(await commander()).not.toBe(ada);
  const channel = (await told.channel('inc-1')).filter(({ pinned }) => !pinned).map(({ text }) => text);
  expect(channel.at(-1)).toContain('Bob has taken the command over from Ada.');
  const report = plainText((await told.say('Bob', '/incident oncall-report')).card!);
  expect(report).toMatch(
    /1 open incident, .*#1 Registry: pushes fail .*· sev1 · investigating · open for 4 h 5 min · Bob commands/s,
  );
  expect(await told.bot.store.verify()).toMatchObject({ ok: true });
});

it('refused or left unanswered it goes on to the next, across a restart; whoever gave it commands until somebody accepts', async () => {
  await begin();
  await say('Ada', 'handover @cleo').then(({ refusal }) => expect(refusal).toBeDefined());
  await told.say('Cleo', '/incident list');
  await say('Ada', 'handover send @cleo');
  const ada = await commander();
  await say('Cleo', 'handover decline I am on a train');
  expect(await lastTold('Ada')).toMatch(/Cleo has declined to take the command over:.*on a train.*Lea can take it/s);
  expect(await lastTold('Lea')).toMatch(/Ada hands the command over to you \(platform lead\)/);

  await told.restart();
  await told.forward({ minutes: 11 });
  expect(await lastTold('Lea')).toMatch(/It still waits for you/);
  await told.forward({ minutes: 11 });
  expect(await lastTold('Ada')).toMatch(/Nobody has taken the command over, and nobody is left to ask/);
  expect(await commander()).toBe(ada);
  expect(await situation()).toContain('over to Lea, waits since');
  expect((await say('Cleo', 'handover accept')).text).toMatch(/not for you.*take commander/);
  await say('Lea', 'handover accept');
  expect(await commander()).not.toBe(ada);
  expect((await told.incident(1)).handover).toBeNull();
});
