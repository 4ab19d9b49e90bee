import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { foldersOf, shippedPlaybooks } from '../config/read.js';
import { literal } from '../messages/literal.js';
import { suggestion } from '../messages/near.js';
import { formatProblems } from '../playbooks/lint.js';
import { loadPlaybooks } from '../playbooks/load.js';
import { pageText } from '../playbooks/page-text.js';
import { readKeptPlaybook } from '../playbooks/parse.js';
import type { Playbook } from '../playbooks/playbook.js';
import { fail, print, unable } from './output.js';
import { addMattermost } from './playbook-mattermost.js';
import { addQuality } from './playbook-quality.js';

interface Listed {
  playbook: Playbook;
  file: string;
  /** It ships with Muster and is not in the folder that incidents take theirs from. */
  shippedOnly: boolean;
}

/** `muster playbook`: read playbooks without a server, a database or a configuration that can be read. */
export function addPlaybook(program: Command): void {
  const playbook = program
    .command('playbook')
    .description(
      'read a playbook here, also when Muster is down: list, show; how they do: quality; to and from Mattermost: import, export',
    )
    .addHelpText(
      'afterAll',
      '\nIt needs no server, no database and no muster.yaml. Exit codes: 0 done, 2 there is none.',
    );

  playbook
    .command('list', { isDefault: true })
    .description('the playbooks of your folder, and those that ship with Muster')
    .option('--json', 'one JSON object instead of lines')
    .action(async ({ json = false }: { json?: boolean }) => {
      const listed = await everyPlaybook();
      if (listed.length === 0) return fail(unable, 'there is no playbook that can be read');
      const wide = Math.max(...listed.map(({ playbook: { id } }) => id.length));
      const answer = listed.map(({ playbook: { id, title, severity, owner, reviewed, steps }, file, shippedOnly }) => ({
        ...{ id, title, severity, owner, reviewed, steps: steps.length, file, shippedOnly },
      }));
      const lines = answer.map(
        ({ id, title, severity, steps, shippedOnly }) =>
          `${id.padEnd(wide)}  ${severity ?? '-   '}  ${String(steps).padStart(2)} steps  ${literal(title)}${shippedOnly ? ' (ships with Muster, not in your folder)' : ''}`,
      );
      print(json, { playbooks: answer }, lines.join('\n'));
    });

  playbook
    .command('show')
    .description('print one, with numbered steps')
    .argument('<name>', 'its file without .md, as muster playbook list shows it')
    .option('--json', 'the playbook as one JSON object')
    .action(async (name: string, { json = false }: { json?: boolean }) => {
      const found = await named(name);
      if (!found) return;
      const text = pageText(found.playbook);
      print(json, { ...found.playbook, file: found.file }, text.trimEnd());
    });

  addQuality(playbook);
  addMattermost(playbook, async (name) => (await named(name))?.playbook ?? null);
}

/** null: there is none, and that has been said. */
async function named(name: string): Promise<Listed | null> {
  const wanted = name.replace(/^.*\//, '').replace(/\.md$/, '');
  const listed = await everyPlaybook();
  const found = listed.find(({ playbook: { id } }) => id === wanted) ?? (await broken(wanted));
  if (found) return found;
  const known = listed.map(({ playbook: { id } }) => id);
  const hint = known.length === 0 ? 'There is no playbook that can be read.' : suggestion(wanted, known);
  fail(unable, `there is no playbook ${literal(wanted)}`, hint);
  return null;
}

const folders = (): string[] => [...new Set([foldersOf(process.env).playbooksFolder, shippedPlaybooks])];

/** By name; one of your own hides the shipped one of that name. What cannot be read is said on stderr. */
async function everyPlaybook(): Promise<Listed[]> {
  const byId = new Map<string, Listed>();
  const [own] = folders();
  for (const folder of folders()) {
    const { playbooks, problems } = await loadPlaybooks(folder);
    process.stderr.write(formatProblems(problems.filter(({ level }) => level === 'error')));
    for (const playbook of playbooks) {
      const { id } = playbook;
      if (!byId.has(id)) byId.set(id, { playbook, file: join(folder, `${id}.md`), shippedOnly: folder !== own });
    }
  }
  return [...byId.values()].sort((a, b) => (a.playbook.id < b.playbook.id ? -1 : 1));
}

/** A page with errors is left out of incidents; somebody who asks for it by name wants to read it all the same. */
async function broken(id: string): Promise<Listed | null> {
  if (!/^[\w.-]+$/.test(id)) return null;
  for (const folder of folders()) {
    const file = join(folder, `${id}.md`);
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error;
      return null;
    });
    if (text !== null) return { playbook: readKeptPlaybook({ id, text }), file, shippedOnly: false };
  }
  return null;
}
