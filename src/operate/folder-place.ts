import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { archiveTime } from './archive-name.js';
import { inPassing, sweep, thisHost } from './leftovers.js';
import type { Place } from './place.js';

/** Hidden until it is whole; left behind by one that was killed. */
function partialMaker(name: string) {
  const [, host = '', pid] = /^\.muster-.*\.(?:gz|age)\.([A-Za-z0-9-]*)\.(\d+)\.partial$/.exec(name) ?? [];
  return pid === undefined ? null : { host, pid: Number(pid) };
}

/** Archives as files of one folder. */
export function folderPlace(folder: string): Place {
  return {
    words: folder,
    async put(name, bytes) {
      await mkdir(folder, { recursive: true });
      await sweep(folder, partialMaker);
      const partial = join(folder, `.${name}.${thisHost}.${process.pid}.partial`);
      await inPassing(partial, async () => {
        await pipeline(bytes, createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }));
        await rename(partial, join(folder, name));
      });
      const opened = await open(folder);
      await opened.sync();
      await opened.close();
    },
    async list() {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const kept = names.flatMap((name) => {
        const at = archiveTime(name);
        return at === null ? [] : [{ name, at }];
      });
      const weighed = await Promise.all(
        kept.map(async (each) => ({ ...each, bytes: (await stat(join(folder, each.name))).size })),
      );
      return weighed.sort((a, b) => b.at - a.at);
    },
    fetch: async (name) => join(folder, name),
    remove: (name) => rm(join(folder, name)),
  };
}
