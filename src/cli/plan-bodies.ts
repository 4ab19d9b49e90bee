import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { headersIn, type Recorded } from '../http/recorded.js';

/** A body to plan: a file, and what was recorded with it. */
export interface Body {
  /** As it is called in what is printed: from the folder that was given. */
  name: string;
  /** The source it came to, as far as the folder says; null: the one that was asked for. */
  source: string | null;
  recorded: Recorded;
}

const notBodies = /\.(?:headers|md|ya?ml)$|^\./i;

/** Request line and headers beside a body: `x.json` has `x.headers`. */
const besides = (file: string): string => `${file.replace(/\.[^./]+$/, '')}.headers`;

function bodyAt(file: string, name: string, source: string | null): Body {
  const headers = existsSync(besides(file)) ? headersIn(readFileSync(besides(file), 'utf8')) : null;
  const raw = readFileSync(file === '-' ? '/dev/stdin' : file);
  return { name, source, recorded: { method: 'POST', headers: {}, query: {}, ...headers, raw } };
}

/**
 * The bodies at a path: one file, `-` for standard input, or a folder and the folders in it. In a folder, the name of the
 * folder a body lies in is its source when `isSource` knows it. @throws when it cannot be read.
 */
export function bodiesAt(path: string, isSource: (name: string) => boolean): Body[] {
  if (path === '-' || !statSync(path).isDirectory())
    return [bodyAt(path, path === '-' ? 'standard input' : basename(path), null)];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile() && !notBodies.test(basename(file)))
    .sort()
    .map((file) => {
      const folder = basename(dirname(file));
      return bodyAt(file, relative(path, file), isSource(folder) ? folder : null);
    });
}
