import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { weigh } from '../manifest.js';
import { digestOf } from './folder.js';
import { type ExportManifest, exportManifest, manifestFile } from './layout.js';

/** A folder that is no whole export; what it says is for people. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** The manifest, once every file is what it says. @throws ExportError */
export async function openExport(folder: string): Promise<ExportManifest> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => null);
  if (text === null) throw new ExportError(`There is no ${manifestFile} in ${folder}: it is not an export of Muster.`);
  const manifest = read(text);
  for (const { name, bytes, sha256 } of manifest.files) {
    const is = await weigh(join(folder, name)).catch(() => null);
    if (is === null) throw new ExportError(`${name} is missing.`);
    if (is.bytes !== bytes || is.sha256 !== sha256) throw new ExportError(`${name} is not what was exported.`);
  }
  if (digestOf(manifest.files) !== manifest.digest) throw new ExportError(`${manifestFile} was changed.`);
  return manifest;
}

function read(text: string): ExportManifest {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch (error) {
    throw new ExportError(`${manifestFile} is damaged.`, { cause: error });
  }
  const { format, kind } = (said ?? {}) as { format?: unknown; kind?: unknown };
  if (kind === 'muster-export' && format !== 1)
    throw new ExportError('It was made by a newer Muster. Use that version, or a newer one.');
  const parsed = exportManifest.safeParse(said);
  if (!parsed.success)
    throw new ExportError(`${manifestFile} is damaged, or not of an export.`, { cause: parsed.error });
  return parsed.data;
}

/** The files of an export, by name; one that is not in the manifest is not there. */
export function exportReader(folder: string, manifest: ExportManifest) {
  const known = new Set(manifest.files.map(({ name }) => name));
  return {
    names: manifest.files.map(({ name }) => name),
    text: (name: string) => readFile(join(folder, name), 'utf8'),
    /** What the file says; without the file, `none`. */
    json: async <T>(name: string, none: T): Promise<T> =>
      known.has(name) ? (JSON.parse(await readFile(join(folder, name), 'utf8')) as T) : none,
    async *lines<T>(name: string): AsyncGenerator<T> {
      if (!known.has(name)) return;
      let rest = '';
      // Split here: what reads lines for terminals ends them at U+2028 too, which a text may hold.
      for await (const chunk of createReadStream(join(folder, name), {
        encoding: 'utf8',
        highWaterMark: 1024 * 1024,
      })) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) yield JSON.parse(line) as T;
      }
      if (rest !== '') yield JSON.parse(rest) as T;
    },
  };
}
export type ExportReader = ReturnType<typeof exportReader>;
