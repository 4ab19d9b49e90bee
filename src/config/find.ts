import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ReadFile, readFileText } from './file.js';
import type { Env } from './secrets.js';

/** `path` null: there is no file, and none was asked for. */
type Found = ReadFile & { path: string | null };

/** Where the file is or would be: what MUSTER_CONFIG names, else `muster.yaml` in the working folder. */
export const filePath = (env: Env, folder: string): string => resolve(folder, env.MUSTER_CONFIG ?? 'muster.yaml');

/** The configuration file, read. */
export function findFile(env: Env, folder: string): Found {
  const path = filePath(env, folder);
  if (env.MUSTER_CONFIG === undefined && !existsSync(path))
    return { path: null, file: null, problems: [], located: null };
  try {
    return { path, ...readFileText(path, readFileSync(path, 'utf8')) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    const named = env.MUSTER_CONFIG !== undefined;
    const problem = {
      where: named ? 'MUSTER_CONFIG' : path,
      what: code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read: ${code}.`,
      fix: named
        ? 'Name a file that is there and that Muster may read, or unset it. `muster init` writes a first one.'
        : 'Let Muster read it, or move it away.',
    };
    return { path, file: null, problems: [problem], located: null };
  }
}
