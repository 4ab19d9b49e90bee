import type { Command } from 'commander';
import { systemWords } from '../access/system-words.js';
import { literal } from '../messages/literal.js';
import type { SystemEntry } from '../store/access-port.js';
import type { Store } from '../store/port.js';
import { print } from './output.js';
import { withStore } from './with-store.js';

const pageSize = 1_000;
const longestLine = 400;

interface Options {
  json?: boolean;
  checkpoints?: boolean;
}

/** `muster audit log`: what happened to Muster itself. */
export function addAuditLog(audit: Command): void {
  audit
    .command('log')
    .description('what happened to Muster itself: sign-ins, tokens, people, configuration')
    .option('--checkpoints', 'those of the audit too')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 read, 2 it could not be read.')
    .action((options: Options) => withStore((store) => log(store, options), 'read'));
}

async function log(store: Store, { json = false, checkpoints = false }: Options): Promise<void> {
  const events: SystemEntry[] = [];
  for (let page = await store.systemEvents(0, pageSize); page.length > 0; ) {
    events.push(...page.filter(({ type }) => checkpoints || type !== 'checkpoint'));
    page = await store.systemEvents(page.at(-1)?.seq ?? 0, pageSize);
  }
  const names = new Map((await store.people()).map(({ personId, name }) => [personId, name]));
  const told = events.map((event) => ({ ...event, words: literal(systemWords(event, names), longestLine) }));
  const lines = told.map(({ at, words }) => `${new Date(at).toISOString()}  ${words}`);
  print(json, { events: told }, lines.length > 0 ? lines.join('\n') : 'Nothing has happened to Muster itself yet.');
}
