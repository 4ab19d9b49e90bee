import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import type { Point } from '../../src/engine/points.js';
import { fold } from '../../src/incident/evolve.js';
import { openStore } from '../../src/store/open.js';
import { startRemoteChat } from '../fakes/remote-chat.js';
import { account } from './account.js';
import { untilNothingIsOverdue } from './campaign.js';
import { built } from './mutant.js';
import { startOutside } from './outside.js';
import { writePlaybooks } from './playbooks.js';
import { Ledger, traffic } from './traffic.js';
import { type Setting, start } from './victim.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const moments: Point[] = ['job:leased', 'post:sent', 'notify:before', 'notify:sent'];
const heldLives = 3;
const releases = 4;

it('a restored Muster that is killed while it is held and while it is released sends nothing old twice and loses nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-held-'));
  const [chat, outside] = await Promise.all([startRemoteChat(), startOutside()]);
  ends.push(
    () => rmSync(folder, { recursive: true, force: true }),
    () => chat.close(),
    () => outside.close(),
  );
  const old: Setting = {
    ...(await built(folder)),
    dataFolder: join(folder, 'old'),
    chatUrl: chat.url,
    playbooksFolder: writePlaybooks(join(folder, 'playbooks')),
    outside: outside.setting,
  };
  const fresh: Setting = { ...old, dataFolder: join(folder, 'fresh') };
  /** One command of the CLI; null: it was killed before it was over. */
  const muster = async (words: string[], { dataFolder }: Setting, killAfterMs?: number): Promise<number | null> => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd: folder,
      env: { PATH: process.env.PATH, MUSTER_DATA: dataFolder },
      stdio: 'ignore',
    });
    if (killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    return (await once(child, 'exit'))[0] as number | null;
  };

  // What was sent and not yet known to be, is among what waits in the backup.
  const ledger = new Ledger();
  const lost = await start(old, null);
  const load = traffic(ledger, () => lost.url, 3);
  while (chat.requests.filter(({ call }) => call === 'post').length < 30 || outside.mails.mails.length < 2)
    await pause(50);
  chat.fail({ kind: 'resetAfter' }, { only: 'post' });
  outside.receiver.fail({ kind: 'lost' });
  outside.mails.fail({ kind: 'lost' });
  await pause(1_500);
  await load.stop();
  await lost.kill();
  expect(await muster(['backup', '--to', join(folder, 'backups')], old)).toBe(0);
  expect(await muster(['restore', 'latest', '--from', join(folder, 'backups')], fresh)).toBe(0);
  chat.heal();
  outside.receiver.heal();
  outside.mails.heal();

  const store = await openStore({ kind: 'sqlite', file: join(fresh.dataFolder, 'muster.db') }, { fold });
  ends.push(() => store.close());
  const held = await store.heldCount();
  expect(held).toBeGreaterThan(5);
  const heard = () => ({
    messages: [...chat.channels.values()].reduce((sum, { messages }) => sum + messages.length, 0),
    calls: outside.receiver.calls.length,
    mails: outside.mails.mails.length,
  });
  const before = heard();
  for (let life = 0; life < heldLives; life++) {
    const victim = await start(fresh, null);
    await pause(Math.random() * 600);
    await victim.kill();
  }
  expect(heard()).toEqual(before);
  expect(await store.heldCount()).toBe(held);

  const began = Date.now();
  expect(await muster(['restore', 'held'], fresh)).toBe(0);
  const tookMs = Date.now() - began;
  let killed = 0;
  for (let n = 0; n < releases && (await store.heldCount()) > 0; n++) {
    // The first surely in time, whatever the machine; the others around the moment it is written.
    const share = n === 0 ? 0.2 : 0.5 + Math.random() * 0.6;
    if ((await muster(['restore', 'release'], fresh, tookMs * share)) === null) killed++;
    expect([0, held], 'all of it is released, or nothing').toContain(await store.heldCount());
  }
  expect(killed).toBeGreaterThan(0);
  expect(await muster(['restore', 'release'], fresh)).toBe(0);
  expect(await store.heldCount()).toBe(0);

  for (const point of moments) {
    const victim = await start(fresh, { point, nth: 2 });
    await Promise.race([victim.reached, pause(2_500)]);
    await victim.kill();
  }
  const last = await start(fresh, null);
  await untilNothingIsOverdue(store);
  await last.kill();
  process.stdout.write(
    `\nheld: ${held} jobs, releases killed: ${killed}, heard ${JSON.stringify(before)} then ${JSON.stringify(heard())}\n`,
  );
  expect(await account(ledger, store, chat, outside)).toEqual([]);
}, 180_000);
