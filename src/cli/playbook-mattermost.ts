import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { fromMattermost } from '../playbooks/mattermost/read.js';
import { toMattermost } from '../playbooks/mattermost/write.js';
import type { Playbook } from '../playbooks/playbook.js';
import { fail, print, unable } from './output.js';

const largestBytes = 4 * 1024 * 1024;

/** `muster playbook import` and `export`: to and from Mattermost Playbooks. */
export function addMattermost(playbook: Command, find: (name: string) => Promise<Playbook | null>): void {
  playbook
    .command('import')
    .description('make a playbook of what Mattermost Playbooks exports')
    .argument('<file>', 'the exported JSON')
    .option('--to <file>', 'write the page there, unless it exists; otherwise it is printed')
    .option('--json', 'one JSON object instead of the page')
    .addHelpText(
      'after',
      '\nWhat the page has no place for is said on stderr.\nExit codes: 0 done, 1 that is no such export, 2 a file cannot be read or written.',
    )
    .action(async (file: string, { to, json = false }: { to?: string; json?: boolean }) => {
      const read = await readExport(file);
      if ('why' in read) return fail(read.code, read.why);
      const made = fromMattermost(read.json);
      if ('problems' in made) return fail(1, `${literal(file)} cannot be imported`, made.problems.join('\n'));
      process.stderr.write(made.losses.map((loss) => `lost: ${loss}\n`).join(''));
      if (to === undefined) return print(json, made, made.text.trimEnd());
      try {
        await writeFile(to, made.text, { flag: 'wx' });
      } catch (error) {
        const { code = 'unknown error' } = error as NodeJS.ErrnoException;
        const hint = code === 'EEXIST' ? 'Name another file, or move that one away.' : undefined;
        return fail(unable, `${literal(to)} cannot be written: ${code}`, hint);
      }
      print(json, { ...made, file: to }, `${to}: ${count(made.steps, 'step')}. Read it, then: muster check`);
    });

  playbook
    .command('export')
    .description('print a playbook as Mattermost Playbooks imports it')
    .argument('<name>', 'its file without .md, as muster playbook list shows it')
    .addHelpText('after', '\nWhat a checklist does not do is said on stderr. Exit codes: 0 done, 2 there is none.')
    .action(async (name: string) => {
      const found = await find(name);
      if (!found) return;
      const { json, losses } = toMattermost(found);
      process.stderr.write(losses.map((loss) => `lost: ${loss}\n`).join(''));
      process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
    });
}

async function readExport(file: string): Promise<{ json: unknown } | { why: string; code: number }> {
  let text: string;
  try {
    const bytes = await readFile(file);
    if (bytes.length > largestBytes) return { why: `${literal(file)} has more than 4 MiB`, code: 1 };
    text = bytes.toString('utf8');
  } catch (error) {
    return { why: `${literal(file)} cannot be read: ${(error as NodeJS.ErrnoException).code}`, code: unable };
  }
  try {
    return { json: JSON.parse(text) };
  } catch (error) {
    return { why: `${literal(file)} is not JSON: ${(error as Error).message}`, code: 1 };
  }
}
