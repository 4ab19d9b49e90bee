import { mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { storeLocation } from '../config/locations.js';
import { openStore } from '../store/open.js';
import { fail, print, unable } from './output.js';
import { settings } from './settings.js';

/** `muster migrate`: what `serve` does at its start, for those who want it apart. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date without starting (serve does it too)')
    .option('--json', 'one JSON object instead of a line')
    .addHelpText('after', '\nExit codes: 0 up to date, 2 it cannot be, with the reason; nothing is changed then.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const config = settings();
      if (!config) return;
      try {
        await mkdir(config.dataFolder, { recursive: true });
        const store = await openStore(storeLocation(config));
        await store.close();
        print(json, { ok: true }, 'The database is up to date.');
      } catch (error) {
        fail(unable, error instanceof Error ? error.message : String(error));
      }
    });
}
