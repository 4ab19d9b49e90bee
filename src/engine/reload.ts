import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { asConnected, reconnecting } from '../config/connected.js';
import type { ConfigProblem } from '../config/secrets.js';
import { type Card, type Inline, note, paragraph, strong, text } from '../messages/card.js';
import type { SystemNews } from './operators.js';

/** How a changed configuration comes in. */
export interface Reloadable {
  /** The file to watch, whether it is there or not. */
  file: string;
  /** The configuration as it would now be, or every problem. */
  read(): Config | ConfigProblem[];
}

export interface ReloadParts {
  reloadable: Reloadable;
  /** The configuration Muster started with. */
  started: Config;
  /** From now on for what opens; incidents that are open keep their rules. */
  adopt(config: Config): Promise<void>;
  tell(news: SystemNews): Promise<void>;
  log: Logger;
}

const problemsTold = 10;

/**
 * Looks at the configuration again. What is wrong is told with its place, once, and the last good one stays; what has
 * not changed is not told at all. Calls wait for each other.
 */
export function reloader({ reloadable, started, adopt, tell, log }: ReloadParts): () => Promise<void> {
  let current = started;
  let seen = digestOf(started);
  let last: Promise<void> = Promise.resolve();

  async function reload(): Promise<void> {
    const read = reloadable.read();
    const digest = digestOf(read);
    if (digest === seen) return;
    seen = digest;
    const problems = Array.isArray(read) ? read : lost(current, read);
    const { platforms } = started.policy;
    if (Array.isArray(read) || problems.length > 0) {
      log.error({ file: reloadable.file, problems }, 'the changed configuration has errors; the last good one stays');
      await tell({
        event: { type: 'configRefused', body: { file: reloadable.file, problems: problems.slice(0, problemsTold) } },
        card: refusedCard(reloadable.file, problems),
        platforms,
      });
      return;
    }
    await adopt(asConnected(started, read));
    const later = restartNeeded(started, read);
    current = read;
    log.info({ file: reloadable.file, later, warnings: read.warnings }, 'the changed configuration is adopted');
    await tell({
      event: { type: 'configAdopted', body: { file: reloadable.file, sha256: digest } },
      card: adoptedCard(reloadable.file, read.warnings, later),
      platforms,
    });
  }

  return () => {
    last = last.then(reload).catch((error) => log.error({ err: error }, 'the configuration could not be looked at'));
    return last;
  };
}

/** A file that vanishes is rather an accident than a wish for the built-in rules. */
const lost = (before: Config, now: Config): ConfigProblem[] =>
  before.file !== null && now.file === null
    ? [{ where: before.file, what: 'The file is gone.', fix: 'Put it back; to go without it, restart Muster.' }]
    : [];

/** Of everything a reload can change, secrets too; they do not show in it. */
const digestOf = (read: Config | ConfigProblem[]): string =>
  createHash('sha256').update(JSON.stringify(read)).digest('hex');

const restartNeeded = (before: Config, now: Config): string[] => [
  ...(before.publicUrl === now.publicUrl ? [] : ['public-url']),
  ...((before.apiToken === null) === (now.apiToken === null) ? [] : ['open-on-loopback']),
  ...reconnecting(before, now),
];

const shown = ({ where, what, fix }: ConfigProblem): Inline[] => [strong(where), text(` ${what} ${fix}`)];

function listed(problems: readonly ConfigProblem[]): Card['blocks'] {
  if (problems.length === 0) return [];
  const more = problems.length - problemsTold;
  const items = problems.slice(0, problemsTold).map(shown);
  return [
    { kind: 'list', ordered: false, items: more > 0 ? [...items, [text(`… and ${more} more: muster check`)]] : items },
  ];
}

function refusedCard(file: string, problems: readonly ConfigProblem[]): Card {
  const summary = `${file} has errors. Muster goes on with the last good configuration.`;
  return {
    tone: 'warning',
    summary: `${summary} ${problems[0]?.where ?? ''} ${problems[0]?.what ?? ''}`.trim(),
    blocks: [paragraph(text(summary)), ...listed(problems)],
  };
}

function adoptedCard(file: string, warnings: readonly ConfigProblem[], later: readonly string[]): Card {
  const summary = `${file} is adopted. It holds for new incidents; open ones keep their rules.`;
  return {
    tone: 'good',
    summary,
    blocks: [
      paragraph(text(summary)),
      ...listed(warnings),
      ...(later.length > 0 ? [note(text(`Takes effect at the next start: ${later.join(', ')}.`))] : []),
    ],
  };
}
