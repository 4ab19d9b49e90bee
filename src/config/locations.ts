import { join } from 'node:path';
import type { Config } from './config.js';

type Location = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string };

const locate = (config: Config, file: string): Location =>
  config.databaseUrl === null
    ? { kind: 'sqlite', file: join(config.dataFolder, file) }
    : { kind: 'postgres', url: config.databaseUrl };

/** Muster's own database, and the web chat's: two files, or two schemas of one PostgreSQL database. */
export const storeLocation = (config: Config): Location => locate(config, 'muster.db');
export const chatLocation = (config: Config): Location => locate(config, 'chat.db');
