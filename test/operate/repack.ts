import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import Sqlite from 'better-sqlite3';
import { ledgerPart, manifestName, readManifest, weigh } from '../../src/operate/manifest.js';
import { packed, unpack } from '../../src/operate/pack.js';

/** Changes an event in an archive, and its manifest so that every checksum fits again. */
export async function repacked(archive: string, below: string): Promise<void> {
  const folder = await mkdtemp(join(below, 'repacked-'));
  await unpack(archive, folder, []);
  const database = new Sqlite(join(folder, ledgerPart));
  database.exec(`UPDATE timeline SET body = replace(body, 'Registry', 'Regestry') WHERE type = 'declared'`);
  database.close();
  const manifest = await readManifest(folder);
  const part = manifest.parts.find(({ name }) => name === ledgerPart)!;
  Object.assign(part, await weigh(join(folder, ledgerPart)));
  await writeFile(join(folder, manifestName), JSON.stringify(manifest));
  const names = [manifestName, ...manifest.parts.map(({ name }) => name)];
  await rm(archive);
  await pipeline(await packed(folder, names, []), createWriteStream(archive));
  await readFile(archive);
}
