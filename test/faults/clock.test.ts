import { afterEach, describe, expect, it } from 'vitest';
import { builtInPolicy } from '../../src/config/defaults.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { machine } from '../../src/people/viewer.js';
import { type Story, story } from '../stories/story.js';
import { oneAlert } from './remote-story.js';

const minute = 60_000;
const hour = 60 * minute;

let told: Story;
afterEach(() => told.end());

const timeline = async (number: number): Promise<TimelineEvent[]> =>
  told.bot.store.timeline(machine, (await told.incident(number)).id);
const typesOf = async (number: number): Promise<string[]> => (await timeline(number)).map(({ type }) => type);
const count = (types: readonly string[], wanted: string): number => types.filter((type) => type === wanted).length;

describe('nothing ran while timers came due', () => {
  it.each([
    ['10 s', 10],
    ['1 h', 3_600],
    ['3 d', 3 * 86_400],
  ])('overdue by %s: each gives exactly one nudge, within 5 s of the start', async (_, seconds) => {
    told = await story();
    await told.alerts('generic', oneAlert('registry'));
    await told.say('Ada', '/incident declare --sev 2 Builds are slow');
    await told.alerts('generic', oneAlert('wiki', 'warning'));
    const [entry] = (await told.bot.store.incidents(machine, { triage: true, limit: 5, offset: 0 })).incidents;
    await told.bot.inbound.command({
      id: 'snooze',
      text: '/incident snooze 60m The owner is at lunch',
      personId: 'ada',
      platform: 'web',
      channel: null,
      incidentId: entry!.id,
    });
    await told.stop();
    told.sleep({ seconds: 3_600 + seconds });
    const since = performance.now();
    await told.start();
    expect(performance.now() - since).toBeLessThan(5_000);

    const registry = await typesOf(1);
    expect([
      count(registry, 'acknowledgeMissed'),
      count(registry, 'updatePosted'),
      count(registry, 'updateWarned'),
    ]).toEqual([1, 1, 0]);
    const builds = await typesOf(2);
    expect([count(builds, 'updatePosted'), count(builds, 'updateWarned')]).toEqual([1, 0]);
    expect(
      count(
        (await told.bot.store.timeline(machine, entry!.id)).map(({ type }) => type),
        'snoozeEnded',
      ),
    ).toBe(1);
    const stakeholders = await told.channel('stakeholders');
    expect(stakeholders.filter(({ text }) => text.includes('Automatic update'))).toHaveLength(2);
    const ends = (await told.incident(1)).updates.dueAt;
    expect(ends).toBe(told.now() + 30 * minute);
  });
});

/** Muster speaks by itself twice in a row and then not again, until a person does: here at the moment it falls silent. */
async function spokenFor({ hours }: { hours: number }): Promise<void> {
  const until = told.now() + hours * hour;
  for (let tries = 1; told.now() < until; tries++) {
    const { dueAt } = (await told.incident(1)).updates;
    await told.forward({ seconds: Math.max(minute, Math.min(dueAt ?? until, until) - told.now()) / 1_000 });
    if ((await told.incident(1)).updates.dueAt === null)
      await told.say('Ada', `/incident update Still looking, try ${tries}`, 1);
  }
}

describe('the clock jumps', () => {
  it.each([
    ['an hour ahead', 3_600],
    ['an hour back', -3_600],
  ])('%s: no update is skipped and none is doubled', async (_, seconds) => {
    told = await story();
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await told.forward({ minutes: 31 });
    expect(count(await typesOf(1), 'updatePosted')).toBe(1);
    told.sleep({ seconds });
    await told.say('Ada', '/incident note the clock was set', 1);
    await spokenFor({ hours: 5 });

    const events = await timeline(1);
    const owed = events.flatMap((event) =>
      event.type === 'updateMissed'
        ? [event.body.dueAt]
        : event.type === 'updatePosted' && event.body.automatic
          ? [event.body.promisedAt]
          : [],
    );
    expect(new Set(owed).size).toBe(owed.length);
    const updates = events.filter(({ type }) => type === 'updatePosted');
    const at = updates.map((event) => event.at);
    // Ahead: the one that came due in the skipped hour is posted at once, then every half hour. Back: the promise made
    // before stands, at the time that was said, so nothing comes due before the clock has caught up.
    const expected = seconds > 0 ? 12 : 9;
    expect(at).toHaveLength(expected);
    expect(owed).toHaveLength(expected);
    expect(at.slice(2).every((time, index) => time - at[index + 1]! === 30 * minute)).toBe(true);
    const byItself = updates.filter(({ body }) => (body as { automatic: boolean }).automatic).length;
    expect(byItself).toBe((expected / 3) * 2);
    const stakeholders = await told.channel('stakeholders');
    expect(stakeholders.filter(({ text }) => text.includes('Automatic update'))).toHaveLength(byItself);
    expect(stakeholders.filter(({ text }) => text.includes('Still looking'))).toHaveLength(expected - byItself);
    expect((await told.bot.store.jobs({ limit: 100 })).filter(({ dueAt }) => dueAt < told.now())).toEqual([]);
    expect((await told.channel('inc-1')).filter(({ text }) => text.includes('the clock was set'))).toHaveLength(1);
  });

  it.each([
    [
      'in autumn, when 02:00 to 03:00 comes twice',
      Date.UTC(2026, 9, 24, 23, 20),
      ['02:20 +02:00', '02:50 +02:00', '02:20 +01:00', '02:50 +01:00'],
    ],
    [
      'in spring, when 02:00 to 03:00 does not exist',
      Date.UTC(2027, 2, 27, 23, 20),
      ['01:20 +01:00', '01:50 +01:00', '03:20 +02:00', '03:50 +02:00'],
    ],
  ])('%s: every half hour is one update, and its local time is right', async (_, at, clocks) => {
    told = await story({ at, config: { policy: builtInPolicy(['Europe/Berlin']) } });
    await told.say('Ada', '/incident declare --sev 1 Nothing builds');
    await spokenFor({ hours: 4 });
    const updates = (await told.channel('stakeholders')).filter(({ text }) =>
      /Automatic update|Still looking/.test(text),
    );
    expect(updates).toHaveLength(8);
    const promised = updates.map(
      ({ text }) => /Next update:.*?(\d\d:\d\d [+-]\d\d:\d\d) Europe\/Berlin/.exec(text)?.[1],
    );
    const first = promised.indexOf(clocks[0]);
    expect(promised.slice(first, first + clocks.length)).toEqual(clocks);
    const posted = (await timeline(1)).filter(({ type }) => type === 'updatePosted');
    expect(posted.map((event) => event.at)).toEqual(Array.from({ length: 8 }, (_, n) => at + (n + 1) * (hour / 2)));
  });
});
