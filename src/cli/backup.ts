import { tmpdir } from 'node:os';
import type { Command } from 'commander';
import type { BackupPlan } from '../config/config.js';
import { readConfig } from '../config/read.js';
import { makeBackup } from '../operate/backup.js';
import { tidy } from '../operate/keep.js';
import { ArchiveError } from '../operate/manifest.js';
import { findArchive } from '../operate/open-archive.js';
import { identitiesIn } from '../operate/pack.js';
import { placeOf } from '../operate/places.js';
import { verifyArchive } from '../operate/verify.js';
import { backupWords, listWords, verifiedWords } from '../operate/words.js';
import { fail, found, print, unable } from './output.js';
import { settings } from './settings.js';

interface Options {
  to?: string;
  recipient?: string[];
  identity?: string;
  from?: string;
  json?: boolean;
}

/** `muster backup`: beside a running Muster or without one. */
export function addBackup(program: Command): void {
  const backup = program
    .command('backup')
    .description('one archive of everything: databases, muster.yaml, playbooks, templates, postmortems; no secrets')
    .option('--to <place>', 'a folder or s3://bucket/prefix (default: backup.to of muster.yaml)')
    .option('--recipient <age1…>', 'encrypt for this age key, besides backup.recipients; may be repeated', repeated)
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 made, 2 it could not be made; nothing half-made is left.')
    .action((options: Options) => make(options));

  backup
    .command('list')
    .description('the backups that are there, newest first')
    .option('--from <place>', 'a folder or s3://bucket/prefix (default: backup.to of muster.yaml)')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 there are some, 1 there is none, 2 it could not be looked at.')
    .action((_: Options, command: Command) => list(command.optsWithGlobals()));

  backup
    .command('verify')
    .description('restore an archive into a temporary place and prove it: checksums, files, chain, heads, counts')
    .argument('<archive>', 'a file, s3://bucket/prefix/name, or latest')
    .option('--identity <file>', 'a file with the age secret key, when it is encrypted')
    .option('--from <place>', 'where latest is looked for (default: backup.to of muster.yaml)')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 whole, 1 something is wrong with it, 2 it could not be read.')
    .action((archive: string, _: Options, command: Command) => verify(archive, command.optsWithGlobals()));
}

const repeated = (value: string, before: string[] = []): string[] => [...before, value];

async function make({ to, recipient = [], json = false }: Options): Promise<void> {
  const config = settings();
  if (!config) return;
  const place = to ?? config.backup?.to;
  if (place === undefined)
    return fail(unable, 'there is no place for backups', 'Say it with --to <folder>, or set backup.to in muster.yaml.');
  try {
    const goesTo = await placeOf(place, config.backup, process.env);
    const made = await makeBackup({
      config,
      env: process.env,
      place: goesTo,
      recipients: [...(config.backup?.recipients ?? []), ...recipient],
      now: Date.now,
      onProgress: progress,
    });
    const removed = to === undefined && config.backup?.keep ? await tidy(goesTo, config.backup.keep) : 0;
    clear();
    const also = removed > 0 ? `\n${removed} old ones were removed, as backup.keep says.` : '';
    print(json, { ...made, removed }, backupWords(made) + also);
  } catch (error) {
    clear();
    fail(unable, `the backup could not be made: ${message(error)}`, 'Nothing half-made was left.');
  }
}

async function list({ from, json = false }: Options): Promise<void> {
  await withPlan(from === undefined, async (plan) => {
    const to = from ?? plan?.to;
    if (to === undefined) return fail(unable, 'there is no place to look at', 'Say it with --from <folder>.');
    const place = await placeOf(to, plan, process.env);
    const kept = await place.list();
    print(json, { place: place.words, backups: kept }, listWords(place.words, kept));
    if (kept.length === 0) process.exitCode = found;
  });
}

async function verify(archive: string, { identity, from, json = false }: Options): Promise<void> {
  await withPlan(archive === 'latest' && from === undefined, async (plan) => {
    try {
      const verified = await verifyArchive(await findArchive(archive, { from, plan, env: process.env }), {
        identities: identity === undefined ? [] : await identitiesIn(identity),
        workFolder: tmpdir(),
      });
      print(json, verified, verifiedWords(verified));
      if (!verified.ok) process.exitCode = found;
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      fail(error.unreadable ? unable : found, `${archive} is not a good backup: ${error.message}`);
    }
  });
}

/** Also on a machine that has no settings yet, where they are not needed to know where backups are. */
async function withPlan(needed: boolean, work: (plan: BackupPlan | null) => Promise<void>): Promise<void> {
  const config = needed ? settings() : readConfig(process.env);
  if (!config) return;
  try {
    await work(Array.isArray(config) ? null : config.backup);
  } catch (error) {
    fail(unable, message(error));
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function progress(words: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${words}        `);
}

function clear(): void {
  if (process.stderr.isTTY) process.stderr.write('\r                                        \r');
}
