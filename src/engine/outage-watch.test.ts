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

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-watch-'));
  store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') });
  now = noon;
  told = [];
  calls = [];
  fails = null;
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

/** One replica. The platform has no call made for asking how it is. */
const replica = (): Promise<OutageWatch> => {
  const asked = async (): Promise<string> => {
    calls.push(now);
    if (fails) throw fails;
    return 'C1';
  };
  return watchOutages({
    store,
    engine: { handle: () => Promise.reject(new Error('there is no incident')) },
    clock: { now: () => now, after: () => () => {} },
    log: pino({ level: 'silent' }),
    platforms: new Map([['home', { name: 'home', openChannel: asked } as unknown as ChatPlatform]]),
    standIn: 'web',
    awayAfterMs: () => seconds(180),
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
});
