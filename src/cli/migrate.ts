import { mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { openWebChat } from '../chat/web/platform.js';
import { chatLocation, storeLocation } from '../config/locations.js';
import { openStore } from '../store/open.js';
import { fail, print, unable } from './output.js';
import { settings } from './settings.js';

/** `muster migrate`: what `serve` does at its start, for those who want it apart. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the databases up to date without starting (serve does it too)')
    .option('--json', 'one JSON object instead of a line')
    .addHelpText('after', '\nExit codes: 0 up to date, 2 one cannot be, with the reason; that one is left as it was.')
    .action(async ({ json = false }: { json?: boolean }) => {
      const config = settings();
      if (!config) return;
      try {
        await mkdir(config.dataFolder, { recursive: true });
        const store = await openStore(storeLocation(config));
        await store.close();
        const chat = await openWebChat({ location: chatLocation(config), now: Date.now });
        await chat.close();
        print(json, { ok: true }, 'The databases are up to date: the ledger and the web chat.');
      } catch (error) {
        fail(unable, error instanceof Error ? error.message : String(error));
      }
    });
}
