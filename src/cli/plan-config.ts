import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { filePath } from '../config/find.js';
import { problemLines, readConfig } from '../config/read.js';
import type { Env } from '../config/secrets.js';

/** Stands in for a secret that is not here, so that rules can be tried where secrets are not, as in CI. */
const standIn = 'a-secret-that-is-not-here-and-opens-nothing';

/**
 * The configuration at `file`, or the usual one. Secrets it refers to may be missing: `hasSecrets` says whether they are
 * all here. A text instead: everything that is wrong with it.
 */
export function configToPlan(
  file: string | null,
  env: Env = process.env,
): { config: Config; hasSecrets: boolean } | string {
  const path = file === null ? filePath(env, process.cwd()) : resolve(file);
  if (file !== null && !existsSync(path)) return `there is no file ${path}`;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const wanted = [...text.matchAll(/\benv:\s*["']?([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name]) => name as string);
  const missing = wanted.filter((name) => env[name] === undefined && env[`${name}_FILE`] === undefined);
  const given: Record<string, string | undefined> = {
    ...env,
    ...Object.fromEntries(missing.map((name, index) => [name, `${standIn}-${index}`])),
  };
  if (file !== null) given.MUSTER_CONFIG = path;
  const config = readConfig(given, file === null ? process.cwd() : dirname(path));
  if (Array.isArray(config)) return `cannot plan by these settings:\n${problemLines(config)}`;
  return { config, hasSecrets: missing.length === 0 };
}
