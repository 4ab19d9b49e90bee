import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Logger } from 'pino';
import type { ConfigProblem } from '../config/secrets.js';
import { type Card, paragraph, strong, text } from '../messages/card.js';
import type { Templates } from '../messages/render.js';
import type { Playbook, Problem } from '../playbooks/playbook.js';
import type { SystemNews } from './operators.js';

export interface TextParts {
  templates: {
    folder: string;
    current: Templates;
    read(): Templates;
    adopt(next: Templates): void;
  };
  playbooks: {
    folder: string;
    current(): readonly Playbook[];
    read(): Promise<{ playbooks: Playbook[]; problems: Problem[] }>;
    adopt(next: readonly Playbook[]): void;
  };
  platforms(): readonly string[];
  tell(news: SystemNews): Promise<void>;
  log: Logger;
}

const problemsTold = 10;

/**
 * Looks at the folders of templates and playbooks again. What is wrong is told with its place, once, and what was good
 * stays: all templates together, and each playbook on its own. Calls wait for each other.
 */
export function textReloader({ templates, playbooks, platforms, tell, log }: TextParts): () => Promise<void> {
  let seen = { templates: digestOf(templates.folder, '.hbs'), playbooks: digestOf(playbooks.folder, '.md') };
  let problemsNow = templates.current.problems.length;
  let last: Promise<void> = Promise.resolve();

  async function refused(folder: string, problems: readonly ConfigProblem[], stays: string): Promise<void> {
    log.error({ folder, problems }, 'changed texts have errors; what was good stays');
    const summary = `${folder} has errors. ${stays}`;
    await tell({
      event: { type: 'configRefused', body: { file: folder, problems: problems.slice(0, problemsTold) } },
      card: cardOf('warning', summary, problems),
      platforms: platforms(),
    });
  }

  async function adopted(folder: string, sha256: string, summary: string): Promise<void> {
    log.info({ folder }, 'changed texts are adopted');
    await tell({
      event: { type: 'configAdopted', body: { file: folder, sha256 } },
      card: cardOf('good', summary, []),
      platforms: platforms(),
    });
  }

  async function readTemplates(sha256: string): Promise<void> {
    const { folder } = templates;
    const next = templates.read();
    // Whoever mends one of several is taken at their word; whoever breaks one is not.
    if (next.problems.length > 0 && next.problems.length >= problemsNow) {
      const problems = next.problems.map(({ folder: at = folder, template, line, message }) => ({
        where: `${at}/${template}.hbs:${line}`,
        what: `${message}.`,
        fix: 'muster check says when it is right.',
      }));
      return refused(folder, problems, 'Messages read as before.');
    }
    problemsNow = next.problems.length;
    templates.adopt(next);
    return adopted(folder, sha256, `${folder}: the templates are read again, for every message from now on.`);
  }

  async function readPlaybooks(sha256: string): Promise<void> {
    const { folder } = playbooks;
    const read = await playbooks.read();
    const errors = read.problems.filter(({ level }) => level === 'error');
    const broken = new Set(errors.map(({ file }) => basename(file, '.md')));
    const lost = errors.some(({ file }) => file === folder);
    const kept = playbooks.current().filter(({ id }) => lost || broken.has(id));
    playbooks.adopt([...read.playbooks, ...kept]);
    if (errors.length === 0)
      return adopted(
        folder,
        sha256,
        `${folder}: ${read.playbooks.length} playbooks are read again, for new incidents. One that is walked keeps its text.`,
      );
    const problems = errors.map(({ file, line, message, hint }) => ({
      where: `${file}:${line}`,
      what: `${message}.`,
      fix: hint,
    }));
    return refused(folder, problems, 'What was good of these playbooks stays; the others are read again.');
  }

  async function reload(): Promise<void> {
    const now = { templates: digestOf(templates.folder, '.hbs'), playbooks: digestOf(playbooks.folder, '.md') };
    const before = seen;
    seen = now;
    if (now.templates !== before.templates) await readTemplates(now.templates);
    if (now.playbooks !== before.playbooks) await readPlaybooks(now.playbooks);
  }

  return () => {
    last = last.then(reload).catch((error) => log.error({ err: error }, 'the texts could not be looked at'));
    return last;
  };
}

function cardOf(tone: 'good' | 'warning', summary: string, problems: readonly ConfigProblem[]): Card {
  const items = problems.slice(0, problemsTold).map(({ where, what, fix }) => [strong(where), text(` ${what} ${fix}`)]);
  return {
    tone,
    summary,
    blocks: [paragraph(text(summary)), ...(items.length > 0 ? [{ kind: 'list' as const, ordered: false, items }] : [])],
  };
}

/** Of every file that ends so, by name and content; a folder that cannot be read has a digest as well. */
function digestOf(folder: string, ending: string): string {
  const hash = createHash('sha256');
  try {
    for (const name of readdirSync(folder)
      .filter((each) => each.endsWith(ending))
      .sort())
      hash
        .update(`${name}\0`)
        .update(readFileSync(join(folder, name)))
        .update('\0');
  } catch (error) {
    hash.update(`unreadable ${(error as NodeJS.ErrnoException).code}`);
  }
  return hash.digest('hex');
}
