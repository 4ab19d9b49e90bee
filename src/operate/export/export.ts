import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.js';
import { chatLocation, storeLocation } from '../../config/locations.js';
import { fold } from '../../incident/evolve.js';
import { openStore } from '../../store/open.js';
import type { Verification } from '../../store/port.js';
import { snapshot } from '../backup.js';
import { chatPart, ledgerPart } from '../manifest.js';
import { refuseWithoutRoom } from '../room.js';
import type { ExportManifest } from './layout.js';
import { writeExport } from './write.js';

export interface Exported {
  folder: string;
  manifest: ExportManifest;
  verified: Verification;
  tookMs: number;
}

/**
 * Writes everything that is kept into a new folder, as open files, beside a running Muster or without one. The folder
 * has its name only when all of it is there. @throws when there is something already, or it cannot be done.
 */
export async function exportAll(
  config: Config,
  how: { folder: string; withPrivate: boolean; now: number; onProgress?: (words: string) => void },
): Promise<Exported> {
  const started = performance.now();
  const { folder, onProgress = () => {} } = how;
  await refuseUsed(folder);
  await mkdir(config.dataFolder, { recursive: true });
  const locations = [storeLocation(config), chatLocation(config)];
  await refuseWithoutRoom(
    config.dataFolder,
    locations.flatMap((location) => (location.kind === 'sqlite' ? location.file : [])),
  );
  // Named so that the next backup removes what a killed one has left.
  const staging = await mkdtemp(join(config.dataFolder, `.backup-${process.pid}-`));
  await mkdir(dirname(folder), { recursive: true });
  const part = await mkdtemp(`${folder}.part-`);
  try {
    await snapshot(config, staging, onProgress);
    onProgress('looking whether it is whole');
    const ledger = join(staging, ledgerPart);
    const store = await openStore({ kind: 'sqlite', file: ledger }, { fold });
    const verified = await store.verify().finally(() => store.close());
    onProgress('writing');
    const manifest = writeExport({ ledger, chat: join(staging, chatPart) }, part, how);
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
    return { folder, manifest, verified, tookMs: Math.round(performance.now() - started) };
  } finally {
    await rm(part, { recursive: true, force: true });
    await rm(staging, { recursive: true, force: true });
  }
}

async function refuseUsed(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) throw new Error(`${folder} is not empty. Give a folder that is not there yet, with --to.`);
}
