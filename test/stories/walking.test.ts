import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { isQuiet } from './noise.js';
import { databases, type Story, story } from './story.js';

const storage = `---
title: Storage exhaustion
matches: { service: registry, alertname: DiskFull }
---
## Contain
- [ ] Stop the writers
  - [ ] pause the mirror
  - [ ] tell the teams
  - Within: 10 min
  - Role: operations
- [ ] Delete the old images
  - Approve: commander
  - If not: [Call for help](#help)
- [ ] Let them write again
  - Then: [Write it down](#close)
## Help
- [ ] Call the owner
## Close
- [ ] Write it down
`;
const outage = `---
title: Registry outage
matches: { service: registry }
---
## Detect
- [ ] Push from outside
- [ ] Read the log
`;

let told: Story;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-walking-'));
  writeFileSync(join(folder, 'storage.md'), storage);
  writeFileSync(join(folder, 'outage.md'), outage);
});
afterEach(async () => {
  await isQuiet(told).finally(() => told.end());
  rmSync(folder, { recursive: true, force: true });
});

const begin = async (more: Parameters<typeof story>[0] = {}): Promise<void> => {
  told = await story({ ...more, config: { playbooksFolder: folder } });
};
const incident = () => told.incident(1);
const alert = (alertname: string) =>
  told.alerts('generic', {
    alerts: [{ title: alertname, service: 'registry', severity: 'critical' }],
  });
const say = (user: string, line: string) => told.say(user, `/incident ${line}`, 1);
const posts = async () => (await told.channel('inc-1')).filter(({ pinned }) => !pinned).map(({ text }) => text);
const lastSaid = async () => (await posts()).at(-1)!;
const situation = async () => {
  await told.forward({ seconds: 2 });
  return (await told.channel('inc-1')).find(({ pinned }) => pinned)!.text;
};
/** What Muster has told one person alone, the latest last. */
async function toldAlone(user: string): Promise<string[]> {
  const known = (await told.bot.store.people()).find(({ name }) => name === user);
  const channel = (await told.bot.web.channels(known?.personId ?? '')).find(({ name }) => name.startsWith('direct-'));
  return channel ? (await told.bot.web.messages(channel.id, 100)).map(({ card }) => plainText(card)) : [];
}
const timeline = async () =>
  (await told.get('/api/incidents/1/timeline')).json<{ timeline: { type: string; text: string }[] }>().timeline;
const happened = async (type: string) =>
  (await timeline()).filter((each) => each.type === type).map(({ text }) => text);
const storageBegun = async () => {
  await say('Ada', 'playbook storage');
  await say('Bob', 'next');
};

describe.each(databases)('two playbooks that match, on %s', (database) => {
  it('the closer one is chosen with its reason, the other is offered with its own, and each keeps where it stands', async () => {
    await begin({ database });
    await alert('DiskFull');
    expect((await incident()).walk).toMatchObject({
      title: 'Storage exhaustion',
      reason: expect.stringMatching(/DiskFull/),
    });
    const announced = (await posts()).find((text) => /Playbook: Storage exhaustion, 5 steps/.test(text));
    expect(announced).toMatch(/because the service is registry and the alert is DiskFull/);
    expect(announced).toMatch(/Fits as well.*Registry outage, because the service is registry/s);

    await told.press('Bob', 'inc-1', 'Add Registry outage');
    expect(await situation()).toContain('Beside it: Registry outage, not started');
    await say('Bob', 'next');
    await say('Bob', 'tick 1');
    const { text } = await say('Bob', 'playbook switch outage');
    expect(text).toMatch(/now walks Registry outage|back at Registry outage/);
    expect(await situation()).toMatch(/Playbook: Registry outage, 2 steps, not started/);
    expect(await situation()).toContain('Beside it: Storage exhaustion, at step 1 of 5');
    await say('Bob', 'next');
    await say('Bob', 'done 503');

    // Its text is kept with the incident, whatever becomes of the file.
    rmSync(join(folder, 'storage.md'));
    await told.restart();
    const back = await say('Cleo', 'playbook switch Storage exhaustion');
    expect(back.text).toContain('Step 1 of 5 · Contain · Stop the writers');
    expect(JSON.stringify(back.card)).toContain('☑ pause the mirror');
    expect(await lastSaid()).toMatch(/Back at the playbook Storage exhaustion, by Cleo\. Registry outage is set aside/);
    expect(await situation()).toContain('Beside it: Registry outage, at step 2 of 2');
    const listed = plainText((await say('Ada', 'playbook')).card!);
    expect(listed).toMatch(/Beside it:.*Registry outage, at step 2 of 2, because Bob added it/s);

    await say('Ada', 'resolve room was made');
    expect((await say('Ada', 'close')).text).toMatch(/5 open steps are now follow-ups/);
    expect((await incident()).followUps.map((each) => each.text)).toEqual([
      'Finish step 1 of Storage exhaustion: Stop the writers',
      'Finish step 2 of Storage exhaustion: Delete the old images',
      'Finish step 3 of Storage exhaustion: Let them write again',
      'Finish step 5 of Storage exhaustion: Write it down',
      'Finish step 2 of Registry outage: Read the log; it was set aside there',
    ]);
    const postmortem = (await told.get('/api/incidents/1/postmortem')).text;
    expect(postmortem).toMatch(/## Playbook set aside\n\nRegistry outage/);
    expect(await happened('walkSwitched')).toHaveLength(2);
    expect(await happened('playbookAttached')).toEqual([
      expect.stringMatching(/^Playbook Storage exhaustion chosen/),
      'Bob added the playbook Registry outage for later, because Bob added it',
    ]);
    expect(await told.bot.store.verify()).toMatchObject({ ok: true });
  });

  it('a button of the one set aside ends no step of the other', async () => {
    await begin({ database });
    await alert('DiskFull');
    const first = await say('Bob', 'next');
    const done = first
      .card!.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
      .find(({ label }) => label === 'Done')!;
    await say('Bob', 'playbook switch outage');
    await say('Bob', 'next');
    const late = await told.say('Ada', done.command, 1);
    expect(late.refusal?.code).toBe('other-playbook');
    expect(late.text).toMatch(/Registry outage is in hand\. \/incident playbook switch storage goes back/);
    expect((await incident()).walk?.current).toBe(0);
  });
});

describe('a step given to somebody', () => {
  it('is shown on every card, told to the person alone, and may be done by anybody', async () => {
    await begin();
    await told.say('Ada', '/incident declare --sev 2 Something');
    await told.say('Bob', '/incident list');
    await storageBegun();
    await told.press('Ada', 'inc-1', 'Assign…', '@Bob');
    expect(await lastSaid()).toMatch(/Bob has step 1 of 5, within 10 min: Stop the writers/);
    expect(await lastSaid()).toContain('With: Bob');
    expect((await toldAlone('Bob')).at(-1)).toMatch(/Bob has step 1 of 5/);
    expect(await situation()).toContain('Stop the writers, 0 of 2 ticked · with Bob');
    await say('Ada', 'assign step 3 @Bob');
    expect(await lastSaid()).toMatch(/Bob has step 3 of 5: Let them write again$/);
    expect((await say('Cleo', 'done')).refusal).toBeUndefined();
    expect((await incident()).walk?.steps[0]).toMatchObject({ state: 'done', assignee: expect.any(String) });
    expect(await happened('stepDone')).toEqual(['Cleo finished step 1']);
    expect(await happened('stepAssigned')).toEqual(['Ada gave step 1 to Bob', 'Ada gave step 3 to Bob']);
  });

  it('that nobody knows is refused with those who are near', async () => {
    await begin();
    await told.say('Ada', '/incident declare --sev 2 Something');
    await storageBegun();
    expect((await say('Ada', 'assign step @Bop')).text).toMatch(/Nobody here is called @?Bop\. Did you mean Bob/);
    expect((await say('Ada', 'assign step')).text).toMatch(/Who does the step\?/);
  });
});

describe.each(databases)('a time-box, on %s', (database) => {
  beforeEach(async () => {
    await begin({ database });
    await told.say('Ada', '/incident declare --sev 2 Something');
    await say('Ada', 'take commander');
    await storageBegun();
  });
  const asked = async () => (await posts()).filter((text) => text.includes('Step 1 has taken')).length;

  it('asks once when it is over, after a restart too, three times at most, then the commander alone, then nobody', async () => {
    expect(await situation()).toMatch(/until 12:10 UTC/);
    await told.forward({ minutes: 5 });
    await told.restart();
    await told.forward({ minutes: 4 });
    expect(await asked()).toBe(0);
    await told.forward({ minutes: 1 });
    expect(await asked()).toBe(1);
    expect(await lastSaid()).toMatch(
      /Ada:.*Step 1 has taken 10 min: Stop the writers.*Still on it, or is help needed\?/s,
    );
    await told.forward({ minutes: 8 });
    expect(await asked()).toBe(1);
    await told.forward({ minutes: 120 });
    expect(await asked()).toBe(3);
    expect((await posts()).filter((text) => text.includes('The channel is not asked again'))).toHaveLength(1);
    expect((await toldAlone('Ada')).filter((text) => text.includes('Step 1 has taken'))).toHaveLength(1);
    expect(await happened('stepOverdue')).toHaveLength(4);
  });

  it('a time that passes while nothing runs is asked about once, when it is up again', async () => {
    await told.stop();
    told.sleep({ hours: 1 });
    await told.start();
    expect(await asked()).toBe(1);
  });

  it('more gives time, by word and by button, and the end of the step ends it', async () => {
    await told.forward({ minutes: 10 });
    await told.press('Bob', 'inc-1', 'Still on it');
    expect(await lastSaid()).toMatch(/Bob is still on step 1, 10 min more, until 12:20 UTC/);
    expect((await say('Bob', 'more 30m')).text).toBe('Step 1 has 30 min more. Muster asks again at 12:40 UTC.');
    await told.forward({ minutes: 29 });
    expect(await asked()).toBe(1);
    await told.forward({ minutes: 2 });
    expect(await asked()).toBe(2);
    await told.press('Bob', 'inc-1', 'Done', 'stopped');
    await told.forward({ hours: 2 });
    expect(await asked()).toBe(2);
    expect((await say('Bob', 'more soon')).text).toMatch(/Say how long.*\/incident more 10m/);
  });

  it('who is stuck gets help: the channel and the commander hear of it', async () => {
    await told.forward({ minutes: 10 });
    const { text } = await told.press('Bob', 'inc-1', 'Help…', 'Who knows the mirror?');
    expect(text).toBe('The channel has been told, and Ada directly.');
    expect(await lastSaid()).toMatch(
      /Bob needs help with step 1 of 5: Stop the writers.*Who knows the mirror\?.*Calling Ada/s,
    );
    expect((await toldAlone('Ada')).at(-1)).toContain('Bob needs help');
  });
});

describe.each(databases)('a step that has to be approved, on %s', (database) => {
  beforeEach(async () => {
    await begin({ database });
    await told.say('Ada', '/incident declare --sev 2 Something');
    await say('Ada', 'take commander');
    await storageBegun();
    await say('Bob', 'done stopped');
  });

  it('asks the commander on both cards and alone, waits through a restart, and is done after the approval', async () => {
    expect(await lastSaid()).toMatch(/✓ Step 1 of 5.*Delete the old images.*Ada, approve\? Asked by Bob\./s);
    expect((await toldAlone('Ada')).at(-1)).toMatch(/Ada, approve step 2 of 5\? Delete the old images.*Asked by Bob/s);
    expect(await situation()).toMatch(/Step 2 waits: Delete the old images\. Ada, approve\? Asked by Bob/);
    const early = await say('Bob', 'done deleted');
    expect(early.refusal?.code).toBe('approval-needed');
    await told.restart();
    expect((await say('Bob', 'approve')).refusal?.code).toBe('not-approver');
    expect((await told.press('Ada', 'inc-1', 'Approve')).text).toContain('✓ Approved.');
    expect(await lastSaid()).toMatch(/✓ Step 2 of 5 is approved by Ada/);
    expect(await situation()).not.toContain('waits:');
    expect((await say('Bob', 'done deleted 40 G')).refusal).toBeUndefined();
    expect((await timeline()).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Bob asked the commander to approve step 2', 'Ada approved step 2, as commander']),
    );
  });

  it('declined is said with its reason; taking the step asks again', async () => {
    await told.press('Ada', 'inc-1', 'Decline…', 'the backup runs');
    expect(await lastSaid()).toMatch(/✗ Step 2 of 5 is declined by Ada.*the backup runs/s);
    expect((await say('Bob', 'done')).text).toMatch(/declined: the backup runs\. Ask again with \/incident take step/);
    await say('Bob', 'take step');
    expect(await lastSaid()).toMatch(/Ada, approve step 2 of 5\?/);
    expect(await happened('approvalDeclined')).toEqual(['Ada declined step 2, as commander, because the backup runs']);
  });

  it('whoever brought it in hand cannot approve it, is told the ways out, and is never stuck', async () => {
    await say('Bob', 'take commander');
    const own = await say('Bob', 'approve');
    expect(own.refusal?.code).toBe('own-request');
    expect(own.text).toMatch(/take step.*take commander.*\/incident skip <reason> is always possible/);
    expect(await situation()).toMatch(/Bob asked and is commander too/);
    const taken = await told.press('Cleo', 'inc-1', 'I run it');
    expect(taken.text).toMatch(/You have step 2.*you are the one who asks/);
    expect((await toldAlone('Bob')).at(-1)).toMatch(/Bob, approve step 2 of 5/);
    expect((await say('Bob', 'approve')).refusal).toBeUndefined();
    await say('Bob', 'back');
    expect((await incident()).walk?.approval).toBeNull();
    await say('Bob', 'done');
    expect((await say('Bob', 'skip alone at night')).refusal).toBeUndefined();
    expect((await incident()).walk).toMatchObject({ current: 2, approval: null });
    expect(await happened('stepSkipped')).toEqual(['Bob skipped step 2, because alone at night']);
  });

  it('a new commander is told that it waits', async () => {
    await told.say('Cleo', '/incident list');
    await say('Ada', 'assign commander @Cleo');
    expect((await toldAlone('Cleo')).at(-1)).toMatch(/Cleo, approve step 2 of 5\? Delete the old images/);
    expect((await say('Ada', 'approve')).refusal?.code).toBe('not-approver');
    expect((await say('Cleo', 'approve')).refusal).toBeUndefined();
  });
});

describe('the call', () => {
  const file = (more: string) => `open-on-loopback: true
people: { ada: { name: Ada }, bob: { name: Bob } }
services:
  registry: { owner: ada, second-owner: bob, call-link: https://meet.example.com/registry, approve: [bob] }
${more}`;

  it('of the services is on the card, and that of the severity goes before it; an open incident keeps its own', async () => {
    await begin({ file: file('') });
    await alert('DiskFull');
    expect(await situation()).toContain('Call: https://meet.example.com/registry');
    await told.write(file('severities: { sev1: { call-link: https://meet.example.com/sev1 } }\n'));
    await told.say('Ada', '/incident declare --sev 1 --service registry Another one');
    await told.forward({ seconds: 2 });
    const second = (await told.channel('inc-2')).find(({ pinned }) => pinned)!.text;
    expect(second).toContain('Call: https://meet.example.com/sev1');
    expect(await situation()).toContain('Call: https://meet.example.com/registry');
  });

  it('and whoever the services name may approve is named where nobody has the role', async () => {
    await begin({ file: file('') });
    await alert('DiskFull');
    await say('Ada', 'next');
    await say('Ada', 'done');
    expect(await lastSaid()).toMatch(/Who approves\? Nobody is commander\. It could be Bob\./);
  });
});
