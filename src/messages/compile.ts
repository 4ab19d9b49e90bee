import Handlebars from 'handlebars';
import { SHOW } from './check.js';
import { conditionWords, holds, inlineWords, listLimit, put, type Rendering, show, turn } from './words.js';

/** Longest Markdown a template may make, its values not counted. */
export const OUTPUT_LIMIT = 20_000;

/** Gives the template's Markdown with a placeholder for every value, and fills the rendering's slots. */
export type Compiled = (values: unknown, rendering: Rendering) => string;

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

/** Compiles a tree from `readTemplate`: only our words, no prototype, nothing reaches the output but through a slot. */
export function compile(ast: hbs.AST.Program): Compiled {
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
