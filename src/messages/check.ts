import Handlebars from 'handlebars';
import { nearest } from './near.js';
import { samples } from './samples.js';
import type { TemplateName } from './values.js';
import { blockWords, conditionWords, inlineWords, OPEN, SHUT } from './words.js';

/** What is wrong with a template; `line` from 1, `column` from 0, both 0 when it concerns the whole file. */
export interface TemplateProblem {
  /** The file's name without `.hbs`; the folder when that cannot be read. */
  template: string;
  /** Where the file is. */
  folder?: string;
  line: number;
  column: number;
  message: string;
}

/** Longest template taken, in characters. */
const SOURCE_LIMIT = 20_000;

/** The word every plain `{{value}}` is turned into, so that nothing reaches the output but through a slot. */
export const SHOW = 'show';

/** The last block that has no end, by its word and line from 1. Comments are looked over. */
function unclosed(source: string): { word: string; line: number } | null {
  const open: { word: string; line: number }[] = [];
  for (const found of source.matchAll(/\{\{!--[\s\S]*?--\}\}|\{\{!.*?\}\}|\{\{~?([#/])\s*(\w+)/g)) {
    const [, kind, word] = found;
    if (kind === '#' && word) open.push({ word, line: source.slice(0, found.index).split('\n').length });
    else if (kind === '/' && open.at(-1)?.word === word) open.pop();
  }
  return open.at(-1) ?? null;
}

type Ast = hbs.AST.Program;
type Scope = { value: unknown; parent: Scope | null; loop: boolean };
type Call = { params: hbs.AST.Expression[]; hash?: hbs.AST.Hash; loc: hbs.AST.SourceLocation };

/**
 * Reads a template strictly: only the words and value names that exist, nothing else of Handlebars (no partials,
 * decorators, block parameters, `lookup` or `@root`). The tree it returns is ready to compile.
 */
export function readTemplate(name: TemplateName, source: string): { ast: Ast | null; problems: TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  const wrong = (loc: hbs.AST.SourceLocation, message: string): void => {
    problems.push({ template: name, line: loc.start.line, column: loc.start.column, message });
  };
  if (source.length > SOURCE_LIMIT) {
    return {
      ast: null,
      problems: [{ template: name, line: 0, column: 0, message: `longer than ${SOURCE_LIMIT} characters` }],
    };
  }
  let ast: Ast;
  try {
    ast = Handlebars.parse(source.replaceAll(OPEN, '').replaceAll(SHUT, ''));
  } catch (error) {
    const open = unclosed(source);
    if (open !== null) {
      const message = `{{#${open.word}}} is not closed (write {{/${open.word}}} where it ends)`;
      return { ast: null, problems: [{ template: name, line: open.line, column: 0, message }] };
    }
    const message = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    const line = Number(/line (\d+)/.exec(message)?.[1] ?? 0);
    return { ast: null, problems: [{ template: name, line, column: 0, message }] };
  }

  const checkPath = (path: hbs.AST.PathExpression, scope: Scope): unknown => {
    const unknown = (): undefined => {
      const here = typeof scope.value === 'object' && scope.value !== null ? Object.keys(scope.value) : ['this'];
      const near = nearest(path.original, here);
      wrong(
        path.loc,
        `there is no value "${path.original}" here; ${near === null ? `there are: ${here.join(', ')}` : `did you mean "${near}"?`}`,
      );
      return undefined;
    };
    if (path.data) {
      if (path.depth > 0 || !['index', 'first', 'last'].includes(path.original.slice(1)) || !scope.loop)
        return unknown();
      return 0;
    }
    let from: Scope | null = scope;
    for (let up = 0; up < path.depth; up += 1) from = from?.parent ?? null;
    if (from === null) return unknown();
    let value = from.value;
    for (const part of path.parts as string[]) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return unknown();
      value = (value as Record<string, unknown>)[part];
    }
    return value;
  };

  const checkArgument = (expression: hbs.AST.Expression, scope: Scope): unknown => {
    if (expression.type === 'PathExpression') return checkPath(expression as hbs.AST.PathExpression, scope);
    if (expression.type !== 'SubExpression') return undefined;
    const call = expression as hbs.AST.SubExpression;
    if (!Object.hasOwn(conditionWords, wordOf(call.path) ?? '')) {
      wrong(call.loc, `inside another word only ${Object.keys(conditionWords).join(', ')} can stand`);
    }
    checkArguments(call, scope, [1, 9], []);
    return undefined;
  };

  const checkArguments = (
    call: Call,
    scope: Scope,
    [least, most]: [number, number],
    named: readonly string[],
  ): unknown => {
    const count = call.params.length;
    if (count < least || count > most)
      wrong(call.loc, `takes ${least === most ? least : `${least} to ${most}`} values, not ${count}`);
    for (const pair of call.hash?.pairs ?? []) {
      if (!named.includes(pair.key)) wrong(pair.loc, `there is no option "${pair.key}" here`);
      checkArgument(pair.value, scope);
    }
    return call.params.map((param) => checkArgument(param, scope))[0];
  };

  const checkMustache = (statement: hbs.AST.MustacheStatement, scope: Scope): void => {
    const word = wordOf(statement.path);
    if (word !== null && Object.hasOwn(inlineWords, word)) {
      const { takes, named } = inlineWords[word]!;
      checkArguments(statement, scope, takes, named ?? []);
      return;
    }
    if (statement.path.type !== 'PathExpression' || statement.params.length > 0 || statement.hash?.pairs.length) {
      wrong(statement.loc, `there is no word "${word ?? ''}"; there are: ${Object.keys(inlineWords).join(', ')}`);
      return;
    }
    checkPath(statement.path as hbs.AST.PathExpression, scope);
    statement.params = [statement.path];
    statement.path = {
      type: 'PathExpression',
      loc: statement.loc,
      data: false,
      depth: 0,
      parts: [SHOW],
      original: SHOW,
    } as hbs.AST.PathExpression;
  };

  const checkBlock = (block: hbs.AST.BlockStatement, scope: Scope): void => {
    const word = wordOf(block.path);
    if (!blockWords.some((each) => each === word)) {
      wrong(block.loc, `there is no block "${word ?? ''}"; there are: ${blockWords.join(', ')}`);
      return;
    }
    if ([block.program, block.inverse].some((each) => each?.blockParams?.length)) {
      wrong(block.loc, 'block parameters (as |name|) are not supported');
    }
    const value = checkArguments(block, scope, [1, 1], word === 'each' ? ['limit'] : []);
    const inner: Scope =
      word === 'each'
        ? { value: Array.isArray(value) ? value[0] : undefined, parent: scope, loop: true }
        : word === 'with'
          ? { value, parent: scope, loop: scope.loop }
          : scope;
    if (block.program) checkProgram(block.program, inner);
    if (block.inverse) checkProgram(block.inverse, scope);
  };

  const checkProgram = (program: Ast, scope: Scope): void => {
    for (const statement of program.body) {
      if (statement.type === 'MustacheStatement') checkMustache(statement as hbs.AST.MustacheStatement, scope);
      else if (statement.type === 'BlockStatement') checkBlock(statement as hbs.AST.BlockStatement, scope);
      else if (statement.type !== 'ContentStatement' && statement.type !== 'CommentStatement') {
        wrong(statement.loc, 'partials and decorators are not supported');
      }
    }
  };

  checkProgram(ast, { value: samples[name], parent: null, loop: false });
  return { ast: problems.length === 0 ? ast : null, problems };
}

/** The name when this is a bare word such as `time`, not a path such as `by.name`, `../x` or `@index`. */
function wordOf(path: hbs.AST.Expression): string | null {
  if (path.type !== 'PathExpression') return null;
  const { depth, data, parts, original } = path as hbs.AST.PathExpression;
  return depth === 0 && !data && parts.length === 1 && !/[./]/.test(original) ? String(parts[0]) : null;
}
