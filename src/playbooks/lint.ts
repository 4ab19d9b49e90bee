import { join } from 'node:path';
import { literal } from '../messages/literal.js';
import { loadPlaybooks } from './load.js';
import { missingParts } from './parts.js';
import type { Playbook, Problem } from './playbook.js';

interface LintReport {
  /** No errors; warnings may be left. */
  ok: boolean;
  errors: number;
  warnings: number;
  problems: Problem[];
}

/** The playbooks of a folder as they are loaded, and with their problems what they should have and do not. */
export async function lintPlaybooks(
  folder: string,
  now: number,
): Promise<{ playbooks: Playbook[]; problems: Problem[] }> {
  const { playbooks, problems } = await loadPlaybooks(folder, now);
  const missing = playbooks.flatMap((playbook) => missingParts(playbook, join(folder, `${playbook.id}.md`)));
  return { playbooks, problems: [...problems, ...missing] };
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
