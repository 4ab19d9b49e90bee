import { afterEach, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { type Story, story } from './story.js';

const file = `open-on-loopback: true
platform-lead: olga
people:
  ada: { name: Ada }
  bob: { name: Bob }
  cleo: { name: Cleo }
  dan: { name: Dan }
  olga: { name: Olga }
groups: { leads: [cleo, dan] }
approvals:
  default: { from: [commander, leads, platform-lead], within: 10m }
  restore: { from: [leads], count: 2 }
permissions:
  close: [commander, platform-lead]
`;

let told: Story;
afterEach(() => told.end());
const say = (user: string, line: string, incident = 1) => told.say(user, `/incident ${line}`, incident);
const lastSaid = async (name = 'inc-1') => (await told.channel(name)).filter(({ pinned }) => !pinned).at(-1)!.text;
const situation = async () => {
  await told.forward({ seconds: 2 });
  return (await told.channel('inc-1')).find(({ pinned }) => pinned)!.text;
};
async function toldAlone(user: string): Promise<string[]> {
  const known = (await told.bot.store.people()).find(({ name }) => name === user);
  const channel = (await told.bot.web.channels(known?.personId ?? '')).find(({ name }) => name.startsWith('direct-'));
  return channel ? (await told.bot.web.messages(channel.id, 100)).map(({ card }) => plainText(card)) : [];
}
const timeline = async () =>
  (await told.get('/api/incidents/1/timeline'))
    .json<{ timeline: { text: string }[] }>()
    .timeline.map(({ text }) => text);

it('an approval is asked of one after another, declined, given by two, and gone ahead without, loudly', async () => {
  told = await story({ file });
  await told.say('Ada', '/incident declare --sev 1 Registry: pushes fail');
  await say('Ada', 'take commander');

  // The first is silent, so the next are asked as well; the request is on the card, with its buttons.
  const asked = await say('Bob', 'approve-request Fail over to the second site');
  expect(asked.text).toMatch(/^Request 1 waits for Ada until 12:10 UTC/);
  expect((await toldAlone('Ada')).at(-1)).toMatch(/Request 1 of Bob: Fail over to the second site Ada, approve\?/);
  expect(await situation()).toMatch(/Request 1 waits: Fail over to the second site\. Ada, approve\?/);
  expect((await say('Bob', 'approve')).refusal?.code).toBe('own-request');
  expect((await say('Cleo', 'approve 1')).refusal?.code).toBe('not-approver');
  const before = (await told.channel('inc-1')).length;
  await told.forward({ minutes: 10 });
  for (const lead of ['Cleo', 'Dan']) expect((await toldAlone(lead)).at(-1)).toMatch(/Request 1 of Bob/);
  expect((await told.channel('inc-1')).length).toBe(before);

  // Declined with a reason, which whoever asked is told alone.
  expect((await told.press('Dan', 'inc-1', 'Decline…', 'wait for the backup')).text).toMatch(/Declined request 1/);
  expect((await toldAlone('Bob')).at(-1)).toMatch(/Request 1 is declined by Dan.*wait for the backup/s);
  expect((await say('Cleo', 'approve 1')).refusal?.code).toBe('already-declined');

  // Two different people have to agree where the configuration says so; twice the same is one.
  await say('Bob', 'approve-request Restore the database');
  expect((await told.press('Cleo', 'inc-1', 'Approve')).text).toMatch(/1 of 2 have agreed/);
  const again = await say('Cleo', 'approve 2');
  expect([again.refusal?.code, again.text]).toEqual(['agreed-already', expect.stringMatching(/1 of 2 have/)]);
  expect((await say('Dan', 'approve')).text).toMatch(/Approved request 2: Restore the database/);
  expect(await lastSaid()).toMatch(/✓ Request 2 is approved by Dan: Restore the database\. Bob can go ahead/);

  // Nobody answers at all: who asked is told, and goes ahead alone.
  await say('Bob', 'approve-request Cut the network off from @cleo within 5m');
  await told.forward({ minutes: 5 });
  expect((await toldAlone('Bob')).at(-1)).toMatch(/Nobody answered in time.*break-glass/s);
  expect((await say('Cleo', 'approve 3')).refusal?.code).toBe('request-over');
  await say('Bob', 'approve-request Cut the network off from @cleo');
  expect((await say('Bob', 'break-glass')).refusal?.code).toBe('usage');
  const alone = await told.press('Bob', 'inc-1', 'Go ahead without…', 'the attacker is still in');
  expect(alone.text).toMatch(/You go ahead alone: Cut the network off/);
  for (const text of [
    await lastSaid(),
    await lastSaid('operators'),
    (await toldAlone('Cleo')).at(-1),
    (await toldAlone('Olga')).at(-1),
  ])
    expect(text).toMatch(
      /The glass is broken: Bob goes ahead without Cleo: Cut the network off.*the attacker is still in/s,
    );
  const { followUps } = await told.incident(1);
  expect(followUps.map(({ text }) => text)).toEqual(['Was it right to go ahead without Cleo: Cut the network off?']);
  expect(await timeline()).toEqual(
    expect.arrayContaining([
      'Nobody answered request 1 in time: the next were asked as well',
      'Dan declined request 1, because wait for the backup',
      'Cleo approved request 2, 1 of 2',
      'Request 3 was answered by nobody in time',
      'Bob broke the glass and went ahead alone: “Cut the network off”, because the attacker is still in',
    ]),
  );
  const system = (await told.bot.store.systemEvents(0, 99)).map(({ type }) => type);
  expect(system).toContain('approvalBypassed');

  // Whoever may not is told who may, whichever way they try; the platform lead is never locked out.
  await say('Bob', 'resolve It is rotated');
  const no = await say('Bob', 'close');
  expect([no.refusal?.code, no.text]).toEqual([
    'not-permitted',
    expect.stringMatching(/Here \/incident close is for the commander or the platform lead/),
  ]);
  expect((await told.incident(1)).status).toBe('resolved');
  await say('Olga', 'close');
  await told.forward({ minutes: 1 });
  const postmortem = (await told.get('/api/incidents/1/postmortem')).text;
  expect(postmortem).toMatch(/Was it right to go ahead without Cleo.*Cut the network off/);
  expect(postmortem).toContain('## Approvals');
  expect(await told.bot.store.verify()).toMatchObject({ ok: true });
}, 30_000);

it('of a private incident, operators hear only that it happened', async () => {
  told = await story({ file });
  await told.say('Ada', '/incident declare --private --sev 1 Signing key in a public log');
  await say('Ada', 'break-glass Rotate the key because it is public');
  const heard = await lastSaid('operators');
  expect(heard).toMatch(/The glass was broken in a private incident/);
  expect(heard).not.toMatch(/key|#1|Ada/i);
  expect(await toldAlone('Olga')).toEqual([]);
  const event = (await told.bot.store.systemEvents(0, 99)).find(({ type }) => type === 'approvalBypassed');
  expect(event).toMatchObject({ actor: { kind: 'machine' }, body: { number: null } });
});
