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

/** Where the store of this configuration is. */
export const storeLocation = (config: Config) =>
  config.databaseUrl
    ? ({ kind: 'postgres', url: config.databaseUrl } as const)
    : ({ kind: 'sqlite', file: `${config.dataFolder}/muster.db` } as const);

export const chatLocation = (config: Config) =>
  config.databaseUrl
    ? ({ kind: 'postgres', url: config.databaseUrl } as const)
    : ({ kind: 'sqlite', file: `${config.dataFolder}/chat.db` } as const);
