import type { Config } from '../config/config.js';
import { problemLines, readConfig } from '../config/read.js';
import { fail, unable } from './output.js';

/** The configuration, or null after saying everything that is wrong with it. */
export function settings(): Config | null {
  const config = readConfig(process.env);
  if (!Array.isArray(config)) return config;
  fail(unable, `cannot run with these settings:\n${problemLines(config)}`);
  return null;
}
