import { afterEach, describe, expect, it } from 'vitest';
import { databases, type Story, story } from './story.js';

describe.each(databases)('what stakeholders hear, on %s', (database) => {
  let told: Story;
  afterEach(() => told.end());
  const heard = async () => (await told.channel('stakeholders')).map(({ text }) => text);
  const room = async (words: string) => (await told.channel('inc-1')).filter(({ text }) => text.includes(words));
  const asks = () => room('do not know yet what changed');

  it('is asked for once when several things change, with a draft to post', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 2 Pushes fail');
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident sev 1 a second region fails', 1);
    await told.forward({ minutes: 1 });
    await told.say('Ada', '/incident impact Nobody can publish.', 1);
    await told.say('Ada', '/incident identified a full disk', 1);
    expect(await asks()).toHaveLength(0);
    await told.forward({ minutes: 1 });
    const [ask] = await asks();
    expect(ask?.text).toContain('Ada, stakeholders do not know yet what changed: severity, impact and status.');
    expect(ask?.text).toContain('Impact: Nobody can publish.');
    expect(await asks()).toHaveLength(1);
    expect(await heard()).toHaveLength(1);
    expect((await told.incident(1)).updates.dueAt).toBe(told.now() + 28 * 60_000);

    await told.press('Ada', 'inc-1', 'Post');
    expect((await heard()).at(-1)).toContain('Impact: Nobody can publish.');
    // Another change within ten minutes waits for them to pass.
    await told.say('Ada', '/incident mitigated the mirror takes the reads', 1);
    await told.forward({ minutes: 7 });
    expect(await asks()).toHaveLength(1);
    await told.forward({ minutes: 4 });
    expect(await asks()).toHaveLength(2);
  });

  it('is not asked for any more when somebody has told them meanwhile', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Pushes fail');
    await told.say('Ada', '/incident impact Nobody can publish.', 1);
    await told.forward({ minutes: 1 });
    await told.say('Ada', '/incident update Nobody can publish, we look at the disk.', 1);
    await told.forward({ minutes: 20 });
    expect(await asks()).toHaveLength(0);
  });

  it('is never the same text twice', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Pushes fail');
    await told.say('Ada', '/incident update The disk is being grown.', 1);
    await told.forward({ minutes: 31 });
    expect((await heard()).at(-1)).toContain(
      'sev1 · investigating · Pushes fail: no change since 12:00 UTC. Next update: 13:00 UTC.',
    );
    await told.forward({ minutes: 4 });
    const asked = await told.say('Ada', '/incident update  the disk is being GROWN.', 1);
    expect(asked.refusal?.code).toBe('repeats');
    expect(asked.text).toContain('word for word what stakeholders were told at 12:00 UTC');
    expect((await told.incident(1)).updates.count).toBe(2);
    const anyway = asked.card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])).at(-1);
    await told.say('Ada', anyway?.command ?? '', 1);
    expect((await told.incident(1)).updates).toMatchObject({ count: 3, lastText: 'the disk is being GROWN.' });
    await told.say('Ada', '/incident impact Nobody can publish.', 1);
    await told.forward({ minutes: 31 });
    expect((await heard()).at(-1)).toContain('What is impacted: Nobody can publish.');
  });

  it('comes at most as often as was promised, and when something changes for them', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Pushes fail');
    const changes: Record<number, string> = {
      20: 'impact Nobody can publish.',
      95: 'identified a full disk',
      170: 'sev 2 the mirror takes the reads',
      260: 'mitigated the disk is grown',
    };
    // Somebody writes every ten minutes, for six hours.
    for (let minute = 0; minute < 360; minute += 10) {
      await told.say('Ada', `/incident update After ${minute} minutes we know a little more.`, 1);
      await told.forward({ minutes: 5 });
      const change = changes[minute + 5] ?? changes[minute];
      if (change) await told.say('Ada', `/incident ${change}`, 1);
      await told.forward({ minutes: 5 });
    }
    await told.say('Ada', '/incident resolve The disk is grown.', 1);
    const all = await heard();
    const promised = Math.ceil(170 / 30) + Math.ceil(190 / 60);
    // The announcement, the promised ones, one for each change, and the last.
    expect(all.length).toBeLessThanOrEqual(1 + promised + Object.keys(changes).length + 1);
    expect(all.length).toBeGreaterThanOrEqual(8);
    expect(all.at(-1)).toContain('This incident is resolved');
    expect(all.at(-2)).toContain('After 350 minutes we know a little more.');
    // Its own channel has them all.
    expect(await room('we know a little more')).toHaveLength(36);
  });

  it('comes more rarely once somebody declares a long incident, and as before when the impact changes', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Pushes fail');
    expect((await told.say('Ada', '/incident long', 1)).text).toMatch(/open for 0 min.*after 120 min/);
    await told.forward({ minutes: 119 });
    expect(await room('Is this going to be long?')).toHaveLength(0);
    await told.say('Ada', '/incident update Still looking.', 1);
    await told.forward({ minutes: 1 });
    const [proposal] = await room('Is this going to be long?');
    expect(proposal?.text).toContain('updates every 1 h instead of every 30 min');
    expect(proposal?.text).toContain('Hand over');
    const before = (await heard()).length;
    await told.press('Bob', 'inc-1', 'Declare a long incident');
    expect((await heard()).slice(before)).toEqual([expect.stringContaining('From now on updates come every 1 h')]);
    const due = (await told.incident(1)).updates.dueAt ?? 0;
    expect(due).toBe(told.now() + 29 * 60_000);
    await told.forward({ minutes: 30 });
    expect((await told.incident(1)).updates.dueAt).toBe(due + 60 * 60_000);
    expect((await told.say('Bob', '/incident long', 1)).refusal?.code).toBe('unchanged');

    await told.say('Bob', '/incident impact Pulls fail, too.', 1);
    expect((await told.incident(1)).updates).toMatchObject({ longSince: null, dueAt: told.now() + 30 * 60_000 });
    await told.forward({ hours: 2 });
    expect(await room('Is this going to be long?')).toHaveLength(2);
    expect(await heard()).toEqual([...new Set(await heard())]);
  });

  it('is on a page in plain words, and nobody reads there of what is private', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 2 --service registry Pushes fail');
    await told.say('Bob', '/incident declare --private --sev 1 A token is public');
    const page = async (path: string, user = 'Eve') => {
      const { status, text } = await told.get(path, user);
      return { status, words: text.replace(/<style[\s\S]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ') };
    };
    const first = (await page('/incidents/1/status')).words;
    expect(first).toContain('Work slows down or fails for many.');
    expect(first).toContain('Does it affect me? Not known yet who is affected. It concerns registry.');
    expect(first).toContain('Is there a workaround? None is known yet.');
    expect(first).toContain('When is it back? Not known yet.');
    expect(first).toContain('When do I hear next? At 13:00 UTC');
    expect(first).not.toMatch(/sev2|commander|investigating/);

    await told.say('Ada', '/incident impact Whoever publishes images.', 1);
    await told.say('Ada', '/incident workaround Pull from the mirror.', 1);
    await told.say('Ada', '/incident expect 14:30 the disk is being grown', 1);
    expect((await told.say('Ada', '/incident expect soon', 1)).refusal?.code).toBe('usage');
    const then = (await page('/incidents/1/status')).words;
    expect(then).toContain('Does it affect me? Whoever publishes images. (said at 21 Nov 12:00 UTC )');
    expect(then).toContain('Is there a workaround? Pull from the mirror.');
    expect(then).toContain('Expected at 14:30 UTC : the disk is being grown');
    await told.forward({ hours: 3 });
    expect((await page('/incidents/1/status')).words).toContain('That time is over; a new one is not known yet.');
    expect((await heard()).join('\n')).toContain('Workaround: Pull from the mirror.');

    expect((await page('/status')).words).toContain('What does not work');
    for (const user of ['Eve', 'Bob']) {
      expect((await page('/status', user)).words).not.toContain('token');
      expect((await page('/incidents/2/status', user)).status).toBe(404);
    }
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    await told.say('Ada', `/incident workaround Use ${secret} for now`, 1);
    for (const path of ['/incidents/1/status', '/status', '/api/incidents/1'])
      expect((await told.get(path, 'Ada')).text, path).not.toContain(secret);
    await told.say('Ada', '/incident resolve The disk is grown.', 1);
    expect((await page('/incidents/1/status')).words).toContain('It works again since');
    expect((await page('/status')).words).toContain('Nothing is known to be broken');
  });
});

describe('the rules of an open incident', () => {
  let told: Story;
  afterEach(() => told.end());

  it('stay those it was opened under until somebody has seen the difference and adopts them', async () => {
    told = await story({ file: 'open-on-loopback: true\nseverities: { sev1: { update-every: 60m } }\n' });
    await told.say('Ada', '/incident declare --sev 1 Pushes fail');
    expect((await told.say('Ada', '/incident policy', 1)).text).toContain('has the rules of today');
    await told.write('open-on-loopback: true\nseverities: { sev1: { update-every: 20m } }\nwarn-before: 3m\n');
    const shown = await told.say('Ada', '/incident policy adopt', 1);
    expect(JSON.stringify(shown.card)).toContain('update-every');
    expect(JSON.stringify(shown.card)).toContain('1 h → 20 min');
    expect((await told.incident(1)).policy.severities.sev1.updateEveryMs).toBe(60 * 60_000);
    const [button] = shown.card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])) ?? [];

    await told.write('open-on-loopback: true\nseverities: { sev1: { update-every: 15m } }\nwarn-before: 3m\n');
    expect((await told.say('Ada', button?.command ?? '', 1)).refusal?.code).toBe('changed');
    const again = await told.say('Ada', '/incident policy', 1);
    const [fresh] = again.card?.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])) ?? [];
    expect((await told.say('Ada', fresh?.command ?? '', 1)).text).toContain('The next update is due at 12:15 UTC');
    expect(await told.incident(1)).toMatchObject({
      policy: { warnBeforeMs: 3 * 60_000 },
      updates: { dueAt: told.now() + 15 * 60_000 },
    });
    expect((await told.say('Ada', '/incident policy', 1)).text).toContain('has the rules of today');
    await told.forward({ minutes: 16 });
    expect((await told.channel('stakeholders')).at(-1)?.text).toContain('Automatic update');
  });
});
