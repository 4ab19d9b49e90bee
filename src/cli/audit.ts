import type { Command } from 'commander';
import { count } from '../messages/count.js';
import { addAuditLog } from './audit-log.js';
import { found, print } from './output.js';
import { withStore } from './with-store.js';

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
    .action(({ json = false }: { json?: boolean }) =>
      withStore(async (store) => {
        const result = await store.verify((events) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${events} events checked `);
        });
        if (process.stderr.isTTY) process.stderr.write('\r');
        const lines = result.problems.map(
          ({ stream, seq, what }) => `${stream}${seq === null ? '' : ` seq ${seq}`}: ${what}`,
        );
        lines.push(
          `${count(result.events, 'event')} in ${count(result.streams, 'stream')}, ${result.redacted} redacted: ` +
            (result.ok ? 'whole.' : `${count(result.problems.length, 'problem')}.`),
        );
        print(json, result, lines.join('\n'));
        if (!result.ok) process.exitCode = found;
      }, 'read'),
    );
}
