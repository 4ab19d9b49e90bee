import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { storeLocation } from '../config/locations.js';
import { problemLines } from '../config/read.js';
import { type ConfigProblem, readSecret } from '../config/secrets.js';
import { type Exported, exportAll } from '../operate/export/export.js';
import { type Imported, importExport } from '../operate/export/import.js';
import { ExportError } from '../operate/export/read-export.js';
import { fail, found, print, unable } from './output.js';
import { settings } from './settings.js';

/** `muster export`: beside a running Muster or without one. */
export function addExport(program: Command): void {
  program
    .command('export')
    .description('write everything that is kept as open JSON and Markdown: incidents, timelines, alerts, people, chat')
    .option('--to <folder>', 'one that is not there yet (default: muster-export-<time> in this folder)')
    .option('--private', 'private incidents and channels too; only such an export can be imported where there are any')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 written, 1 written, but the ledger is not whole, 2 nothing was written.')
    .action(async ({ to, private: withPrivate = false, json = false }: ExportOptions) => {
      const config = settings();
      if (!config) return;
      const location = storeLocation(config);
      if (location.kind === 'sqlite' && !existsSync(location.file))
        return fail(
          unable,
          `there is no database at ${location.file}`,
          'Set MUSTER_DATA to the folder Muster runs with.',
        );
      const now = Date.now();
      const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
      try {
        const exported = await exportAll(config, {
          folder: resolve(to ?? `muster-export-${time}`),
          withPrivate,
          now,
          onProgress: (words) => process.stderr.isTTY && process.stderr.write(`\r${words}        `),
        });
        if (process.stderr.isTTY) process.stderr.write('\r                              \r');
        print(json, shown(exported), exportedWords(exported));
        if (!exported.verified.ok) process.exitCode = found;
      } catch (error) {
        fail(unable, `nothing was exported: ${message(error)}`);
      }
    });
}

interface ExportOptions {
  to?: string;
  private?: boolean;
  json?: boolean;
}

/** `muster import`: what `muster export` wrote, onto a machine that has nothing. */
export function addImport(program: Command): void {
  program
    .command('import')
    .description('make a Muster of an export, where there is none; it starts held, like one that was restored')
    .argument('<folder>', 'what muster export wrote')
    .option('--data <folder>', 'the data folder, empty or not there yet (default: MUSTER_DATA, else ./data)')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText(
      'after',
      '\nDATABASE_URL=postgres://… imports into PostgreSQL, wherever the export came from.' +
        '\nExit codes: 0 imported, 1 the export is not whole, 2 it could not be done. Only with 0 is anything changed.',
    )
    .action(async (folder: string, { data, json = false }: { data?: string; json?: boolean }) => {
      const problems: ConfigProblem[] = [];
      const databaseUrl = readSecret(process.env, 'DATABASE_URL', problems);
      if (problems.length > 0) return fail(unable, `cannot import with these settings:\n${problemLines(problems)}`);
      const dataFolder = resolve(process.cwd(), data ?? process.env.MUSTER_DATA ?? './data');
      try {
        const imported = await importExport(resolve(process.cwd(), folder), { dataFolder, databaseUrl });
        print(json, { ...imported, manifest: imported.manifest.digest }, importedWords(imported));
      } catch (error) {
        fail(error instanceof ExportError ? found : unable, `nothing was imported: ${message(error)}`);
      }
    });
}

const shown = ({ folder, manifest, verified, tookMs }: Exported): object => {
  const { complete, leftOut, figures, digest } = manifest;
  return { folder, complete, leftOut, figures, digest, whole: verified.ok, problems: verified.problems, tookMs };
};

function exportedWords({ folder, manifest, verified, tookMs }: Exported): string {
  const { figures, leftOut, digest, files } = manifest;
  const [first] = verified.problems;
  return [
    folder,
    `${figures.incidents} incidents, ${figures.events} events, ${figures.alerts} alerts, ${figures.people} people, ${figures.chatMessages} messages of the web chat in ${files.length} files, in ${(tookMs / 1000).toFixed(1)} s.`,
    `Digest: ${digest}`,
    ...(leftOut.incidents + leftOut.channels > 0
      ? [
          `Left out: ${leftOut.incidents} private incidents and ${leftOut.channels} private channels. With --private they come along${leftOut.incidents > 0 ? '; without, it cannot be imported' : ''}.`,
        ]
      : []),
    ...(first ? [`The ledger is not whole (${first.stream}: ${first.what}): muster audit verify says more.`] : []),
    'It holds what people wrote as they wrote it: guard it like the database. Tokens, sessions and settings are not in it.',
  ].join('\n');
}

function importedWords({ manifest, into, held, tookMs }: Imported): string {
  const { figures, digest } = manifest;
  return [
    `Imported into ${into} in ${(tookMs / 1000).toFixed(1)} s: ${figures.incidents} incidents, ${figures.events} events, every chain and row proven.`,
    `muster export --private writes the same digest again: ${digest}`,
    'Not in an export, so yours to set: muster.yaml, playbooks and templates, secrets, and tokens of people (muster token).',
    ...(held > 0
      ? [`Held: ${held} jobs that waited. muster restore held shows them, muster restore release lets them go.`]
      : []),
  ].join('\n');
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
