import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WalkStep } from '../../src/incident/state.js';
import { loadPlaybooks } from '../../src/playbooks/load.js';
import type { PlaybookStep } from '../../src/playbooks/playbook.js';
import { databases, type Story, story } from './story.js';

const shipped = join(import.meta.dirname, '../../playbooks');
const { playbooks } = await loadPlaybooks(shipped);
const { steps } = playbooks.find(({ id }) => id === 'registry-outage')!;
const titled = (start: string): PlaybookStep => {
  const step = steps.find(({ title }) => title.startsWith(start));
  if (!step) throw new Error(`No step begins with ${start}.`);
  return step;
};
const symptom = '503 from "both" $(clients)';

let told: Story;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-walk-'));
});
afterEach(async () => {
  await told.end();
  rmSync(folder, { recursive: true, force: true });
});

const begin = async (more: Parameters<typeof story>[0] = {}, playbooksFolder = shipped): Promise<void> => {
  told = await story({ ...more, config: { playbooksFolder } });
};
const declare = (user = 'Ada') => told.say(user, '/incident declare --sev 1 --service registry Pushes fail');
const walk = async (number = 1) => (await told.incident(number)).walk!;
const states = async (number = 1) => (await walk(number)).steps.map(({ state }) => state);
const count = async (state: WalkStep['state']) => (await states()).filter((each) => each === state).length;
const lastSaid = async () => (await told.channel('inc-1')).at(-1)!.text;
const situation = async () => {
  await told.forward({ seconds: 2 });
  return (await told.channel('inc-1')).find(({ pinned }) => pinned)!.text;
};
const timeline = async () =>
  (await told.get('/api/incidents/1/timeline')).json<{ timeline: { type: string; text: string }[] }>().timeline;

/** Says `done` until this step is in hand, `fail` where it leads on the way. */
async function comeTo(index: number, number = 1): Promise<void> {
  const way = wayTo(index);
  for (const [at, line] of way) {
    expect((await walk(number)).current).toBe(at);
    await agreed(number);
    await told.say('Bob', line, number);
  }
  expect((await walk(number)).current).toBe(index);
}

/** Ada agrees where the step in hand waits for it. */
async function agreed(number = 1): Promise<void> {
  const { current, steps: all, approval } = await walk(number);
  if (current === null || !all[current]?.approve || approval?.state === 'given') return;
  await told.say('Ada', '/incident take commander', number);
  expect((await told.say('Ada', '/incident approve', number)).refusal).toBeUndefined();
}

/** The shortest way from the first step, as what is said at which step. */
function wayTo(index: number): [number, string][] {
  const ways = new Map<number, [number, string][]>([[0, []]]);
  for (const [at, way] of ways) {
    const { thenTo, ifNot } = steps[at]!;
    for (const [next, line] of [
      [thenTo ?? at + 1, `/incident done ${symptom}`],
      [ifNot?.goto ?? at + 1, `/incident fail not as expected at ${at + 1}`],
    ] as const)
      if (!ways.has(next) && next < steps.length) ways.set(next, [...way, [at, line]]);
  }
  const found = ways.get(index);
  if (!found) throw new Error(`No way leads to step ${index + 1}.`);
  return found;
}

describe.each(databases)('walking the registry outage, on %s', (database) => {
  it('goes straight from detection by the check that fails to its recovery, the proof and the end', async () => {
    await begin({ database });
    await declare();
    expect(await situation()).toContain('Registry outage, 20 steps, not started');
    await told.press('Ada', 'inc-1', 'Start the playbook');
    expect(await lastSaid()).toContain('Step 1 of 20 · Detect · Confirm from outside that a push fails');
    expect(await lastSaid()).toContain('docker push registry.example.com/ops/canary:probe');
    expect(await lastSaid()).toMatch(/Expect: the push ends with an error/);
    expect(await lastSaid()).toMatch(/If not: it works from here/);
    expect(await situation()).toContain('step 1 of 20 · Confirm from outside');

    await told.press('Bob', 'inc-1', 'Done', symptom);
    expect(await lastSaid()).toMatch(/Approval: Who approves\? Nobody is commander\..*Asked by Bob/s);
    await told.say('Ada', '/incident take commander', 1);
    await told.press('Ada', 'inc-1', 'Approve');
    await told.say('Ada', '/incident done runner 42 is paused', 1);
    const announcement = await lastSaid();
    expect(announcement).toContain('✓ Step 2 of 20');
    expect(announcement).toContain('runner 42 is paused');
    expect(announcement).toContain(`Seen: ${symptom}`);
    await agreed();
    await told.say('Cleo', '/incident done posted', 1);
    await told.press('Bob', 'inc-1', 'Skip', 'nothing is damaged');
    await agreed();
    await told.say('Bob', '/incident done', 1);
    await agreed();
    await told.say('Bob', '/incident done 200 from both', 1);
    const disk = titled('Check the disk');
    expect((await walk()).current).toBe(disk.index);
    await told.forward({ minutes: 3 });
    await told.press('Bob', 'inc-1', 'It failed', '100 % used');
    const room = titled('Make room');
    expect((await walk()).current).toBe(room.index);
    const passed = room.index - disk.index - 1;
    expect(await count('passed')).toBe(passed);
    expect(await situation()).toContain(`step ${room.index + 1} of 20, ${passed} passed over · Make room`);
    expect(await lastSaid()).toContain('sudo lvextend --resizefs --size +20G');
    expect(await lastSaid()).toContain(`Then: Prove that pushes and pulls work (step ${titled('Prove').index + 1})`);

    await agreed();
    await told.say('Bob', '/incident done grew by 20 G', 1);
    expect((await walk()).current).toBe(titled('Prove').index);
    await agreed();
    await told.say('Bob', '/incident done same digest', 1);
    await told.forward({ minutes: 15 });
    await agreed();
    const end = await told.say('Bob', '/incident done queue is empty', 1);
    expect(end.text).toMatch(/walked to its end.*\/incident resolve/);
    expect(await situation()).toMatch(/walked: 8 done, 1 skipped, 1 failed, 10 passed over/);

    const said = (await timeline()).map(({ text }) => text).join('\n');
    for (const words of [
      symptom,
      'runner 42',
      'posted',
      'nothing is damaged',
      '200 from both',
      '100 % used',
      'grew by',
    ])
      expect(said).toContain(words);
    expect(said).toContain(`went to step ${room.index + 1}`);
    expect(said).toContain(`went to step ${titled('Prove').index + 1}`);

    await told.say('Ada', '/incident resolve room was made', 1);
    const closed = await told.say('Ada', '/incident close', 1);
    expect(closed.text).not.toMatch(/open step/);
    expect((await told.incident(1)).followUps).toEqual([]);
    const postmortem = (await told.get('/api/incidents/1/postmortem')).text;
    expect(postmortem).toContain('10 of 20 steps ended, 10 were not needed');
    expect(postmortem).not.toContain('**still open**');
    expect(await told.bot.store.verify()).toMatchObject({ ok: true });
  });
});

describe('walking a playbook', () => {
  it('takes every branch of the shipped playbook to the step it names', async () => {
    await begin();
    const branching = steps.filter(({ ifNot }) => ifNot !== null && ifNot.goto !== null);
    expect(branching.length).toBeGreaterThan(12);
    for (const [at, { index, ifNot }] of branching.entries()) {
      const number = at + 1;
      await declare();
      await told.say('Bob', '/incident next', number);
      await comeTo(index, number);
      const { text } = await told.say('Bob', '/incident fail it did not work', number);
      const target = steps[ifNot!.goto!]!;
      expect(text).toContain(`Its branch is taken. Step ${target.index + 1} of ${steps.length} · ${target.phase} ·`);
      expect((await walk(number)).steps[index]).toMatchObject({ state: 'failed', said: 'it did not work' });
    }
  });

  it('begins triage anew when the proof fails, and owes the checks again', async () => {
    await begin();
    await declare();
    await told.say('Bob', '/incident next', 1);
    await comeTo(titled('Make room').index);
    await agreed();
    await told.say('Bob', '/incident done', 1);
    await told.say('Bob', '/incident fail still 503', 1);
    expect((await walk()).current).toBe(titled('Check the name').index);
    for (const check of ['Check the name', 'Compare outside']) {
      expect((await walk()).current).toBe(titled(check).index);
      await agreed();
      await told.say('Bob', '/incident done', 1);
    }
    await agreed();
    await told.say('Bob', '/incident done there is room now', 1);
    await told.say('Bob', '/incident fail out of connections', 1);
    expect((await walk()).current).toBe(titled('Bring the database back').index);
    expect((await walk()).steps[titled('Make room').index]?.state).toBe('done');
    await agreed();
    await told.say('Bob', '/incident done', 1);
    expect((await walk()).current).toBe(titled('Prove').index);
  });

  it('left in the middle owes what lay straight ahead and no alternative', async () => {
    await begin();
    await declare();
    await told.say('Bob', '/incident next', 1);
    await comeTo(titled('Make room').index);
    await told.say('Ada', '/incident resolve it went away', 1);
    // What is required has an owner and a day before anybody closes; the rest is kept by itself.
    expect((await told.say('Ada', '/incident close', 1)).refusal?.code).toBe('required-open');
    const prove = titled('Prove').index;
    await told.say('Ada', `/incident carry ${prove + 1} @bob 2030-01-16`, 1);
    const { text } = await told.say('Ada', '/incident close', 1);
    expect(text).toContain('3 open steps are now follow-ups');
    expect((await told.incident(1)).followUps.map(({ fromStep }) => fromStep)).toEqual(
      [titled('Prove'), titled('Make room'), titled('Let publishing')].map(({ index }) => index),
    );
  });

  it('goes back over a branch as it came, by word and by button', async () => {
    await begin();
    await declare();
    await told.say('Bob', '/incident next', 1);
    const disk = titled('Check the disk').index;
    await comeTo(titled('Make room').index);
    const { text } = await told.say('Bob', '/incident back', 1);
    expect(text).toContain(`Back at step ${disk + 1}; it is open again.`);
    expect(await lastSaid()).toContain(`Back at step ${disk + 1} of 20, by Bob: Check the disk`);
    expect((await states()).slice(disk)).toEqual(steps.slice(disk).map(() => 'open'));
    await told.press('Bob', 'inc-1', 'Back');
    expect((await walk()).current).toBe(disk - 1);
    await told.say('Bob', '/incident done looked again', 1);
    expect((await walk()).current).toBe(disk);
  });

  it('a button pressed by two people ends one step', async () => {
    await begin();
    await declare();
    await told.say('Bob', '/incident next', 1);
    const [first] = (await told.say('Bob', '/incident next', 1)).card!.blocks.flatMap((block) =>
      block.kind === 'buttons' ? block.buttons : [],
    );
    expect(first).toMatchObject({ label: 'Done', input: { label: 'symptom?', required: true } });
    const press = (user: string) => told.say(user, `${first?.command} ${symptom}`, 1);
    const replies = await Promise.all([press('Ada'), press('Bob')]);
    expect(replies.map(({ refusal }) => refusal?.code).sort()).toEqual(['other-step', undefined]);
    expect(replies.find(({ refusal }) => refusal)?.text).toMatch(/Step 1 is done\. Step 2 is in hand: Freeze/);
    expect((await walk()).current).toBe(1);
  });

  it('is calm at both ends and says what to do, typed or pressed', async () => {
    writeFileSync(join(folder, 'short.md'), '---\ntitle: Short\n---\n## A\n- [ ] one\n- [ ] two\n');
    await begin({}, folder);
    await told.say('Ada', '/incident declare --sev 2 Something');
    const say = async (line: string) => (await told.say('Ada', `/incident ${line}`, 1)).text;
    for (const line of ['next', 'done', 'skip x', 'fail x', 'back'])
      expect(await say(line)).toMatch(/has no playbook.*\/incident playbook/);
    expect(await say('playbook short')).toContain('now walks Short. Start it with /incident next');
    for (const line of ['done', 'skip x', 'fail x', 'back'])
      expect(await say(line)).toMatch(/Short has not been started\. Start it with \/incident next/);
    expect(await say('next')).toContain('Step 1 of 2 · A · one');
    expect(await say('back')).toMatch(/first step.*\/incident next shows it/);
    expect(await say('skip')).toMatch(/Say why/);
    expect(await say('fail')).toMatch(/Say what happened/);
    await say('done');
    const failed = await say('fail it burns');
    expect(failed).toMatch(/Step 2 did not go as expected\. .*\/incident back tries it again; \/incident note/);
    expect(await lastSaid()).toContain('That was the last step');
    for (const line of ['done', 'skip x', 'fail x'])
      expect(await say(line)).toMatch(/walked to its end\. \/incident back .* \/incident resolve/);
    expect(await say('back')).toContain('Back at step 2');
    await told.press('Ada', 'inc-1', 'Done', 'out');
    expect(await say('next')).toMatch(/walked to its end.*\/incident resolve/);
    expect((await walk()).steps.map(({ state, said }) => [state, said])).toEqual([
      ['done', null],
      ['done', 'out'],
    ]);
  });

  it('is attached by hand until the walk begins, and afterwards says what is being walked', async () => {
    for (const [id, title] of [
      ['one', 'The first'],
      ['two', 'The second'],
    ])
      writeFileSync(join(folder, `${id}.md`), `---\ntitle: ${title}\n---\n## A\n- [ ] do ${id}\n`);
    await begin({}, folder);
    await told.say('Ada', '/incident declare --sev 2 Something');
    const say = async (line: string) => (await told.say('Ada', `/incident ${line}`, 1)).text;
    expect(await say('playbook')).toMatch(/#1 has no playbook\. Which one\?/);
    expect(await say('playbook tow')).toMatch(/no playbook tow\. Did you mean two\?/);
    expect(await say('playbook one')).toContain('now walks The first');
    expect(await say('playbook The second')).toContain('now walks The second');
    expect(await lastSaid()).toMatch(/Playbook: The second, 1 step\. Chosen because.*Ada/);
    expect(await say('next')).toContain('do two');
    expect(await say('playbook one')).toMatch(
      /The second is being walked, at step 1 of 1\. Walk The first instead, or keep it/,
    );
    await say('done');
    expect(await say('playbook one')).toContain('now walks The first');
    expect((await told.incident(1)).aside.map(({ title }) => title)).toEqual(['The second']);
  });
});

describe('a playbook that changes while it is walked', () => {
  const file = () => join(folder, 'registry-outage.md');
  const change = (from: string | RegExp, to: string) =>
    writeFileSync(file(), readFileSync(file(), 'utf8').replaceAll(from, to));

  beforeEach(async () => {
    mkdirSync(folder, { recursive: true });
    cpSync(join(shipped, 'registry-outage.md'), file());
    await begin({}, folder);
    await declare();
    await told.say('Bob', '/incident next', 1);
    await told.say('Bob', `/incident done ${symptom}`, 1);
  });

  it('keeps its text after a restart; the next incident has the new one', async () => {
    change('Freeze the publishing jobs', 'Stop the press');
    change('gh workflow disable', 'gh workflow halt');
    await told.restart();
    const { text, card } = await told.say('Ada', '/incident #1 next');
    expect(text).toContain('Freeze the publishing jobs');
    expect(JSON.stringify(card)).toContain('gh workflow disable publish.yml');
    await agreed();
    await told.say('Bob', '/incident done frozen', 1);
    expect(await lastSaid()).toContain(`Seen: ${symptom}`);
    await declare();
    expect((await walk(2)).steps[1]?.title).toBe('Stop the press');
    expect((await walk(1)).hash).not.toBe((await walk(2)).hash);
  });

  it('keeps its text when the file is gone, and its needs stay on the card', async () => {
    rmSync(file());
    await told.restart();
    // The card is edited again before anybody has said a word.
    const card = await situation();
    expect(card).toContain('step 2 of 20');
    expect(card).toContain('vault kv/registry/canary');
    await agreed();
    await told.say('Bob', '/incident done frozen', 1);
    expect(await lastSaid()).toContain(`Seen: ${symptom}`);
    await comeTo3();
  });

  it('is walked on when a later version finds errors in its text', async () => {
    const { hash } = await walk();
    await told.stop();
    const database = new Sqlite(join(told.folder, 'data', 'muster.db'));
    const { text } = database.prepare('SELECT text FROM playbooks WHERE hash = ?').get(hash) as { text: string };
    const stricter = text.replaceAll('- Role: operations', '- Crew: operations').replace('owner:', 'ownr:');
    database.prepare('UPDATE playbooks SET text = ? WHERE hash = ?').run(stricter, hash);
    database.close();
    rmSync(file());
    await told.start();
    const { card } = await told.say('Ada', '/incident #1 next');
    expect(JSON.stringify(card)).toContain('gh workflow disable publish.yml');
    expect(JSON.stringify(card)).toContain('Crew: operations');
    await agreed();
    await told.say('Bob', '/incident done frozen', 1);
    await comeTo3();
  });

  /** From the third step by a failing check to the end. */
  async function comeTo3(): Promise<void> {
    for (const line of ['done', 'skip x', 'fail expired', 'done', 'done', 'done']) {
      await agreed();
      await told.say('Bob', `/incident ${line}`, 1);
    }
    expect(await walk()).toMatchObject({ current: null, finishedAt: told.now() });
    expect((await walk()).steps[titled('Renew the certificate').index]?.state).toBe('done');
  }
});
