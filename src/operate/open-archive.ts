import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { BackupPlan } from '../config/config.js';
import type { Env } from '../config/secrets.js';
import { archiveTime } from './archive-name.js';
import { folderPlace } from './folder-place.js';
import { filesIn } from './gather.js';
import { ArchiveError, differences, type Manifest, manifestName, readManifest } from './manifest.js';
import { unpack } from './pack.js';
import type { Place } from './place.js';
import { placeOf } from './places.js';

export interface Found {
  place: Place;
  name: string;
}

/**
 * What somebody calls an archive: a file, s3://bucket/prefix/name, or `latest`, the newest in `from` or else where
 * backups go. @throws a plain error when there is none.
 */
export async function findArchive(
  said: string,
  { from, plan, env }: { from?: string | undefined; plan: BackupPlan | null; env: Env },
): Promise<Found> {
  if (said === 'latest') {
    const to = from ?? plan?.to;
    if (to === undefined)
      throw new Error('Where backups are is not configured. Say it: --from <folder|s3://bucket/prefix>.');
    const place = await placeOf(to, plan, env);
    const [newest] = await place.list();
    if (!newest) throw new Error(`There is no backup in ${place.words}.`);
    return { place, name: newest.name };
  }
  if (said.startsWith('s3://')) {
    const cut = said.lastIndexOf('/');
    return { place: await placeOf(said.slice(0, cut), plan, env), name: said.slice(cut + 1) };
  }
  if (from !== undefined && archiveTime(said) !== null) return { place: await placeOf(from, plan, env), name: said };
  await stat(said).catch(() => {
    throw new Error(`There is no file ${said}.`);
  });
  return { place: folderPlace(dirname(said)), name: basename(said) };
}

/**
 * Unpacks an archive into an empty folder and compares every byte with its manifest.
 * @throws ArchiveError when it is not whole, was changed, or cannot be read with these identities.
 */
export async function openArchive(
  { place, name }: Found,
  folder: string,
  identities: readonly string[],
): Promise<Manifest> {
  const file = await place.fetch(name, dirname(folder));
  await unpack(file, folder, identities);
  const manifest = await readManifest(folder);
  const wrong = await differences(folder, manifest);
  const named = new Set([manifestName, ...manifest.parts.map((part) => part.name)]);
  for (const extra of await filesIn(folder)) if (!named.has(extra)) wrong.push(`${extra} does not belong in it`);
  if (wrong.length > 0) throw new ArchiveError(`It was changed or damaged: ${wrong.slice(0, 5).join('; ')}.`);
  return manifest;
}
