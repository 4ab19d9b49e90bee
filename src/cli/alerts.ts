import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { parseDuration } from '../playbooks/duration.js';
import type { KeptBody } from '../store/bodies-port.js';
import { fail, found, print, unable } from './output.js';
import { settings } from './settings.js';
import { withStore } from './with-store.js';

interface Which {
  source?: string;
  since?: string;
  json?: boolean;
}
interface Replay extends Which {
  plan?: boolean;
  url?: string;
}
interface Replayed {
  of: string;
  receipt?: string;
  problem?: string;
  alerts?: { name: string; outcome: string; why: string }[];
}

const atMost = 500;
const hours24 = 24 * 3_600_000;

/** `muster alerts …`: requests as they came, and reading them again. */
export function addAlerts(program: Command): void {
  const alerts = program
    .command('alerts')
    .description('requests with alerts as they came: list them, save them, read them again');
  alerts.addHelpText('after', '\nExit codes: 0 done, 1 some could not be read again, 2 could not be done.');
  const which = (command: Command): Command =>
    command
      .option('--source <name>', 'only of this source')
      .option('--since <duration>', 'of how long ago at most, like 2h or 3d (default: 1d)')
      .option('--json', 'one JSON object instead of lines');

  which(alerts.command('list').description('the newest requests that are kept, at most 500'))
    .addHelpText('after', '\nExit codes: 0 listed, 2 the database cannot be read.')
    .action((options: Which) =>
      withKept(options, (kept) => {
        const lines = kept.map(({ id, receivedAt, source, body }) =>
          [
            new Date(receivedAt).toISOString(),
            id,
            source,
            body === null ? '(body not kept)' : `${body.length} characters`,
          ].join('  '),
        );
        print(options.json ?? false, { requests: kept }, lines.join('\n') || 'None is kept.');
      }),
    );

  which(
    alerts
      .command('save')
      .description('write requests into a folder that muster plan reads, secrets hidden')
      .argument('<folder>'),
  )
    .addHelpText('after', '\nExit codes: 0 written, 2 the database or the folder cannot be used.')
    .action((folder: string, options: Which) =>
      withKept(options, async (kept) => {
        const written = kept.filter(({ body }) => body !== null);
        for (const each of written) {
          const own = join(folder, each.source);
          await mkdir(own, { recursive: true });
          const query = new URLSearchParams(each.query).toString();
          const head = [
            `${each.method} /alerts/${each.source}${query && `?${query}`}`,
            ...Object.entries(each.headers).map(([name, value]) => `${name}: ${value}`),
          ];
          await writeFile(join(own, `${each.id}.json`), each.body ?? '');
          await writeFile(join(own, `${each.id}.headers`), `${head.join('\n')}\n`);
        }
        print(
          options.json ?? false,
          { written: written.length, folder },
          `${written.length} requests written to ${folder}. Try: muster plan ${folder}`,
        );
      }),
    );

  which(
    alerts
      .command('replay')
      .description('read requests again by the rules of now, on a running Muster')
      .argument('[receipts...]', 'of the requests; or say which with --source and --since'),
  )
    .option('--plan', 'only say what would come of it')
    .option('--url <address>', 'where Muster runs (default: as configured)')
    .addHelpText(
      'after',
      `
What was known stays as it is: an alert that was taken before is a repeat. What was not understood then, and is now, is new.
Exit codes: 0 read again, 1 some could not be, 2 Muster could not be asked.`,
    )
    .action(replay);
}

async function replay(receipts: string[], options: Replay): Promise<void> {
  const config = settings();
  if (!config) return;
  if (receipts.length === 0 && options.source === undefined && options.since === undefined)
    return fail(unable, 'say which requests: receipts, --source or --since', 'muster alerts list shows them.');
  let ids = receipts;
  // The oldest first, as they came.
  if (ids.length === 0) await withKept(options, (kept) => (ids = kept.map(({ id }) => id).reverse()));
  if (ids.length === 0)
    return process.exitCode ? undefined : print(options.json ?? false, { replayed: [] }, 'None is kept.');
  const url = options.url ?? config.publicUrl;
  let answer: { replayed?: Replayed[]; error?: string; hint?: string };
  try {
    const response = await fetch(new URL('/api/alerts/replay', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(config.apiToken && { authorization: `Bearer ${config.apiToken}` }),
      },
      body: JSON.stringify({ receipts: ids.slice(0, atMost), plan: options.plan ?? false }),
    });
    answer = (await response.json()) as typeof answer;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return fail(unable, `no answer from ${url}: ${cause}`, 'Is Muster running? Start it with: muster serve');
  }
  if (!answer.replayed)
    return fail(unable, answer.error ?? `what answers at ${url} is not Muster`, answer.hint ?? 'Check --url.');
  const lines = answer.replayed.flatMap(({ of, receipt, problem, alerts = [] }) => [
    `${of}${receipt ? ` -> ${receipt}` : ''}${problem ? `: ${problem}` : ''}`,
    ...alerts.map(({ name, outcome, why }) => `  ${name}  ${outcome}  ${why}`),
  ]);
  print(options.json ?? false, answer, lines.join('\n'));
  if (answer.replayed.some(({ problem }) => problem)) process.exitCode = found;
}

async function withKept({ source, since }: Which, work: (kept: KeptBody[]) => unknown): Promise<void> {
  const ago = since === undefined ? hours24 : parseDuration(since);
  if (ago === null) return fail(unable, `--since ${since} is no duration`, 'Write it like 90min, 2h or 3d.');
  await withStore(async (store) => {
    await work(await store.bodies({ ...(source !== undefined && { source }), since: Date.now() - ago, limit: atMost }));
  }, 'read');
}
