import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Block, Card, Tone } from './card.js';
import { readTemplate, SHOW, type TemplateProblem } from './check.js';
import { fallback } from './fallback.js';
import { fill } from './fill.js';
import { literal } from './literal.js';
import { type AcceptHref, parseMarkdown, webHref } from './markdown.js';
import { inlineText } from './plain.js';
import { samples, templateNames } from './samples.js';
import type { TemplateName, TemplateValues } from './values.js';
import {
  conditionWords,
  holds,
  inlineWords,
  isPlaceholder,
  listLimit,
  OPEN,
  put,
  type Rendering,
  show,
  turn,
} from './words.js';

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

/** Longest Markdown a template may make, its values not counted. */
const OUTPUT_LIMIT = 20_000;
const SUMMARY_LIMIT = 300;
/** Parsed Markdown kept: one message's shape is the same for all values but for the branches it takes. */
const SHAPES_KEPT = 500;

type Compiled = (values: unknown, rendering: Rendering) => string;

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

const runtime = wordsOfOurs();

/** An environment of our own: only our words, and none of Handlebars' `log` and `lookup`. */
function wordsOfOurs(): typeof Handlebars {
  const own = Handlebars.create();
  own.unregisterHelper('log');
  own.unregisterHelper('lookup');
  const inline = (name: string, yields: (args: unknown[], named: Record<string, unknown>) => ReturnType<typeof show>) =>
    own.registerHelper(name, (...all: unknown[]) => {
      const options = all.pop() as Handlebars.HelperOptions;
      return put(options.data.rendering, yields(all.map(unboxed), options.hash));
    });
  inline(SHOW, ([value]) => show(value));
  for (const [name, word] of Object.entries(inlineWords)) inline(name, word.yields);
  for (const [name, test] of Object.entries(conditionWords)) {
    own.registerHelper(name, (...all: unknown[]) => test(...all.slice(0, -1).map(unboxed)));
  }
  own.registerHelper('if', branch(holds));
  own.registerHelper(
    'unless',
    branch((value) => !holds(value)),
  );
  own.registerHelper('with', function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    turn(options.data.rendering);
    return holds(value) ? options.fn(boxed(value)) : options.inverse(this);
  });
  own.registerHelper('each', each);
  return own;
}

/**
 * Handlebars takes a context that `==` the one around it for the same one, and `../` then misses: a text that reads
 * `[object Object]` would do. A context of its own equals nothing but itself.
 */
function boxed(value: unknown): unknown {
  if (value === null || value === undefined) return value;
  return Object.getPrototypeOf(value) === Object.prototype ? { ...value } : Object(unboxed(value));
}
const unboxed = (value: unknown): unknown =>
  value instanceof String || value instanceof Number || value instanceof Boolean ? value.valueOf() : value;

function branch(test: (value: unknown) => boolean): Handlebars.HelperDelegate {
  return function (this: unknown, value: unknown, options: Handlebars.HelperOptions) {
    turn(options.data.rendering);
    return test(unboxed(value)) ? options.fn(this) : options.inverse(this);
  };
}

function each(this: unknown, value: unknown, options: Handlebars.HelperOptions): string {
  const list = Array.isArray(value) ? value : [];
  if (list.length === 0) return options.inverse(this);
  const shown = list.slice(0, listLimit(options.hash.limit));
  let out = '';
  for (const [index, item] of shown.entries()) {
    turn(options.data.rendering);
    const data = Object.assign(Handlebars.createFrame(options.data), {
      index,
      first: index === 0,
      last: index === list.length - 1,
    });
    out += options.fn(boxed(item), { data });
    if (out.length > OUTPUT_LIMIT) throw new Error(`a list makes more than ${OUTPUT_LIMIT} characters`);
  }
  if (shown.length === list.length) return out;
  const more = `and ${put(options.data.rendering, { text: String(list.length - shown.length) })} more`;
  return /^\s*[-*+] /.test(out) ? `${out}- ${more}\n` : `${out} ${more}`;
}

function compile(ast: hbs.AST.Program): Compiled {
  const ours = [SHOW, ...Object.keys(inlineWords), ...Object.keys(conditionWords)];
  const template = runtime.compile(ast, {
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(ours.map((name) => [name, true])) as KnownHelpers,
  });
  return (values, rendering) =>
    template(values, {
      data: { rendering },
      allowProtoPropertiesByDefault: false,
      allowProtoMethodsByDefault: false,
    });
}
