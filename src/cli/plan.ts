import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { planText } from '../alerts/plan-print.js';
import { sources } from '../alerts/sources.js';
import { headersIn } from '../http/recorded.js';
import { fail, found, print, unable } from './output.js';
import { type Body, bodiesAt } from './plan-bodies.js';
import { type Expectation, expectationsAt, unmet } from './plan-expected.js';
import { differences, rowOf, tableText } from './plan-table.js';
import { type PlannedBody, type Planner, plannerBy } from './planning.js';

interface Options {
  source: string;
  header: string[];
  config?: string;
  against?: string;
  expect?: string;
  json?: boolean;
}

/** `muster plan`: intake without the commit, on an empty store. */
export function addPlan(program: Command): void {
  program
    .command('plan')
    .description(
      'say what webhook bodies would do: let in or not, incident or triage, severity and why, people, playbook',
    )
    .argument('<path>', 'a body as its sender posts it, a folder of them, or - for standard input')
    .option('--source <name>', 'the name it comes in under; in a folder, that of the folder it lies in', 'alertmanager')
    .option(
      '--header <line>',
      'a header it comes with, as "Name: value"; may be given again',
      (line, all: string[]) => [...all, line],
      [],
    )
    .option('--config <file>', 'plan by this muster.yaml instead of the usual one')
    .option('--against <file>', 'say what differs when this muster.yaml is used instead')
    .option('--expect <file>', 'compare with what is expected (default: expected.yaml of the folder, if there is one)')
    .option('--json', 'one JSON object instead of lines')
    .addHelpText(
      'after',
      `
Nothing is stored, and nothing that is open or silenced counts: POST /api/plan asks a running Muster.
Beside disk.json its headers may lie in disk.headers. Secrets may be missing; then nothing is said of who sent it.
Sources: ${sources.map(({ kind }) => kind).join(', ')}, and those of muster.yaml.
Exit codes: 0 planned, 1 not as expected (or different, with --against), 2 a file cannot be read.`,
    )
    .action(run);
}

async function run(path: string, options: Options): Promise<void> {
  const { json = false } = options;
  const planner = await plannerBy(options.config ?? null);
  if (typeof planner === 'string') return fail(unable, planner);
  const other = options.against === undefined ? null : await plannerBy(options.against);
  if (typeof other === 'string') return fail(unable, `${options.against}: ${other}`);
  const now = Date.now();
  let bodies: Body[];
  let expectations: Expectation[] | string | null;
  const folder = path !== '-' && existsSync(path) && statSync(path).isDirectory();
  const file = options.expect ?? (folder ? join(path, 'expected.yaml') : null);
  try {
    bodies = bodiesAt(path, planner.isSource);
    expectations = file !== null && (options.expect !== undefined || existsSync(file)) ? expectationsAt(file) : null;
  } catch (error) {
    return fail(unable, error instanceof Error ? error.message : String(error));
  }
  if (typeof expectations === 'string') return fail(unable, expectations);
  if (bodies.length === 0)
    return fail(unable, `there is no body in ${path}`, 'Put the bodies of a source into a folder with its name.');
  const given = headersIn(options.header.join('\n')).headers;
  for (const { recorded } of bodies) Object.assign(recorded.headers, given);
  const planAll = (by: Planner): Promise<PlannedBody[]> =>
    Promise.all(bodies.map((body) => by(body, body.source ?? options.source, now)));
  const planned = await planAll(planner.plan);

  if (other) return compare(json, planned, await planAll(other.plan));
  if (expectations && file !== null)
    return expected(json, dirname(resolve(file)), expectations, {
      ...planner,
      bodies,
      folder: folder ? path : null,
      options,
      now,
    });
  const [only] = planned;
  if (folder) print(json, planned, tableText(planned.map(rowOf)));
  else if (only && 'shown' in only) print(json, only.shown, planText(only.shown));
  const refused = planned.find((each) => 'problem' in each);
  if (refused && 'problem' in refused)
    fail(unable, `${refused.name}: ${refused.problem}`, `Known: ${sources.map(({ kind }) => kind).join(', ')}`);
}

function compare(json: boolean, before: readonly PlannedBody[], after: readonly PlannedBody[]): void {
  const changed = before.flatMap((each, index) => {
    const lines = differences(each, after[index] as PlannedBody);
    return lines.length === 0 ? [] : [{ body: each.name, differences: lines }];
  });
  const text = changed.map(({ body, differences: lines }) => [body, ...lines.map((line) => `  ${line}`)].join('\n'));
  const same = before.length - changed.length;
  print(json, { same, changed }, [...text, `${changed.length} of ${before.length} differ.`].join('\n'));
  if (changed.length > 0) process.exitCode = found;
}

async function expected(
  json: boolean,
  from: string,
  expectations: readonly Expectation[],
  parts: {
    plan: Planner;
    isSource(name: string): boolean;
    options: Options;
    now: number;
    bodies: Body[];
    folder: string | null;
  },
): Promise<void> {
  const results: { body: string; unmet: string[] }[] = [];
  for (const each of expectations) {
    let body: Body | undefined;
    try {
      [body] = bodiesAt(join(from, each.body), parts.isSource);
    } catch (error) {
      return fail(unable, error instanceof Error ? error.message : String(error));
    }
    if (!body) continue;
    const folder = each.body.split('/').at(-2);
    const source = each.source ?? (folder !== undefined && parts.isSource(folder) ? folder : parts.options.source);
    const planned = await parts.plan(body, source, each.at ?? parts.now);
    results.push({ body: each.body, unmet: 'problem' in planned ? [planned.problem] : unmet(each, planned.shown) });
  }
  const wrong = results.filter(({ unmet: lines }) => lines.length > 0);
  const text = wrong.map(({ body, unmet: lines }) => [body, ...lines.map((line) => `  ${line}`)].join('\n'));
  const count = `${results.length - wrong.length} of ${results.length} as expected.`;
  print(json, results, [...text, count].join('\n'));
  if (wrong.length > 0) process.exitCode = found;
}
