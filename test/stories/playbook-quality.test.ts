import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { plainText } from '../../src/messages/plain.js';
import { type Story, story } from './story.js';

let muster: Story | undefined;
afterEach(async () => {
  await muster?.end();
  muster = undefined;
});

it('what people would change in a playbook while they walk it is a patch at the end, and how it does can be asked', async () => {
  muster = await story();
  await muster.say('Ada', '/incident declare --sev 2 Muster: the disk is full');
  await muster.say('Ada', '/incident playbook muster-disk-full', 1);
  const before = await muster.say('Ada', '/incident playbook quality muster-disk-full');
  expect(before.text).toContain('never walked');
  await muster.say('Ada', '/incident next', 1);
  await muster.say('Ada', '/incident done seen', 1);
  const said = await muster.say('Ada', '/incident playbook suggest say how much must be free', 1);
  expect(said.text).toMatch(/^Kept for step 2: at the end of .* it goes into a patch for /);
  await muster.say('Bob', '/incident suggest step 1: @channel name the host', 1);
  expect((await muster.say('Bob', '/incident suggest step 99: nothing', 1)).refusal?.code).toBe('no-step');
  expect((await muster.get('/api/incidents/1/playbook.patch')).status).toBe(200);

  await muster.say('Ada', '/incident resolve there is room', 1);
  await muster.say('Ada', '/incident close', 1);
  const file = join(muster.folder, 'data', 'playbook-patches', 'inc-1.patch');
  const patch = readFileSync(file, 'utf8');
  expect((await muster.get('/api/incidents/1/playbook.patch')).text).toBe(patch);
  const books = join(muster.folder, 'books');
  mkdirSync(books);
  copyFileSync('playbooks/muster-disk-full.md', join(books, 'muster-disk-full.md'));
  execFileSync('git', ['apply', file], { cwd: books });
  const changed = readFileSync(join(books, 'muster-disk-full.md'), 'utf8');
  expect(changed).toContain('> Suggested by Ada in incident 1, 2026-11-21:\n  > say how much must be free');
  expect(changed).toContain('> @channel name the host');
  expect((await muster.get('/api/incidents/1/postmortem')).text).toContain('Suggested for the playbook');

  const after = await muster.say('Bob', '/incident quality muster-disk-full');
  const card = after.card ? plainText(after.card) : '';
  expect(card).toContain('walked 1 time (0 to the end) by 1 person, last on 2026-11-21');
  expect(card).toContain('only Ada has ever walked it');
  expect(card).toContain('2 changes suggested');
  const all = await muster.say('Bob', '/incident quality');
  expect(all.text).toMatch(/^\d+ of 10 playbooks want looking at\.$/);
});

it('what was said in a private incident is told to nobody who may not see it', async () => {
  muster = await story();
  await muster.say('Ada', '/incident declare --private --sev 2 Keys are out');
  await muster.say('Ada', '/incident playbook compromised-credential', 1);
  await muster.say('Ada', '/incident next', 1);
  await muster.say('Ada', '/incident skip the thief is an insider', 1);
  const asked = async (who: string) => {
    const { card } = await (muster as Story).say(who, '/incident quality compromised-credential');
    return card ? plainText(card) : '';
  };
  expect(await asked('Ada')).toContain('the thief is an insider');
  expect(await asked('Eve')).toContain('never walked');
});
