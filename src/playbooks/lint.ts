import { literal } from '../messages/literal.js';
import type { Problem } from './playbook.js';

interface LintReport {
  /** No errors; warnings may be left. */
  ok: boolean;
  errors: number;
  warnings: number;
  problems: Problem[];
}

/** By file, line and column. Holds plain values only, for `--json`. */
export function lintReport(problems: readonly Problem[]): LintReport {
  const sorted = [...problems].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
  const errors = sorted.filter((problem) => problem.level === 'error').length;
  return { ok: errors === 0, errors, warnings: sorted.length - errors, problems: sorted };
}

/** `file:line:column level message (hint)`, one line; what is quoted from the file cannot reach the terminal. */
export const formatProblem = ({ file, line, column, level, message, hint }: Problem): string =>
  literal(`${file}:${line}:${column} ${level} ${message} (${hint})`);

/** One line per problem, each ended by a line end; empty when there are none. */
export const formatProblems = (problems: readonly Problem[]): string =>
  lintReport(problems)
    .problems.map((problem) => `${formatProblem(problem)}\n`)
    .join('');
