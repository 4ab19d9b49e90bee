import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** This machine, as a part of file names. */
export const thisHost = hostname().replace(/[^A-Za-z0-9-]/g, '-');
/** Whoever writes touches its file far more often than this. */
const elsewhereForMs = 24 * 3_600_000;
/** What this process makes now: in a container every life may have the same pid. */
const inHand = new Set<string>();

/** Makes something at a path that nothing stays at, whatever becomes of it. */
export async function inPassing<T>(path: string, make: () => Promise<T>): Promise<T> {
  inHand.add(path);
  try {
    return await make();
  } finally {
    await rm(path, { recursive: true, force: true });
    inHand.delete(path);
  }
}

/** Who is making what has this name; null: it is none of ours. */
type Maker = { pid: number; host: string } | null;

/** Removes from a folder what makers that were killed have left. Those of other machines are believed for a day. */
export async function sweep(folder: string, makerOf: (name: string) => Maker): Promise<void> {
  for (const name of await readdir(folder)) {
    const maker = makerOf(name);
    if (maker === null) continue;
    const path = join(folder, name);
    const alive = maker.host === thisHost ? inHand.has(path) || runsBeside(maker.pid) : await isTouched(path);
    if (!alive) await rm(path, { recursive: true, force: true });
  }
}

function runsBeside(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isTouched(path: string): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs > Date.now() - elsewhereForMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
