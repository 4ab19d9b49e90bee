import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/alerts/alert.js';
import { trackAbsence } from '../../src/engine/absence.js';
import { watchEpisodes } from '../../src/engine/episodes-due.js';
import { createLog } from '../../src/http/log.js';
import { machine } from '../../src/people/viewer.js';
import { noon, type Story, story } from '../stories/story.js';
import { alertOf, minute, World } from './world.js';

const second = 1_000;
const labels = (alertname: string) => ({ alertname, service: 'registry', severity: 'critical' });

describe('what its sender repeats while it fires', () => {
  let muster: Story;
  beforeEach(async () => {
    muster = await story();
  });
  afterEach(() => muster.end());

  /** As Prometheus says it: since when, and until when it can be taken to fire. */
  async function says(
    name: string,
    { endsIn = 4 * minute, startsAt = noon - minute }: { endsIn?: number | null; startsAt?: number } = {},
  ) {
    const endsAt = endsIn === null ? {} : { endsAt: new Date(muster.now() + endsIn).toISOString() };
    const answer = await fetch(`${muster.bot.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels: labels(name), startsAt: new Date(startsAt).toISOString(), ...endsAt }]),
    });
    expect(answer.status).toBe(200);
    const receipt = (await muster.bot.store.receipt(answer.headers.get('x-muster-receipt')!)) as Receipt;
    return receipt.outcomes[0]!;
  }
  /** Time passes, looked at as often as Muster does. */
  async function pass(ms: number, meanwhile: () => Promise<unknown> = async () => {}, every = 10 * second) {
    for (let passed = 0; passed < ms; passed += 5 * second) {
      await muster.forward({ seconds: 5 });
      await muster.bot.episodes.look();
      if ((passed + 5 * second) % every === 0) await meanwhile();
    }
  }
  const episodes = async (name: string) =>
    (await muster.bot.store.episodesSince(0, 50)).filter((each) => each.name === name);
  const states = async (name: string) => (await episodes(name)).map(({ state }) => state);
  /** The last line about an end on the timeline of its incident. */
  const told = async (name: string) => {
    const { incidentId } = (await episodes(name))[0]!;
    return (await muster.bot.store.timeline(machine, incidentId!)).findLast(({ type }) => type === 'alertsResolved');
  };

  it('ends when it is not repeated in time, and says since when', async () => {
    await says('A');
    await pass(2 * minute);
    expect((await says('A')).outcome).toBe('repeat');
    const saidAt = muster.now();
    // Its start is past, and its grace: from here on the sender's own word counts.
    await pass(3 * minute, () => says('A'), minute);
    const lastSaidAt = muster.now();
    await pass(3.5 * minute);
    expect(await states('A')).toEqual(['firing']);
    await pass(minute);
    expect(await episodes('A')).toMatchObject([
      { state: 'resolved', endedAt: lastSaidAt + 4 * minute, lastSeenAt: lastSaidAt },
    ]);
    expect(saidAt).toBeLessThan(lastSaidAt);
    expect(await told('A')).toMatchObject({ body: { silentSince: expect.any(Number) } });
    const { text } = await muster.get('/api/incidents/1/timeline');
    expect(text).toContain('1 alert cleared: A; not repeated by its sender since');
    const receipts = (await told('A'))!.body as unknown as { receipts: string[] };
    const { outcomes } = (await muster.bot.store.receipt(receipts.receipts[0]!))!;
    expect(outcomes[0]).toMatchObject({ outcome: 'resolved', why: expect.stringContaining('not repeated it since') });
  });

  it('takes the last word for it, sooner or later, and five minutes where there is none', async () => {
    await pass(6 * minute);
    await says('Sooner', { endsIn: 30 * minute });
    await says('Sooner', { endsIn: minute });
    await says('Later', { endsIn: minute });
    await says('Later', { endsIn: 4 * minute });
    await says('None', { endsIn: null });
    await pass(1.5 * minute);
    expect([await states('Sooner'), await states('Later')]).toEqual([['resolved'], ['firing']]);
    await pass(3 * minute);
    expect([await states('Later'), await states('None')]).toEqual([['resolved'], ['firing']]);
    await pass(minute);
    expect(await states('None')).toEqual(['resolved']);
  });

  it('does not end while it is repeated, however short each word holds', async () => {
    await pass(6 * minute);
    await says('Short', { endsIn: 40 * second });
    await pass(3 * minute, () => says('Short', { endsIn: 40 * second }), 15 * second);
    expect(await states('Short')).toEqual(['firing']);
  });

  it('goes on as it was after Muster was away for an hour, and what had stopped ends after the grace', async () => {
    await says('Goes on');
    await says('Stopped');
    await pass(minute);
    const before = await episodes('Goes on');
    await muster.stop();
    muster.sleep({ hours: 1 });
    await muster.start();
    await pass(4.5 * minute);
    expect([await states('Goes on'), await states('Stopped')]).toEqual([['firing'], ['firing']]);
    expect((await says('Goes on')).outcome).toBe('repeat');
    await pass(minute, () => says('Goes on'));
    expect(await states('Stopped')).toEqual(['resolved']);
    expect((await told('Stopped'))?.body).toMatchObject({ count: 1, names: ['Stopped'], silentSince: noon });
    await pass(5 * minute, () => says('Goes on'), minute);
    const after = await episodes('Goes on');
    expect(after.map(({ id, state }) => [id, state])).toEqual(before.map(({ id }) => [id, 'firing']));
  });

  it('does not end because Muster was held up', async () => {
    await pass(6 * minute);
    await says('A');
    await muster.forward({ minutes: 30 });
    await muster.bot.episodes.look();
    await pass(4.5 * minute);
    expect(await states('A')).toEqual(['firing']);
    await pass(minute);
    expect(await states('A')).toEqual(['resolved']);
  });

  it('fires anew when it is repeated after all, and its own end ends it', async () => {
    await pass(6 * minute);
    await says('A', { endsIn: minute });
    await pass(1.5 * minute);
    expect(await states('A')).toEqual(['resolved']);
    expect((await says('A')).outcome).toBe('attached');
    expect((await says('A')).outcome).toBe('repeat');
    await pass(3 * minute, () => says('A'), minute);
    expect((await states('A')).toSorted()).toEqual(['firing', 'resolved']);
    expect((await says('A', { endsIn: -second })).outcome).toBe('resolved');
    expect((await states('A')).every((state) => state === 'resolved')).toBe(true);
  });
});

describe('the word that an alert was not repeated', () => {
  const silent = (endsAt: number) => alertOf({ status: 'resolved', startsAt: noon, endsAt, silentSince: noon });
  const firing = (expiresAt: number) => alertOf({ startsAt: noon, expiresAt });
  const state = (world: World) => [...world.episodes.values()].map((each) => each.state);

  it.each(['in one turn', 'one after the other'])('is nothing when it was repeated meanwhile: %s', (how) => {
    const world = new World();
    world.take([firing(noon + minute)]);
    const batch = (alerts: ReturnType<typeof alertOf>[], receipt: string) => ({
      receipt,
      source: 'alertmanager',
      receivedAt: noon + minute,
      alerts,
    });
    const [repeat, word] = [batch([firing(noon + 2 * minute)], 'r2'), batch([silent(noon + minute)], 'r3')];
    if (how === 'in one turn') world.takeAll([repeat, word]);
    else for (const each of [repeat, word]) world.takeAll([each]);
    expect(state(world)).toEqual(['firing']);
    world.take([silent(noon + 2 * minute)], noon + 2 * minute);
    expect(state(world)).toEqual(['resolved']);
  });

  it('ends an alert whose sender has a clock that is ahead', () => {
    const world = new World();
    world.take([alertOf({ startsAt: noon + 60 * minute, expiresAt: noon + 5 * minute })]);
    world.take([silent(noon + 5 * minute)], noon + 6 * minute);
    expect(state(world)).toEqual(['resolved']);
  });
});

describe('the grace', () => {
  it('is at least five minutes, and as long as the sender takes, up to an hour', () => {
    let now = noon;
    const absence = trackAbsence({ now: () => now });
    const hour = 60 * minute;
    expect(absence.endsAt('a', noon - minute, noon + minute)).toBe(noon + 5 * minute);
    expect(absence.endsAt('a', noon - 10 * minute, noon + 2 * minute)).toBe(noon + 12 * minute);
    expect(absence.endsAt('a', noon - 24 * hour, noon - hour)).toBe(noon + hour);
    expect(absence.endsAt('a', noon - minute, noon + 9 * minute)).toBe(noon + 10 * minute);
    expect(absence.endsAt('a', noon, noon + minute)).toBe(noon + minute);
    now += 10 * minute;
    absence.noted('a');
    expect(absence.endsAt('a', noon + minute, noon + 2 * minute)).toBe(noon + 15 * minute);
    expect(absence.endsAt('b', noon + minute, noon + 2 * minute)).toBe(noon + 2 * minute);
  });

  /** An episode whose time is over, and a watch whose store and clock are in hand. */
  function watched() {
    let now = noon;
    let failing = false;
    const world = new World();
    world.take([alertOf({ startsAt: noon, expiresAt: noon + minute })]);
    const reported: string[] = [];
    const watch = watchEpisodes({
      store: {
        async episodesDue() {
          if (failing) throw new Error('disk full');
          return [...world.episodes.values()].map((each) => ({ ...each, lastSeenAt: noon + 1 }));
        },
      },
      engine: {
        async intake({ alerts, receivedAt }) {
          reported.push(...alerts.map(({ status }) => status));
          return { id: 'r', source: 'alertmanager', receivedAt, outcomes: [] };
        },
      },
      clock: { now: () => now, after: () => () => {} },
      log: createLog('silent'),
    });
    const lookAfter = async (ms: number) => {
      for (const until = now + ms; now < until; ) {
        now += 5 * second;
        await watch.look();
      }
      return reported.length;
    };
    return { watch, lookAfter, fail: (does: boolean) => (failing = does) };
  }

  it('begins anew after the store could not be read', async () => {
    const { lookAfter, fail } = watched();
    fail(true);
    await lookAfter(10 * minute);
    fail(false);
    expect(await lookAfter(4.5 * minute)).toBe(0);
    expect(await lookAfter(minute)).toBeGreaterThan(0);
  });

  it('holds up nothing that waits behind what may not end yet', async () => {
    const world = new World();
    world.take([alertOf({ startsAt: noon, expiresAt: noon + minute })]);
    const [waiting] = [...world.episodes.values()];
    const held = { ...waiting!, id: 'held', held: { as: 'suppressed' as const, why: 'quiet', until: noon } };
    const all = [...Array.from({ length: 1_200 }, (_, i) => ({ ...waiting!, id: `e${i}` })), held];
    const reported: string[] = [];
    const watch = watchEpisodes({
      store: { episodesDue: async (_now, limit) => all.slice(0, limit) },
      engine: {
        async intake({ alerts, receivedAt }) {
          reported.push(...alerts.map(({ status }) => status));
          return { id: 'r', source: 'alertmanager', receivedAt, outcomes: [] };
        },
      },
      clock: { now: () => noon + 2 * minute, after: () => () => {} },
      log: createLog('silent'),
    });
    for (let looks = 0; looks < 3; looks++) await watch.look();
    expect(reported).toEqual(['firing']);
  });

  it('begins anew for a source whose alerts were not taken, and for no other', async () => {
    const { watch, lookAfter } = watched();
    expect(await lookAfter(50 * second)).toBe(0);
    watch.missed('alertmanager');
    expect(await lookAfter(4.5 * minute)).toBe(0);
    const other = watched();
    await other.lookAfter(50 * second);
    other.watch.missed('generic');
    expect(await other.lookAfter(30 * second)).toBeGreaterThan(0);
  });
});
