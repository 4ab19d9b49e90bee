import { readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { filePath } from '../config/find.js';
import { fail, print, unable } from './output.js';

const installed = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** `muster init`: a first muster.yaml, commented, that runs as it is. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a first muster.yaml, with comments, that runs as it is')
    .argument('[file]', 'where to; MUSTER_CONFIG or muster.yaml in this folder otherwise')
    .option('--force', 'replace a file that is there')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 written, 2 it cannot be, or a file is there already.')
    .action(async (given: string | undefined, { force = false, json = false }: { force?: boolean; json?: boolean }) => {
      const file = given === undefined ? filePath(process.env, process.cwd()) : resolve(given);
      try {
        await writeFile(file, await starter(file), { flag: force ? 'w' : 'wx' });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST') return fail(unable, `${file} is there already.`, 'Give --force to replace it.');
        if (code === 'ENOENT') return fail(unable, `there is no folder ${dirname(file)}`, 'Make it first.');
        return fail(unable, `${file} cannot be written: ${message}`);
      }
      const elsewhere = file !== filePath(process.env, process.cwd());
      print(json, { ok: true, file }, [`${file} is written. Next:`, ...next(elsewhere ? file : null)].join('\n'));
    });
}

/** The schema's address is where this Muster has it, so that an editor finds it without a network. */
async function starter(file: string): Promise<string> {
  const text = await readFile(installed('examples/muster.yaml'), 'utf8');
  const schema = relative(dirname(file), installed('docs/muster.schema.json')).replaceAll('\\', '/');
  return text.replace(/(\$schema=)\S+/, (_, key) => `${key}${schema}`);
}

const next = (elsewhere: string | null): string[] => [
  ...(elsewhere === null ? [] : [`  0. Set MUSTER_CONFIG=${elsewhere} where Muster starts.`]),
  '  1. Name your people, services and senders in it: take the # away and put your own in.',
  '  2. muster check    says what is wrong, with line and column',
  '  3. muster serve    starts; it adopts later changes of the file by itself',
  '  4. Before others may reach it: take out open-on-loopback, and set MUSTER_API_TOKEN and MUSTER_ALERTS_TOKEN.',
];
