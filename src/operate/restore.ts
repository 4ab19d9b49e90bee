import { cp, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fold } from '../incident/evolve.js';
import { lockDataFolder, openStore, type StoreLocation } from '../store/open.js';
import { type Check, examine } from './examine.js';
import { chatPart, ledgerPart, type Manifest } from './manifest.js';
import { type Found, openArchive } from './open-archive.js';
import { type Placed, putFiles, type Target } from './put-files.js';

export interface Restored {
  archive: string;
  manifest: Manifest;
  into: string;
  dataFolder: string;
  /** Empty when nobody wanted them. */
  checks: Check[];
  placed: Placed[];
  /** Jobs that wait until they are released. */
  held: number;
  /** What was written after this time is lost: the backup was begun then. */
  keptUntil: number;
  /** From then until now. */
  lostMs: number;
  tookMs: number;
}

/** What is in the archive is not what it should be; nothing was restored. */
export class UnsoundError extends Error {
  constructor(readonly checks: Check[]) {
    super(`The backup is not whole: ${checks.filter(({ ok }) => !ok).map(({ what, says }) => `${what}: ${says}`)}.`);
    this.name = 'UnsoundError';
  }
}

/** May be in an empty data folder. */
const empty = /^(muster\.lock\.db.*|lost\+found|\.restore-.*)$/;

/**
 * Restores an archive onto a machine that has nothing: reads and proves all of it first, then puts everything in its
 * place, with what waited held. @throws when there is something already, or the archive is not sound; nothing is changed then.
 */
export async function restore(
  found: Found,
  how: {
    target: Target & { databaseUrl: string | null };
    identities: readonly string[];
    /** false: also what is not sound, as far as it can be read. */
    prove: boolean;
    now(): number;
  },
): Promise<Restored> {
  const started = performance.now();
  const { target, identities, prove, now } = how;
  const { dataFolder, databaseUrl } = target;
  await refuseUsedFolder(dataFolder);
  await mkdir(dataFolder, { recursive: true, mode: 0o750 });
  const unlock = lockDataFolder(dataFolder);
  try {
    await refuseUsedFolder(dataFolder);
    if (databaseUrl !== null) await (await import('./fill-postgres.js')).refuseUsedPostgres(databaseUrl);
    const work = await mkdtemp(join(dataFolder, `.restore-${process.pid}-`));
    try {
      const folder = await mkdtemp(join(work, 'unpacked-'));
      const manifest = await openArchive(found, folder, identities);
      const checks = prove ? await examine(folder, manifest) : [];
      if (checks.some(({ ok }) => !ok)) throw new UnsoundError(checks);
      const held = await hold(join(folder, ledgerPart), found.name, manifest, now());
      if (databaseUrl !== null) await fillDatabase(databaseUrl, folder, prove);
      const placed = await putFiles(folder, manifest, target);
      await putData(folder, dataFolder, databaseUrl === null);
      return {
        archive: found.name,
        manifest,
        into: databaseUrl === null ? dataFolder : 'PostgreSQL',
        dataFolder,
        checks,
        placed,
        held,
        keptUntil: manifest.madeAt,
        lostMs: Math.max(0, now() - manifest.madeAt),
        tookMs: Math.round(performance.now() - started),
      };
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

/** @throws when there is anything in it that a Muster, or somebody else, has put there. */
export async function refuseUsedFolder(dataFolder: string): Promise<void> {
  const names = await readdir(dataFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const used = names.find((name) => !empty.test(name));
  if (used !== undefined)
    throw new Error(
      `${dataFolder} is in use (${used}). A backup is restored into an empty folder: stop Muster and move it away (mv ${dataFolder} ${dataFolder}.before), or give another with --data.`,
    );
}

/** Also brings an older database up to date. */
async function hold(file: string, archive: string, { madeAt, muster, heads }: Manifest, now: number): Promise<number> {
  const store = await openStore({ kind: 'sqlite', file });
  try {
    return await store.hold({ archive, madeAt, muster, heads: heads.digest }, now);
  } finally {
    await store.close();
  }
}

/** Fills an empty PostgreSQL database from the two files of a folder. @param prove walks every chain afterwards. */
export async function fillDatabase(url: string, folder: string, prove: boolean): Promise<void> {
  const { fillPostgres } = await import('./fill-postgres.js');
  await fillPostgres(url, { ledger: join(folder, ledgerPart), chat: join(folder, chatPart) });
  if (!prove) return;
  const location: StoreLocation = { kind: 'postgres', url };
  const store = await openStore(location, { fold });
  try {
    const { ok, problems } = await store.verify();
    if (!ok)
      throw new Error(
        `the database was filled, and is not what it should be (${problems[0]?.what}). Drop it, make it anew, and try again.`,
      );
  } finally {
    await store.close();
  }
}

/** Moves postmortems and databases into their place. The ledger last: with it the folder is a Muster's. */
export async function putData(folder: string, dataFolder: string, databases: boolean): Promise<void> {
  const postmortems = await readdir(join(folder, 'postmortems')).catch(() => []);
  if (postmortems.length > 0)
    await cp(join(folder, 'postmortems'), join(dataFolder, 'postmortems'), { recursive: true });
  if (!databases) return;
  for (const part of [chatPart, ledgerPart]) {
    const file = await open(join(folder, part));
    await file.sync();
    await file.close();
    await rename(join(folder, part), join(dataFolder, part));
  }
  const opened = await open(dataFolder);
  await opened.sync();
  await opened.close();
}
