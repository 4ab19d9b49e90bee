import { stat, statfs } from 'node:fs/promises';

/** So much stays for Muster itself while a copy of its databases is made beside them. */
const sparedBytes = 128 * 1024 * 1024;

/**
 * @throws when a copy of these files does not fit into the folder's volume: a backup must not be what fills it.
 * @param free bytes left there; asked when left out.
 */
export async function refuseWithoutRoom(folder: string, files: readonly string[], free?: number): Promise<void> {
  let needed = sparedBytes;
  for (const file of files)
    for (const end of ['', '-wal'])
      needed += await stat(file + end).then(
        ({ size }) => size,
        () => 0,
      );
  const left = free ?? (await freeIn(folder));
  if (left < needed)
    throw new Error(
      `There is too little room in ${folder} for a copy of the databases: ${megabytes(left)} are left, ${megabytes(needed)} are needed.`,
    );
}

async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
