import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Mutation } from '../crash/mutant.js';
import { type OwnProcess, ownProcess, pause, postAlert } from './process.js';

const traced = spawnSync('strace', ['-V']).status === 0;
if (!traced) process.stderr.write('strace is not installed, so nothing proves that an answer waits for the disk.\n');
/** Where it must not be left out, its absence is a failure. */
const optional = !traced && !process.env.CI;

const requests = 50;
const weak: Mutation = {
  file: 'store/sqlite.js',
  from: "database.pragma('synchronous = FULL')",
  to: "database.pragma('synchronous = NORMAL')",
};
const unasserted: Mutation = { file: 'store/sqlite.js', from: 'const full = 2;', to: 'const full = 1;' };

let here: OwnProcess;
afterEach(() => here?.end());

/** Syncs of the ledger's log while alerts are acknowledged one after the other, and nothing else goes on. */
async function syncsFor(mutations: readonly Mutation[]): Promise<number> {
  here = await ownProcess({ mutations });
  const trace = join(here.folder, 'trace');
  const follow = ['strace', '-D', '-f', '-y', '-qq', '-e', 'trace=fsync,fdatasync', '-o', trace];
  const victim = await here.start(follow);
  const syncs = (): number =>
    readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /sync\(.*muster\.db-wal>/.test(line)).length;
  // The first opens an incident with posts and timers; repeats of it change nothing but the receipts.
  expect((await postAlert(victim.url, 'same'))?.status).toBe(202);
  expect(await postAlert(victim.url, 'same')).not.toBeNull();
  await pause(300);
  const before = syncs();
  for (let n = 0; n < requests; n++) expect((await postAlert(victim.url, 'same'))?.status).toBe(202);
  await pause(100);
  return syncs() - before;
}

describe.skipIf(optional)('an answer to an alert', () => {
  it(`waits for the disk: at least one sync of the log for each of ${requests} in a row`, async () => {
    const syncs = await syncsFor([]);
    process.stdout.write(`\n${requests} acknowledged one by one: ${syncs} syncs\n`);
    expect(syncs).toBeGreaterThanOrEqual(requests);
  });

  it('is a test that can fail: without synchronous=FULL hardly anything is synced', async () => {
    const syncs = await syncsFor([weak, unasserted]);
    process.stdout.write(`\nthe same with synchronous=NORMAL: ${syncs} syncs\n`);
    expect(syncs).toBeLessThan(requests / 5);
  });
});

describe('a database that does not sync', () => {
  it('is refused at the first write, before anything is acknowledged', async () => {
    here = await ownProcess({ mutations: [weak] });
    await expect(here.start()).rejects.toThrow(/synchronous=FULL does not hold, so a commit would not survive/);
  });
});
