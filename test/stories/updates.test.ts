import { afterEach, describe, expect, it } from 'vitest';
import { isQuiet } from './noise.js';
import { databases, type Story, story } from './story.js';

describe.each(databases)('the next status update, on %s', (database) => {
  let told: Story;
  afterEach(async () => {
    await isQuiet(told).finally(() => told.end());
  });
  const stakeholders = async () => (await told.channel('stakeholders')).map(({ text }) => text);
  const automatic = async () => (await stakeholders()).filter((text) => text.includes('Automatic update'));
  const card = async () => (await told.channel('inc-1'))[0]?.text ?? '';
  const room = async (words: string) => (await told.channel('inc-1')).filter(({ text }) => text.includes(words));

  it('is warned of before, twice posted by Muster at most, and then stays visibly overdue until a person writes it', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.say('Ada', '/incident take commander', 1);
    await told.say('Ada', '/incident impact Nobody can build.', 1);
    expect(await card()).toContain('Next update: due 12:30 UTC');
    await told.forward({ minutes: 24 });
    expect(await room('next status update is due')).toHaveLength(0);
    await told.forward({ minutes: 2 });
    const [warned] = await room('next status update is due');
    expect(warned?.text).toContain('Ada, the next status update is due at 12:30 UTC');
    expect(warned?.text).toContain('Nobody can build.');
    expect(await stakeholders()).toHaveLength(1);

    await told.forward({ minutes: 5 });
    const [first] = await automatic();
    expect(first).toContain('Nobody can build. (said at 12:00 UTC, 30 min before this update)');
    expect(first).toContain('Next update: 13:00 UTC');
    expect(await card()).toContain('a person’s update is overdue since 12:30 UTC');
    await told.forward({ hours: 3 });
    expect(await automatic()).toHaveLength(2);
    expect(await room('A status update is owed since')).toHaveLength(1);
    expect(await card()).toContain('a person’s update is overdue since 12:30 UTC');
    const list = await told.say('Bob', '/incident list');
    expect(JSON.stringify(list.card)).toContain('update is overdue since');

    await told.say('Ada', '/incident update The disk is replaced.', 1);
    await told.forward({ seconds: 2 });
    expect(await card()).not.toContain('overdue');
    expect(await card()).toContain('Next update: due 16:01 UTC');
    expect((await stakeholders()).at(-1)).toContain('The disk is replaced.');
    expect((await stakeholders()).at(-1)).not.toContain('Automatic');
    await told.forward({ minutes: 31 });
    expect(await automatic()).toHaveLength(3);
  });

  it('starts its clock again with every update by a person, so the old time brings nothing', async () => {
    told = await story({ database });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.forward({ minutes: 26 });
    expect(await room('next status update is due')).toHaveLength(1);
    await told.say('Ada', '/incident update We look at the disk.', 1);
    await told.forward({ minutes: 24 });
    expect(await automatic()).toHaveLength(0);
    expect(await room('next status update is due')).toHaveLength(1);
    await told.forward({ minutes: 7 });
    expect(await room('next status update is due')).toHaveLength(2);
    expect(await automatic()).toHaveLength(1);
    expect((await told.incident(1)).updates).toMatchObject({ count: 2, automaticInARow: 1 });
  });
});
