import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { shippedTemplates } from '../config/read.js';
import { openShelf, type Shelf } from '../engine/playbook-shelf.js';
import { type TextParts, textReloader } from '../engine/reload-texts.js';
import { compileTemplates, replaceable, type Templates } from '../messages/render.js';
import { loadPlaybooks } from '../playbooks/load.js';
import { matchPlaybooks } from '../playbooks/match.js';
import { readKeptPlaybook } from '../playbooks/parse.js';
import type { Store } from '../store/port.js';

/** What is read from folders: templates and playbooks, as they are now. */
export interface Texts {
  templates: Templates;
  shelf: Shelf;
  /** Reads the folders again; what is wrong with them is told, and the last good ones stay. */
  reloader(parts: Pick<TextParts, 'tell' | 'platforms'>): () => Promise<void>;
}

/** What is wrong with a text goes to the log and keeps nothing from starting. */
export async function openTexts({
  config: { templatesFolder, playbooksFolder },
  store,
  now,
  log,
}: {
  config: Pick<Config, 'templatesFolder' | 'playbooksFolder'>;
  store: Store;
  now(): number;
  log: Logger;
}): Promise<Texts> {
  const readTemplates = () => compileTemplates(shippedTemplates, templatesFolder);
  const readPlaybooks = () => loadPlaybooks(playbooksFolder, now());
  const templates = replaceable(readTemplates());
  for (const problem of templates.problems) log.warn(problem, 'a template is broken, the built-in text is used');
  const loaded = await readPlaybooks();
  for (const problem of loaded.problems) log.warn(problem, 'a playbook has a problem');
  const shelf = openShelf({ current: loaded.playbooks, read: readKeptPlaybook, match: matchPlaybooks, store });
  await shelf.preload();
  return {
    templates,
    shelf,
    reloader: (parts) =>
      textReloader({
        templates: { folder: templatesFolder, current: templates, read: readTemplates, adopt: templates.replace },
        playbooks: {
          folder: playbooksFolder,
          current: () => shelf.current,
          read: readPlaybooks,
          adopt: shelf.replace,
        },
        ...parts,
        log,
      }),
  };
}
