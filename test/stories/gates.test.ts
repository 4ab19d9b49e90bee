import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { handOf } from '../../src/incident/hand.js';
import { plainText } from '../../src/messages/plain.js';
import { isQuiet } from './noise.js';
import { type Story, story } from './story.js';

const page = (more = '') => `---
title: Route flaps
---
## Detect
- [ ] Find the host
  - Ask: host
## Contain
- Parallel: yes
- Within: 30 min
- Otherwise: escalate to sev1

- [ ] Take it out

  \`\`\`sh
  printf %s {host}
  \`\`\`

  - Required: yes
- [ ] Tell the teams
## Triage
- Decide: 20 min, [Restore now](#restore)
- [ ] Does the link hold?
  - Check: It holds / It does not
  - If not: [Restore](#restore)
- [ ] Change the route
  - Roll back: [Take it back](#roll-back)
- [ ] Prove it
  - Required: yes
  - Then: [Close](#close)
## Restore
- [ ] Restore the old router
  - Then: [Close](#close)
## Roll back
- [ ] Put the route back
## Close
- [ ] Write it down
${more}`;

let told: Story;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-gates-'));
  writeFileSync(join(folder, 'route.md'), page());
  told = await story({ config: { playbooksFolder: folder } });
  await told.say('Ada', '/incident declare --sev 2 Route flaps');
  for (const line of ['take commander', 'playbook route']) await say('Ada', line);
  await say('Bob', 'next');
});
afterEach(async () => {
  await isQuiet(told).finally(() => told.end());
  rmSync(folder, { recursive: true, force: true });
});

const say = (user: string, line: string) => told.say(user, `/incident ${line}`, 1);
const walk = async () => (await told.incident(1)).walk!;
const hand = async () => handOf(await walk()).map((index) => index + 1);
const lastSaid = async () => (await told.channel('inc-1')).filter(({ pinned }) => !pinned).at(-1)!.text;

it('several steps in hand, a question, a change taken back, and what is required gates the end', async () => {
  expect((await say('Bob', 'done a b; c')).text).toContain('Step 2 of 9');
  expect(await hand()).toEqual([2, 3]);
  expect(await lastSaid()).toMatch(/printf %s 'a b; c'.*In hand as well: 3 Tell the teams/s);
  expect((await say('Bob', 'value host=web-1')).text).toContain('host is web-1 from now on');
  expect((await say('Cleo', 'done')).text).toMatch(
    /There are 2 steps in hand: 2 \(Take it out\), 3 \(Tell the teams\)/,
  );
  await say('Cleo', 'take step 3');
  expect(plainText((await say('Cleo', 'next')).card!)).toContain('Step 3 of 9');
  await say('Cleo', 'done by mail');
  expect(await hand()).toEqual([2]);
  expect((await say('Bob', 'skip no time')).refusal?.code).toBe('required');
  await told.press('Bob', 'inc-1', 'Done', 'out');
  expect(await hand()).toEqual([4]);
  await told.press('Bob', 'inc-1', 'It holds', '0 % loss');
  expect((await walk()).steps[3]).toMatchObject({ state: 'done', said: 'It holds: 0 % loss' });
  await say('Bob', 'done');
  await told.press('Bob', 'inc-1', 'Roll back…', 'worse');
  expect(await hand()).toEqual([8]);
  expect(await lastSaid()).toMatch(/Roll back of step 5 \(Change the route\), by Bob: worse.*Put the route back/s);
  await say('Bob', 'done');
  expect(await hand()).toEqual([6]);

  const resolved = await say('Ada', 'resolve it holds');
  expect(resolved.text).toMatch(/Required and still open: step 6 \(Prove it\)/);
  const refused = await say('Ada', 'close');
  expect(refused.refusal?.code).toBe('required-open');
  expect(plainText(refused.card!)).toMatch(/Step 6 is done….*Leave 6 out….*Follow-up for 6…/s);
  expect((await say('Ada', 'carry 6 @Bob 2099-01-15')).text).toContain('Step 6 is follow-up 1, for Bob');
  expect((await say('Ada', 'close')).refusal).toBeUndefined();
  expect((await told.incident(1)).followUps[0]).toMatchObject({ dueOn: '2099-01-15', fromStep: 5 });
});

it('a phase that takes too long makes it sev1, and the commander decides when looking on does not help', async () => {
  await say('Bob', 'done web-1');
  await told.forward({ minutes: 30 });
  expect((await told.incident(1)).severity).toBe('sev1');
  await say('Bob', 'done --step 2');
  await say('Bob', 'done');
  await told.forward({ minutes: 20 });
  const asked = (await told.channel('inc-1')).filter(({ text }) => text.includes('Keep debugging, or: Restore now?'));
  expect(asked).toHaveLength(1);
  expect((await say('Bob', 'decide leave')).refusal?.code).toBe('commander-decides');
  await say('Ada', 'decide keep 15m we see it');
  await told.forward({ minutes: 15 });
  await told.press('Ada', 'inc-1', 'Restore now…', 'nobody knows why');
  expect(await hand()).toEqual([7]);
  const { timeline } = (await told.get('/api/incidents/1/timeline')).json<{ timeline: { text: string }[] }>();
  const said = timeline.map(({ text }) => text).join('\n');
  expect(said).toContain('Ada decided to go on with Triage for 15 min, because we see it');
  expect(said).toContain('Ada decided: “Restore now”, in the place of Triage, because nobody knows why');
});

it('a file that changes meanwhile is said once, shown, and taken over with what was done', async () => {
  await say('Bob', 'done web-1');
  writeFileSync(join(folder, 'route.md'), page().replace('## Detect\n', '## Detect\n- [ ] Look at the map\n'));
  await told.restart();
  await say('Bob', 'done --step 2');
  await say('Bob', 'note on it');
  const posts = (await told.channel('inc-1')).filter(({ text }) =>
    text.includes('The file of Route flaps has changed'),
  );
  expect(posts).toHaveLength(1);
  const shown = await say('Ada', 'playbook diff');
  expect(plainText(shown.card!)).toMatch(/\+ 1 Look at the map: new/);
  expect((await walk()).steps).toHaveLength(9);
  const button = shown.card!.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))[0]!;
  await told.say('Ada', button.command, 1);
  expect((await walk()).steps.map(({ state }) => state).slice(0, 4)).toEqual(['open', 'done', 'done', 'open']);
  expect(await hand()).toEqual([4]);
  await told.restart();
  expect((await say('Bob', 'next')).text).toContain('Step 4 of 10 · Contain · Tell the teams');
});
