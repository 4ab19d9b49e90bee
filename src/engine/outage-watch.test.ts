import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChatPlatform, DeliveryError } from '../chat/platform.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/port.js';
import type { SystemNews } from './operators.js';
import { type OutageWatch, watchOutages } from './outage-watch.js';

const noon = Date.UTC(2026, 10, 21, 12);
const seconds = (count: number): number => count * 1_000;

let folder: string;
let store: Store;
let now: number;
let told: string[];
let calls: number[];
let fails: DeliveryError | null;
let heard: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-watch-'));
  store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') });
  now = noon;
  told = [];
  calls = [];
  fails = null;
  heard = true;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** One replica. The platform has no call made for asking how it is. */
const replica = (handle = (_id: string) => Promise.reject(new Error('there is no incident'))): Promise<OutageWatch> => {
  const asked = async (): Promise<string> => {
    calls.push(now);
    if (fails) throw fails;
    return 'C1';
  };
  return watchOutages({
    store,
    engine: { handle: ({ incidentId }) => handle(incidentId) },
    clock: { now: () => now, after: () => () => {} },
    log: pino({ level: 'silent' }),
    platforms: new Map([['home', { name: 'home', openChannel: asked } as unknown as ChatPlatform]]),
    standIn: 'web',
    awayAfterMs: () => seconds(180),
    heard: () => heard,
    tell: async ({ event }: SystemNews) => void told.push(event.type),
    onChange: () => {},
    situation: () => ({ tone: 'neutral', summary: '', blocks: [] }),
    callsWithinMs: 1_000,
  });
};
const failed = () => ({ at: now, ok: false, why: 'no answer', quietUntil: null }) as const;

/** Every replica fails a call each half minute and looks. */
async function failing(replicas: readonly OutageWatch[], minutes: number): Promise<void> {
  for (let half = 0; half < minutes * 2; half++) {
    for (const each of replicas) each.called('home', failed());
    await Promise.all(replicas.map((each) => each.look()));
    now += seconds(30);
  }
}

describe('watching a chat platform', () => {
  it('two replicas agree that it is lost and that it is back, and tell each once', async () => {
    const replicas = [await replica(), await replica()];
    fails = new DeliveryError('no answer', { permanent: false });
    await failing(replicas, 5);
    expect(replicas.map((each) => each.lost('home')?.since)).toEqual([noon, noon]);
    expect(replicas.map((each) => each.reachable(['home', 'web']))).toEqual([['web'], ['web']]);
    fails = null;
    for (let look = 0; look < 60; look++) {
      now += seconds(10);
      await Promise.all(replicas.map((each) => each.look()));
    }
    expect(replicas.map((each) => each.lost('home'))).toEqual([null, null]);
    expect(told).toEqual(['chatLost', 'chatBack']);
  });

  it('is asked once people there are not heard, also when nothing is said to it', async () => {
    const watch = await replica();
    const looks = async (count: number): Promise<void> => {
      for (let look = 0; look < count; look++) {
        now += seconds(10);
        await watch.look();
      }
    };
    fails = new DeliveryError('no answer', { permanent: false });
    await looks(30);
    expect(calls).toEqual([]);
    heard = false;
    const since = now + seconds(10);
    await looks(30);
    expect(watch.lost('home')?.since).toBe(since);
    expect(told).toEqual(['chatLost']);
  });

  it('that answers is not lost, though nobody there is heard', async () => {
    const watch = await replica();
    heard = false;
    for (let look = 0; look < 60; look++) {
      now += seconds(10);
      await watch.look();
    }
    expect(calls.length).toBeGreaterThan(0);
    expect(watch.lost('home')).toBeNull();
  });

  it('one that starts meanwhile knows at once', async () => {
    await failing([await replica()], 5);
    expect((await replica()).lost('home')).toEqual({ since: noon, standIn: 'web', why: 'no answer' });
  });

  it('asks it ever more slowly, at least once a minute, and never before the time it names', async () => {
    const watch = await replica();
    fails = new DeliveryError('no answer', { permanent: false });
    await failing([watch], 4);
    calls = [];
    for (let look = 0; look < 60; look++) {
      now += seconds(10);
      await watch.look();
    }
    const gaps = calls.slice(1).map((at, index) => at - (calls[index] ?? 0));
    expect(Math.max(...gaps)).toBe(seconds(60));
    fails = new DeliveryError('slow down', { permanent: false, retryAfterMs: seconds(600) });
    now += seconds(60);
    await watch.look();
    calls = [];
    for (let look = 0; look < 59; look++) {
      now += seconds(10);
      await watch.look();
    }
    expect(calls).toEqual([]);
    now += seconds(10);
    await watch.look();
    expect(calls).toHaveLength(1);
  });

  it('one incident that cannot be moved holds up no other, and while a restore is held none is moved', async () => {
    const ids = ['one', 'two', 'three'];
    let held = 2;
    store = Object.assign(Object.create(store) as Store, {
      atHome: async () => ids,
      heldCount: async () => held,
    });
    const asked: string[] = [];
    const watch = await replica((id) => {
      asked.push(id);
      return Promise.reject(new Error('a bug'));
    });
    fails = new DeliveryError('no answer', { permanent: false });
    await failing([watch], 5);
    expect(watch.lost('home')).not.toBeNull();
    expect(asked).toEqual([]);
    held = 0;
    await watch.look();
    expect(asked).toEqual(ids);
  });
});
