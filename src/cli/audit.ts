import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { storeLocation } from '../config/locations.js';
import { fold } from '../incident/evolve.js';
import { openStore } from '../store/open.js';
import { addAuditLog } from './audit-log.js';
import { fail, found, print, unable } from './output.js';
import { settings } from './settings.js';

const exitCodes = '\nExit codes: 0 whole, 1 something does not fit, 2 it could not be read.';

/** `muster audit`: beside a running Muster or without one. */
export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('prove the timeline; tell what happened to Muster itself')
    .addHelpText('after', '\nExit codes: 0 done or whole, 1 something does not fit, 2 it could not be read.');
  addAuditLog(audit);
  audit
    .command('verify')
    .description('walk every hash chain, compare it with the rows and the last checkpoint')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', exitCodes)
    .action(async ({ json = false }: { json?: boolean }) => {
      const config = settings();
      if (!config) return;
      const location = storeLocation(config);
      if (location.kind === 'sqlite' && !existsSync(location.file))
        return fail(
          unable,
          `there is no database at ${location.file}`,
          'Set MUSTER_DATA to the folder Muster runs with.',
        );
      try {
        const store = await openStore(location, { fold, mode: 'read' });
        const result = await store.verify((events) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${events} events checked `);
        });
        await store.close();
        if (process.stderr.isTTY) process.stderr.write('\r');
        const lines = result.problems.map(
          ({ stream, seq, what }) => `${stream}${seq === null ? '' : ` seq ${seq}`}: ${what}`,
        );
        lines.push(
          `${result.events} events in ${result.streams} ${result.streams === 1 ? 'stream' : 'streams'}, ${result.redacted} redacted: ` +
            (result.ok ? 'whole.' : `${result.problems.length} problems.`),
        );
        print(json, result, lines.join('\n'));
        if (!result.ok) process.exitCode = found;
      } catch (error) {
        fail(unable, error instanceof Error ? error.message : String(error));
      }
    });
}
