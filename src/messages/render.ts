import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Block, Card, Tone } from './card.js';
import { readTemplate, type TemplateProblem } from './check.js';
import { type Compiled, compile, OUTPUT_LIMIT } from './compile.js';
import { fallback } from './fallback.js';
import { fill } from './fill.js';
import { literal } from './literal.js';
import { type AcceptHref, parseMarkdown, webHref } from './markdown.js';
import { inlineText } from './plain.js';
import { templateNames } from './samples.js';
import type { TemplateName, TemplateValues } from './values.js';
import { fileNames, templateFile } from './variants.js';
import { isPlaceholder, OPEN, type Rendering } from './words.js';

export interface Rendered {
  card: Card;
  /** Why the built-in text was used instead of the template; null when all is well. */
  problem: string | null;
}

export interface Templates {
  /** What is wrong with the files; every name renders all the same. */
  problems: readonly TemplateProblem[];
  /** Never throws. `values` are read only. */
  render<N extends TemplateName>(name: N, values: TemplateValues[N]): Rendered;
}

const SUMMARY_LIMIT = 300;
/** Parsed Markdown kept: one message's shape is the same for all values but for the branches it takes. */
const SHAPES_KEPT = 500;

/** The files of one folder, by name without `.hbs`. */
interface Layer {
  folder: string | null;
  sources: ReadonlyMap<string, string>;
}

/**
 * Reads the `.hbs` files of the folders. A message takes its most special file of the last folder that has one for it,
 * so that one file of your own replaces every shipped one of that message. A file that is missing or broken is
 * reported in `problems`, and its message is told by a built-in text. Reads the files once, synchronously.
 */
export function compileTemplates(...folders: string[]): Templates {
  const layers: Layer[] = [];
  const problems: TemplateProblem[] = [];
  for (const folder of new Set(folders)) {
    const sources = new Map<string, string>();
    try {
      for (const file of readdirSync(folder).filter((each) => each.endsWith('.hbs'))) {
        sources.set(file.slice(0, -'.hbs'.length), readFileSync(join(folder, file), 'utf8'));
      }
    } catch (error) {
      problems.push(wholeFile(folder, `cannot be read: ${reasonOf(error)}`));
    }
    layers.push({ folder, sources });
  }
  const templates = compiled(layers);
  return { ...templates, problems: [...problems, ...templates.problems] };
}

/** A folder is read again whenever one of its files may have changed: what is as it was is not compiled again. */
const compiledBefore = new Map<string, Templates>();
const compiledKept = 4;

function compiled(layers: readonly Layer[]): Templates {
  const key = JSON.stringify(layers.map(({ folder, sources }) => [folder, ...sources]));
  const templates = compiledBefore.get(key) ?? templatesOf(layers);
  compiledBefore.delete(key);
  compiledBefore.set(key, templates);
  for (const oldest of [...compiledBefore.keys()].slice(0, -compiledKept)) compiledBefore.delete(oldest);
  return templates;
}

/** Templates that can be replaced by others while they are in use. */
export function replaceable(first: Templates): Templates & { replace(next: Templates): void } {
  let current = first;
  return {
    get problems() {
      return current.problems;
    },
    render: (name, values) => current.render(name, values),
    replace(next) {
      current = next;
    },
  };
}

/** The same from sources by name. */
export const templatesFrom = (sources: ReadonlyMap<string, string>): Templates =>
  templatesOf([{ folder: null, sources }]);

/** A file that was read: how to render it, or why that is impossible. */
type Read = { template: Compiled } | { problem: TemplateProblem };

function templatesOf(layers: readonly Layer[]): Templates {
  const problems: TemplateProblem[] = [];
  /** The last folder first. */
  const files = layers.map((layer) => readLayer(layer, problems)).reverse();
  for (const name of templateNames) {
    if (!files.some((layer) => layer.has(name))) problems.push(wholeFile(name, 'is missing'));
  }

  const shapes = new Map<string, Block[]>();
  const render = <N extends TemplateName>(name: N, values: TemplateValues[N]): Rendered => {
    const builtIn = (problem: string): Rendered => ({ card: card(name, values, fallback(name, values)), problem });
    const names = fileNames(name, values);
    for (const layer of files) {
      const file = names.find((each) => layer.has(each));
      const read = file === undefined ? undefined : layer.get(file);
      if (read === undefined) continue;
      if ('problem' in read) return builtIn(describe(read.problem));
      try {
        return { card: card(name, values, blocksOf(read.template, values, shapes)), problem: null };
      } catch (error) {
        return builtIn(`${file}.hbs: ${reasonOf(error)}`);
      }
    }
    return builtIn(describe(wholeFile(name, 'is missing')));
  };
  return { problems, render };
}

function readLayer({ folder, sources }: Layer, problems: TemplateProblem[]): Map<string, Read> {
  const files = new Map<string, Read>();
  for (const [fileName, source] of sources) {
    const file = templateFile(fileName);
    const wrong = (found: readonly TemplateProblem[]): void => {
      const placed = found.map((each) => ({ ...each, template: fileName, ...(folder !== null && { folder }) }));
      problems.push(...placed);
      const [problem] = placed;
      if (problem && typeof file === 'object') files.set(fileName, { problem });
    };
    if (typeof file === 'string') {
      wrong([wholeFile(fileName, file)]);
      continue;
    }
    const { ast, problems: found } = readTemplate(file.name, source);
    wrong(found);
    if (ast === null) continue;
    const template = compile(ast);
    try {
      card(file.name, file.values, blocksOf(template, file.values, new Map()));
      files.set(fileName, { template });
    } catch (error) {
      wrong([wholeFile(fileName, reasonOf(error))]);
    }
  }
  return files;
}

const wholeFile = (template: string, message: string): TemplateProblem => ({ template, line: 0, column: 0, message });
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const describe = ({ template, line, message }: TemplateProblem): string =>
  `${template}.hbs${line > 0 ? `:${line}` : ''}: ${message}`;

function blocksOf(template: Compiled, values: unknown, shapes: Map<string, Block[]>): Block[] {
  const rendering: Rendering = { slots: [], turns: 0 };
  const source = template(values, rendering);
  if (source.length > OUTPUT_LIMIT) throw new Error(`the message is longer than ${OUTPUT_LIMIT} characters`);
  let shape = shapes.get(source);
  if (shape === undefined) {
    shape = parseMarkdown(source, acceptHref);
    if (shapes.size >= SHAPES_KEPT) shapes.clear();
    shapes.set(source, shape);
  }
  const blocks = fill(shape, rendering.slots);
  if (blocks.length === 0) throw new Error('the message is empty');
  return blocks;
}

/** An address that a value is only a part of could lead anywhere: it stays text. */
const acceptHref: AcceptHref = (href) => {
  if (isPlaceholder(href)) return href;
  return href.includes(OPEN) ? null : webHref(href);
};

function card<N extends TemplateName>(name: N, values: TemplateValues[N], blocks: Block[]): Card {
  return { tone: toneOf(name, values), summary: summaryOf(blocks), blocks };
}

/** The text of the first heading or paragraph. */
function summaryOf(blocks: readonly Block[]): string {
  const first = blocks.find((block) => block.kind === 'heading' || block.kind === 'paragraph');
  return first === undefined ? '' : literal(inlineText(first.content), SUMMARY_LIMIT);
}

const GOOD: readonly TemplateName[] = ['acknowledged', 'resolved', 'closed'];
const WARNING: readonly TemplateName[] = [
  'acknowledge-overdue',
  'update-due-soon',
  'update-overdue',
  'step-overdue',
  'help-asked',
  'update-asked',
  'update-chased',
  'publish-due',
  'delivery-failed',
];
const QUIET: readonly TemplateName[] = [
  'note',
  'workaround',
  'expected',
  'long-proposed',
  'long-over',
  'published',
  'step',
  'follow-up-added',
  'playbook',
  'playbook-switched',
  'step-assigned',
  'sub-step',
  'step-extended',
  'postmortem',
  'role-expectations',
];

function toneOf<N extends TemplateName>(name: N, values: TemplateValues[N]): Tone {
  const over = 'status' in values && (values.status === 'resolved' || values.status === 'closed');
  if (GOOD.includes(name) || over) return 'good';
  if (WARNING.includes(name)) return 'warning';
  return QUIET.includes(name) ? 'neutral' : values.severity;
}
