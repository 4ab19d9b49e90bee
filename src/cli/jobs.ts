import type { Command } from 'commander';
import { literal } from '../messages/literal.js';
import type { Store } from '../store/port.js';
import { fail, found, print } from './output.js';
import { withStore } from './with-store.js';

const shownAtMost = 500;
type Given = { json?: boolean; all?: boolean };

/** `muster jobs`: what was given up, and what to do with it. Beside a running Muster or without one. */
export function addJobs(program: Command): void {
  const jobs = program
    .command('jobs')
    .description('messages and other work that was given up: list, retry, drop')
    .addHelpText('afterAll', '\nExit codes: 0 done, 1 there is no such job, 2 the database cannot be used.');

  jobs
    .command('list', { isDefault: true })
    .description('what was given up, with its error')
    .option('--all', 'what waits for its time too')
    .option('--json', 'one JSON object instead of lines')
    .action(async ({ json = false, all = false }: Given) => {
      await withStore(async (store) => {
        const listed = await store.jobs({ ...(!all && { state: 'quarantined' }), limit: shownAtMost });
        const lines = listed.map(({ key, state, dueAt, attempts, lastError }) =>
          literal(
            `${state.padEnd(11)} ${key}, due ${new Date(dueAt).toISOString()}, tried ${attempts}x${lastError === null ? '' : `: ${lastError}`}`,
          ),
        );
        if (listed.length === 0) lines.push(all ? 'There are no jobs.' : 'None was given up.');
        if (listed.length === shownAtMost) lines.push(`The first ${shownAtMost} are shown.`);
        print(json, { jobs: listed }, lines.join('\n'));
      }, 'read');
    });

  const change = (
    name: 'retry' | 'drop',
    description: string,
    act: (store: Store, key: string) => Promise<boolean>,
    said: string,
  ) =>
    jobs
      .command(name)
      .description(description)
      .argument('<key>', 'as muster jobs list shows it')
      .option('--json', 'one JSON object instead of a line')
      .action(async (key: string, { json = false }: Given) => {
        await withStore(async (store) => {
          if (await act(store, key)) return print(json, { ok: true, key }, `${literal(key)}: ${said}`);
          fail(found, `no job of that name was given up: ${literal(key)}`, 'muster jobs list shows them.');
        });
      });
  change(
    'retry',
    'try it again; a running Muster does within 15 s',
    (store, key) => store.retryJob(key),
    'it is tried again.',
  );
  change('drop', 'forget it; its message is never sent', (store, key) => store.dropJob(key), 'it is forgotten.');
}
