import type { Problem } from './playbook.js';

/** 1-based, as editors count. */
export interface Place {
  line: number;
  column: number;
}

/** Collects the problems of one file. */
export interface Report {
  error(place: Place, message: string, hint: string): void;
  warning(place: Place, message: string, hint: string): void;
  failed(): boolean;
  /** In the order of the file. */
  problems(): Problem[];
}

export function reportOn(file: string): Report {
  const found: Problem[] = [];
  const add =
    (level: Problem['level']) =>
    ({ line, column }: Place, message: string, hint: string): void => {
      found.push({ file, line, column, level, message, hint });
    };
  return {
    error: add('error'),
    warning: add('warning'),
    failed: () => found.some((problem) => problem.level === 'error'),
    problems: () => [...found].sort((a, b) => a.line - b.line || a.column - b.column),
  };
}
