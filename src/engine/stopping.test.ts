import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Lease, Store } from '../store/port.js';
import { keepCheckpoints } from './checkpoints.js';
import { systemClock } from './clock.js';
import { createRunner } from './runner.js';

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function gate(): { opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

it('a runner told to stop while it looks for jobs finishes those it is then given', async () => {
  const { opened, open } = gate();
  const lease: Lease = {
    key: 'ask',
    revision: 1,
    fence: 1,
    task: { kind: 'draftPostmortem', incidentId: 'i' },
    lane: null,
    dueAt: 0,
    attempt: 1,
    spent: 0,
  };
  const store = { lease: () => opened.then(() => [lease]), nextDueAt: async () => null } as unknown as Store;
  let done = false;
  const runner = createRunner({
    store,
    clock: systemClock,
    pass: () => {},
    carryOut: async () => {
      await moment();
      done = true;
    },
    news: {
      paused() {},
      failed() {},
      broken() {},
      async givingUp() {},
    },
  });
  runner.start();
  const stopped = runner.stop().then(() => done);
  await moment();
  open();
  expect(await stopped).toBe(true);
});

it('a runner that hangs in the middle of a look is said to be at work no longer', async () => {
  let now = 1_000_000;
  const store = { lease: () => new Promise(() => {}), nextDueAt: async () => null } as unknown as Store;
  const runner = createRunner({
    store,
    clock: { now: () => now, after: () => () => {} },
    pass: () => {},
    carryOut: async () => {},
    news: { paused() {}, failed() {}, broken() {}, async givingUp() {} },
  });
  expect(runner.atWork()).toBe(false);
  runner.start();
  expect(runner.atWork()).toBe(true);
  now += 61_000;
  expect(runner.atWork()).toBe(false);
});

it('a checkpoint under way when Muster stops is the last one', async () => {
  const { opened, open } = gate();
  const timers: number[] = [];
  const clock = {
    now: () => 0,
    after(ms: number) {
      timers.push(ms);
      return () => timers.pop();
    },
  };
  const stop = keepCheckpoints({
    store: { checkpoint: () => opened } as unknown as Store,
    clock,
    pass: () => {},
    log: pino({ level: 'silent' }),
  });
  stop();
  open();
  await moment();
  expect(timers).toEqual([]);
});
