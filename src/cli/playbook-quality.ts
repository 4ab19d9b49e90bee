import type { Command } from 'commander';
import type { Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { machine } from '../people/viewer.js';
import { loadPlaybooks } from '../playbooks/load.js';
import { playbookQuality } from '../reports/playbook-quality.js';
import { concernWords, walkedWords } from '../reports/quality-words.js';
import { everyIncident } from '../store/every-incident.js';
import { found, print } from './output.js';
import { withStore } from './with-store.js';

/** `muster playbook quality`: from the database itself, so all incidents count, private ones too. */
export function addQuality(playbook: Command): void {
  playbook
    .command('quality')
    .description('how the playbooks of your folder do: never tried, stale, known to one person, each step')
    .option('--json', 'one JSON object instead of lines, with every step')
    .addHelpText(
      'after',
      '\nIt reads the database. Exit codes: 0 all can be relied on, 1 some cannot, 2 it cannot look.',
    )
    .action(({ json = false }: { json?: boolean }) =>
      withStore(async (store, config) => {
        const { playbooks } = await loadPlaybooks(config.playbooksFolder);
        const incidents: Incident[] = [];
        for await (const incident of everyIncident(store, machine)) incidents.push(incident);
        const names = new Map((await store.people()).map(({ personId, name }) => [personId, name]));
        const nameOf = (personId: string): string => names.get(personId) ?? personId;
        const all = playbookQuality(playbooks, incidents, Date.now());
        const lines = all.flatMap((each) => [
          `${each.id}: ${walkedWords(each)}`,
          ...each.concerns.map((concern) => `  ${literal(concernWords(concern, nameOf), 300)}`),
        ]);
        print(json, { playbooks: all }, lines.join('\n'));
        if (all.some(({ concerns }) => concerns.length > 0)) process.exitCode = found;
      }, 'read'),
    );
}
