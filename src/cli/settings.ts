import type { Config } from '../config/config.js';
import { filePath } from '../config/find.js';
import { problemLines, readConfig } from '../config/read.js';
import type { Reloadable } from '../engine/reload.js';
import { fail, unable } from './output.js';

/** The configuration, or null after saying everything that is wrong with it. */
export function settings(): Config | null {
  const config = readConfig(process.env);
  if (!Array.isArray(config)) return config;
  fail(unable, `cannot run with these settings:\n${problemLines(config)}`);
  return null;
}

/** The same settings, read again whenever the file has changed. */
export const reloadable = (): Reloadable => ({
  file: filePath(process.env, process.cwd()),
  read: () => readConfig(process.env),
});
