import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fold } from '../incident/evolve.js';
import { openStore } from '../store/open.js';
import type { Task } from '../store/port.js';
import { systemClock } from './clock.js';
import { createRunner } from './runner.js';

it('forty mails to a server that hangs leave hands free for chat, which was due after them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-outside-'));
  const store = await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') }, { fold });
  const put = (key: string, dueAt: number, platform: string, task: Task) => ({
    put: { key, lane: key, position: 1, dueAt, platform, incidentId: 'i', task },
  });
  const mails = Array.from({ length: 40 }, (_, i) => {
    const platform = `audience/a/${i}`;
    return put(`notify/${i}`, i, platform, {
      kind: 'notify',
      incidentId: 'i',
      platform,
      audience: 'a',
      seq: 1,
      to: 'a',
    });
  });
  const chat = put('post', 100, 'here', {
    kind: 'card',
    incidentId: 'i',
    platform: 'here',
    to: { to: 'named', name: 'triage' },
    card: 'triage',
  });
  await store.commit([{ stream: null, events: [], incident: null, jobs: [...mails, chat] }]);

  let letGo = (): void => {};
  const hung = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const carried: string[] = [];
  let posted = (): void => {};
  const chatDone = new Promise<void>((resolve) => {
    posted = resolve;
  });
  const runner = createRunner({
    store,
    clock: systemClock,
    pass: () => {},
    async carryOut(lease) {
      if (lease.task.kind === 'notify') await hung;
      carried.push(lease.key);
      await store.done(lease);
      if (lease.task.kind !== 'notify') posted();
    },
    news: {
      paused() {},
      failed() {},
      broken(error) {
        throw error;
      },
      async givingUp() {},
    },
  });
  runner.start();
  await chatDone;
  expect(carried).toEqual(['post']);
  letGo();
  await runner.untilIdle();
  expect(carried).toHaveLength(41);
  await runner.stop();
  await store.close();
  rmSync(folder, { recursive: true });
});
