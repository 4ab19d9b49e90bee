import type { Walk } from './state.js';

const longest = 200;

/** Why this is no value for a command, as a sentence; null: it is one. */
export function wrongValue(value: string): string | null {
  if (value.trim() === '') return 'A value is not empty.';
  if ([...value].length > longest) return `A value has ${longest} characters at most.`;
  // What cannot be seen could make a command another than the one that is read.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)) return 'A value is one line, without characters that cannot be seen.';
  return value.startsWith('-') ? 'A value does not begin with -, which commands take for an option.' : null;
}

/** Names that steps of this playbook ask for. */
export const askedBy = ({ steps }: Walk): string[] => [...new Set(steps.flatMap(({ ask = [] }) => ask))];
