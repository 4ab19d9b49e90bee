import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.js';
import type { JobWrite, Store, Task } from '../../src/store/port.js';
import { freshPostgres } from '../fakes/postgres.js';

const now = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;

describe.each(['SQLite', 'PostgreSQL'])('what waits in a restored database (%s)', (database) => {
  let store: Store;
  let end: () => Promise<void>;

  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-held-'));
    const postgres = database === 'PostgreSQL' ? await freshPostgres() : null;
    store = await openStore(
      postgres ? { kind: 'postgres', url: postgres.url } : { kind: 'sqlite', file: join(folder, 'muster.db') },
    );
    end = async () => {
      await store.close();
      await postgres?.stop();
      rmSync(folder, { recursive: true });
    };
  });
  afterEach(() => end());

  const post = (key: string, dueAt: number, lane: string | null = null): JobWrite => ({
    put: {
      key,
      lane,
      position: Number(/\d+$/.exec(key)?.[0] ?? 1),
      dueAt,
      platform: 'remote',
      incidentId: 'i',
      task: {
        kind: 'post',
        incidentId: 'i',
        platform: 'remote',
        to: { to: 'named', name: 'operators' },
        card: { tone: 'neutral', summary: key, blocks: [] },
      },
    },
  });
  const openChannel = (key: string, lane: string): JobWrite => ({
    put: {
      key,
      lane,
      position: 1,
      dueAt: now - hour,
      platform: 'remote',
      incidentId: 'i',
      task: { kind: 'openChannel', incidentId: 'i', platform: 'remote' },
    },
  });
  const put = (...jobs: JobWrite[]) => store.commit([{ stream: null, events: [], incident: null, jobs }]);
  const leased = async () => (await store.lease(now, now + 10_000, 10)).map(({ key }) => key);

  it('is not carried out before it is released, and is then looked for first', async () => {
    await put(post('old-1', now - 3 * hour), post('later-2', now + hour));
    expect(await store.hold({ archive: 'a' }, now)).toBe(2);
    expect(await leased()).toEqual([]);
    expect(await store.nextDueAt(now)).toBeNull();
    expect((await store.held(10)).map(({ key }) => key)).toEqual(['old-1', 'later-2']);
    expect(await store.release({ messagesFrom: null, now })).toEqual({ released: 2, dropped: 0 });
    const [lease] = await store.lease(now, now + 10_000, 10);
    expect(lease).toMatchObject({ key: 'old-1', attempt: 2 });
    expect(await store.heldCount()).toBe(0);
    expect((await store.systemPosition()).expectedSeq).toBe(2);
  });

  it('does not hold up what comes anew, in its lane or under its key', async () => {
    await put(post('a-1', now - hour, 'lane'), post('b-1', now - hour));
    await store.hold({}, now);
    await put(post('a-2', now, 'lane'), post('b-1', now));
    expect((await leased()).sort()).toEqual(['a-2', 'b-1']);
    expect((await store.held(10)).map(({ key }) => key)).toEqual(['a-1']);
  });

  it('holds up what is to be posted into a channel that it is to open', async () => {
    await put(openChannel('open', 'lane'));
    await store.hold({}, now);
    await put(post('a-2', now, 'lane'), post('b-2', now, 'other'));
    expect(await leased()).toEqual(['b-2']);
    await store.release({ messagesFrom: null, now });
    expect(await leased()).toEqual(['open']);
  });

  it('loses only messages that are too old to be said, when asked to', async () => {
    await put(post('old-1', now - 3 * hour), post('young-2', now - 60_000), openChannel('open', 'lane'));
    await store.hold({}, now);
    expect(await store.release({ messagesFrom: now - hour, now })).toEqual({ released: 2, dropped: 1 });
    expect((await leased()).sort()).toEqual(['open', 'young-2']);
  });

  it('keeps what is told from the timeline when it is sent, and what concerns the channel itself', async () => {
    const about = { incidentId: 'i', platform: 'remote' };
    const tasks: Task[] = [
      { kind: 'catchUp', ...about, to: { to: 'incident', incidentId: 'i' }, of: 'incident', seq: 3 },
      { kind: 'describe', ...about },
      { kind: 'attach', ...about, version: 1 },
      { kind: 'archive', ...about },
    ];
    for (const task of tasks)
      await put({
        put: { ...about, key: task.kind, lane: null, position: 1, dueAt: now - 3 * hour, task },
      });
    await store.hold({}, now);
    expect(await store.release({ messagesFrom: now - hour, now })).toEqual({ released: 4, dropped: 0 });
  });
});
