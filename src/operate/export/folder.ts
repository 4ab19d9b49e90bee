import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ExportManifest } from './layout.js';

const flushAt = 256 * 1024;

/** Files that can be read by their owner alone, with their digests. */
export function exportFolder(folder: string) {
  const files: ExportManifest['files'] = [];
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  /** @param last on the disk when this returns; the others may be missing after a power failure, and their digests show it. */
  function write(name: string, parts: Iterable<string>, last = false): void {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, 'wx', 0o600);
    const hash = createHash('sha256');
    let bytes = 0;
    let waiting = '';
    const flush = (): void => {
      const chunk = Buffer.from(waiting);
      waiting = '';
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
    };
    try {
      for (const part of parts) {
        waiting += part;
        if (waiting.length >= flushAt) flush();
      }
      flush();
      if (last) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    files.push({ name, bytes, sha256: hash.digest('hex') });
  }

  return {
    text: (name: string, text: string) => write(name, [text]),
    json: (name: string, value: unknown, last = false) => write(name, [`${JSON.stringify(value, null, 2)}\n`], last),
    /** No file for no lines. Answers how many there were. */
    lines(name: string, values: Iterable<unknown>): number {
      const iterator = values[Symbol.iterator]();
      let next = iterator.next();
      if (next.done) return 0;
      let count = 0;
      write(
        name,
        (function* () {
          for (; !next.done; next = iterator.next()) {
            count++;
            yield `${JSON.stringify(next.value)}\n`;
          }
        })(),
      );
      return count;
    },
    files: () => files.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
export type ExportFolder = ReturnType<typeof exportFolder>;

export function digestOf(files: ExportManifest['files']): string {
  const hash = createHash('sha256');
  for (const { name, sha256 } of files) hash.update(`${sha256}  ${name}\n`);
  return hash.digest('hex');
}
