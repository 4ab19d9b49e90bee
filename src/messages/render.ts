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
import { samples, templateNames } from './samples.js';
import type { TemplateName, TemplateValues } from './values.js';
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

/**
 * Reads `<name>.hbs` from the folders; a later folder's file replaces an earlier one's. A file that is missing or
 * broken is reported in `problems`, and its message is told by a built-in text. Reads the files once, synchronously.
 */
export function compileTemplates(...folders: string[]): Templates {
  const sources = new Map<string, string>();
  const problems: TemplateProblem[] = [];
  for (const folder of folders) {
    try {
      for (const file of readdirSync(folder).filter((each) => each.endsWith('.hbs'))) {
        sources.set(file.slice(0, -'.hbs'.length), readFileSync(join(folder, file), 'utf8'));
      }
    } catch (error) {
      problems.push(wholeFile(folder, `cannot be read: ${reasonOf(error)}`));
    }
  }
  const templates = templatesFrom(sources);
  return { ...templates, problems: [...problems, ...templates.problems] };
}

/** The same from sources by name. */
export function templatesFrom(sources: ReadonlyMap<string, string>): Templates {
  const problems: TemplateProblem[] = [];
  const compiled = new Map<TemplateName, Compiled>();
  for (const name of sources.keys()) {
    if (!templateNames.some((each) => each === name)) problems.push(wholeFile(name, 'no message has this name'));
  }
  for (const name of templateNames) {
    const source = sources.get(name);
    if (source === undefined) {
      problems.push(wholeFile(name, 'is missing'));
      continue;
    }
    const { ast, problems: found } = readTemplate(name, source);
    problems.push(...found);
    if (ast === null) continue;
    const template = compile(ast);
    try {
      card(name, samples[name], blocksOf(template, samples[name], new Map()));
      compiled.set(name, template);
    } catch (error) {
      problems.push(wholeFile(name, reasonOf(error)));
    }
  }

  const shapes = new Map<string, Block[]>();
  const render = <N extends TemplateName>(name: N, values: TemplateValues[N]): Rendered => {
    const builtIn = (problem: string): Rendered => ({ card: card(name, values, fallback(name, values)), problem });
    const template = compiled.get(name);
    if (template === undefined) return builtIn(describe(problems.find((each) => each.template === name)));
    try {
      return { card: card(name, values, blocksOf(template, values, shapes)), problem: null };
    } catch (error) {
      return builtIn(`${name}.hbs: ${reasonOf(error)}`);
    }
  };
  return { problems, render };
}

const wholeFile = (template: string, message: string): TemplateProblem => ({ template, line: 0, column: 0, message });
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const describe = (problem: TemplateProblem | undefined): string =>
  problem === undefined
    ? 'the template is broken'
    : `${problem.template}.hbs${problem.line > 0 ? `:${problem.line}` : ''}: ${problem.message}`;

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
  'delivery-failed',
];
const QUIET: readonly TemplateName[] = [
  'note',
  'step',
  'follow-up-added',
  'playbook',
  'postmortem',
  'role-expectations',
];

function toneOf<N extends TemplateName>(name: N, values: TemplateValues[N]): Tone {
  const over = 'status' in values && (values.status === 'resolved' || values.status === 'closed');
  if (GOOD.includes(name) || over) return 'good';
  if (WARNING.includes(name)) return 'warning';
  return QUIET.includes(name) ? 'neutral' : values.severity;
}
