import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Sqlite from 'better-sqlite3';
import { create } from 'tar';
import { ledgerPart, manifestName, readManifest, weigh } from '../../src/operate/manifest.js';
import { unpack } from '../../src/operate/pack.js';

/** What `change` makes of the unpacked archive takes its place; answers which entries it has then. */
export async function repacked(
  archive: string,
  below: string,
  change: (folder: string, names: string[]) => Promise<string[]>,
): Promise<void> {
  const folder = await mkdtemp(join(below, 'repacked-'));
  await unpack(archive, folder, []);
  const { parts } = await readManifest(folder);
  const names = await change(folder, [manifestName, ...parts.map(({ name }) => name)]);
  const tar = create({ cwd: folder, gzip: true, portable: true, preservePaths: true, noDirRecurse: true }, names);
  await rm(archive);
  await pipeline(Readable.from(tar), createWriteStream(archive));
}

/** Changes an event, and the manifest so that every checksum fits again. */
export async function forged(folder: string, names: string[]): Promise<string[]> {
  const database = new Sqlite(join(folder, ledgerPart));
  database.exec(`UPDATE timeline SET body = replace(body, 'Registry', 'Regestry') WHERE type = 'declared'`);
  database.close();
  const manifest = await readManifest(folder);
  Object.assign(manifest.parts.find(({ name }) => name === ledgerPart)!, await weigh(join(folder, ledgerPart)));
  await writeFile(join(folder, manifestName), JSON.stringify(manifest));
  return names;
}
