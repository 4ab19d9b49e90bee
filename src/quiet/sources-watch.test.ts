import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SystemNews } from '../engine/operators.js';
import { policy } from '../incident/testing.js';
import { openStore } from '../store/open.js';
import type { Store } from '../store/port.js';
import { type SourcesWatch, watchSources } from './sources-watch.js';

const hour = 3_600_000;
const day = 24 * hour;
/** A Saturday, 12:00 UTC. */
const noon = Date.UTC(2026, 10, 21, 12, 0);

let folder: string;
let store: Store;
let now: number;
let told: SystemNews[];
let watch: SourcesWatch;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-silent-'));
  store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') });
  now = noon;
  told = [];
});
afterEach(async () => {
  await watch.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});

const open = (): SourcesWatch =>
  watchSources({
    store,
    engine: { intake: () => Promise.reject(new Error('nothing is expected here')) },
    current: () => ({ sources: [], policy }),
    isSource: (name) => name !== 'stranger',
    tell: async (news) => void told.push(news),
    clock: { now: () => now, after: () => () => {} },
    log: pino({ enabled: false }),
  });
const requests = (name: string, at: number, count: number): Promise<void> =>
  store.addToSource(name, { requests: count, refused: 0, lastSeenAt: at, lastRefusal: null, outcomes: {} });

describe('a source that has always sent', () => {
  it('is told to be silent once, also after a restart, and to be heard again', async () => {
    await requests('long ago', noon - 16 * day, 1);
    for (let at = noon - 8 * day; at < noon + 3 * hour; at += hour) {
      await store.markHour(at, 60);
      if (at < noon) await requests('grafana', at, 40);
      if (at < noon) await requests('stranger', at, 40);
    }
    watch = open();
    now = noon + 3 * hour - 1;
    await watch.look();
    expect(told).toEqual([]);
    now = noon + 3 * hour + 5 * 60_000;
    await watch.look();
    expect(told.map(({ event, card }) => [event.type, card.summary])).toEqual([
      [
        'sourceSilent',
        'grafana usually sends 40 requests an hour on Saturdays at this time; nothing has come for 4 h 5 min.',
      ],
    ]);
    expect([...watch.silent()]).toEqual([['grafana', true]]);
    await watch.stop();
    watch = open();
    now += hour;
    await watch.look();
    expect(told).toHaveLength(1);
    await requests('grafana', now, 1);
    now += 5 * 60_000;
    await watch.look();
    now += 5 * 60_000;
    await watch.look();
    expect(told.map(({ event }) => event.type)).toEqual(['sourceSilent', 'sourceBack']);
    expect([...watch.silent()]).toEqual([]);
    expect((await store.sourceHours(0)).every(({ at }) => at >= now - 15 * day)).toBe(true);
  });
});
