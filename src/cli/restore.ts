import { resolve } from 'node:path';
import type { Command } from 'commander';
import { filePath } from '../config/find.js';
import { problemLines } from '../config/read.js';
import { type ConfigProblem, readSecret } from '../config/secrets.js';
import { heldShown, heldWords } from '../operate/held-words.js';
import { ArchiveError } from '../operate/manifest.js';
import { findArchive } from '../operate/open-archive.js';
import { identitiesIn } from '../operate/pack.js';
import { restore, UnsoundError } from '../operate/restore.js';
import { humanSteps } from '../operate/steps.js';
import { restoredWords } from '../operate/words.js';
import { parseDuration } from '../playbooks/duration.js';
import { fail, found, print, unable } from './output.js';
import { withStore } from './with-store.js';

interface Options {
  data?: string;
  identity?: string;
  from?: string;
  verify?: boolean;
  json?: boolean;
}

/** `muster restore`: onto a machine that has nothing; and what waits then. */
export function addRestore(program: Command): void {
  const command = program
    .command('restore')
    .description(
      'put a backup onto an empty machine; Muster then starts held: nothing old is sent until you release it',
    )
    .argument('[archive]', 'a file, s3://bucket/prefix/name, or latest')
    .option('--data <folder>', 'the data folder, empty or not there yet (default: MUSTER_DATA, else ./data)')
    .option('--identity <file>', 'a file with the age secret key, when it is encrypted')
    .option('--from <place>', 'where latest is looked for: a folder or s3://bucket/prefix')
    .option('--no-verify', 'restore what is not sound too, as far as it can be read')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText(
      'after',
      '\nDATABASE_URL=postgres://… restores into PostgreSQL, wherever the backup came from.' +
        '\nExit codes: 0 restored, 1 the backup is not whole, 2 it could not be done. Only with 0 is anything changed.',
    )
    .action((archive: string | undefined, options: Options) => run(archive, options));

  command
    .command('held')
    .description('what a restored Muster has not sent: to whom, what, how old')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 shown, 2 it could not be looked at.')
    .action((_: Options, sub: Command) =>
      withStore(async (store) => {
        const held = await heldShown(store);
        print(sub.optsWithGlobals().json ?? false, held, heldWords(held, Date.now()));
      }, 'read'),
    );

  command
    .command('release')
    .description('let it go; a running Muster notices within seconds')
    .option('--drop-older-than <time>', 'without messages due longer ago than this, like 1h; timers and cards stay')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText('after', '\nExit codes: 0 released, 2 it could not be done.')
    .action((_: Options, sub: Command) => release(sub.optsWithGlobals()));
}

async function run(archive: string | undefined, options: Options): Promise<void> {
  const { data, identity, from, verify = true, json = false } = options;
  if (archive === undefined)
    return fail(
      unable,
      'there is no archive named',
      'muster restore <file|s3://bucket/prefix/name|latest>; muster backup list shows them.',
    );
  const problems: ConfigProblem[] = [];
  const { env } = process;
  const databaseUrl = readSecret(env, 'DATABASE_URL', problems);
  if (problems.length > 0) return fail(unable, `cannot restore with these settings:\n${problemLines(problems)}`);
  const folder = process.cwd();
  const own = (path: string | undefined): string | null => (path ? resolve(folder, path) : null);
  try {
    const restored = await restore(await findArchive(archive, { from, plan: null, env }), {
      target: {
        dataFolder: resolve(folder, data ?? env.MUSTER_DATA ?? './data'),
        databaseUrl,
        configFile: filePath(env, folder),
        playbooksFolder: own(env.MUSTER_PLAYBOOKS),
        templatesFolder: own(env.MUSTER_TEMPLATES),
      },
      identities: identity === undefined ? [] : await identitiesIn(identity),
      prove: verify,
      now: Date.now,
    });
    const steps = humanSteps(restored, env);
    print(json, { ...restored, steps }, restoredWords(restored, steps));
  } catch (error) {
    const wrong = error instanceof UnsoundError || (error instanceof ArchiveError && !error.unreadable);
    const hint =
      error instanceof UnsoundError
        ? 'Another backup may be whole; with --no-verify this one is restored as it is.'
        : undefined;
    fail(wrong ? found : unable, `nothing was restored: ${message(error)}`, hint);
  }
}

async function release({ dropOlderThan, json = false }: { dropOlderThan?: string; json?: boolean }): Promise<void> {
  const olderMs = dropOlderThan === undefined ? null : parseDuration(dropOlderThan);
  if (dropOlderThan !== undefined && olderMs === null)
    return fail(unable, `${dropOlderThan} is not a time`, 'Write a number and a unit, like 30m or 2h.');
  await withStore(async (store) => {
    const now = Date.now();
    const done = await store.release({ messagesFrom: olderMs === null ? null : now - olderMs, now });
    const dropped = done.dropped > 0 ? ` ${done.dropped} old messages were dropped.` : '';
    print(json, done, `${done.released} released.${dropped}`);
  });
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
