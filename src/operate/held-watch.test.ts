import { expect, it } from 'vitest';
import { createLog } from '../http/log.js';
import { watchHeld } from './held-watch.js';

it('whoever runs is told within seconds that another process has released what was held, and once', async () => {
  let held = 3;
  let broken = false;
  const waiting: { ms: number; run: () => void }[] = [];
  const clock = {
    now: () => 0,
    after(ms: number, run: () => void) {
      waiting.push({ ms, run });
      return () => {};
    },
  };
  const store = {
    async heldCount() {
      if (broken) throw new Error('the database is busy');
      return held;
    },
  };
  let released = 0;
  const watch = await watchHeld({ store, clock, log: createLog('silent'), onRelease: () => released++ });
  const pass = async () => {
    const next = waiting.shift();
    expect(next?.ms).toBeLessThanOrEqual(5_000);
    next?.run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  await pass();
  expect([watch.count(), released]).toEqual([3, 0]);
  broken = true;
  await pass();
  broken = false;
  held = 0;
  await pass();
  expect([watch.count(), released]).toEqual([0, 1]);
  expect(waiting).toEqual([]);
});
