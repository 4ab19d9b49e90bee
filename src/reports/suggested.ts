import { createTwoFilesPatch } from 'diff';
import type { Incident } from '../incident/state.js';
import type { Suggestion } from '../incident/suggesting.js';
import type { Playbook } from '../playbooks/playbook.js';
import { nameOf } from './timeline-words.js';

type About = {
  names: ReadonlyMap<string, string>;
  playbookOf(hash: string): Playbook | null;
};

/**
 * What was suggested for the playbooks of an incident, as one patch that `git apply` takes in the folder of playbooks:
 * each suggestion stands as a quotation in its step, for whoever keeps the page to work in. null: nothing was suggested,
 * or no text can be read any more. Pure.
 */
export function suggestedPatch({ number, suggestions = [] }: Incident, { names, playbookOf }: About): string | null {
  const files = [...new Set(suggestions.map(({ hash }) => hash))].flatMap((hash) => {
    const playbook = playbookOf(hash);
    if (!playbook) return [];
    const ours = suggestions.filter((each) => each.hash === hash);
    return [patchOf(playbook, ours, (each) => quotation(each, number, names))];
  });
  return files.length === 0 ? null : files.join('');
}

function patchOf(
  { id, text, steps }: Playbook,
  suggestions: readonly Suggestion[],
  said: (suggestion: Suggestion) => string[],
): string {
  const lines = text.split('\n');
  // From the end, so that what is put in moves nothing that is still to come.
  for (const suggestion of suggestions.toSorted(
    (a, b) => (b.step ?? Infinity) - (a.step ?? Infinity) || a.seq - b.seq,
  )) {
    const step = suggestion.step === null ? undefined : steps[suggestion.step];
    const before = step ? endOf(lines, step.line) : lastWritten(lines);
    const indent = step ? '  ' : '';
    lines.splice(before, 0, '', ...said(suggestion).map((line) => `${indent}${line}`.trimEnd()));
  }
  const path = `${id}.md`;
  const written = createTwoFilesPatch(`a/${path}`, `b/${path}`, text, lines.join('\n'), undefined, undefined, {
    context: 3,
  });
  const hunks = written.slice(written.indexOf('\n@@') + 1);
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks}`;
}

/** The line, from 0, before which a step's own lines end: all that is indented below its checkbox. */
function endOf(lines: readonly string[], line: number): number {
  let end = line;
  for (let index = line; index < lines.length; index++) {
    if (lines[index]?.trim() === '') continue;
    if (!/^(?: {2}|\t)/.test(lines[index] ?? '')) break;
    end = index + 1;
  }
  return end;
}

function lastWritten(lines: readonly string[]): number {
  let end = lines.length;
  while (end > 0 && lines[end - 1]?.trim() === '') end--;
  return end;
}

function quotation({ by, at, text }: Suggestion, number: number | null, names: About['names']): string[] {
  const day = new Date(at).toISOString().slice(0, 10);
  const who = by === null ? 'somebody' : nameOf(by, names);
  const words = text.split(/\r?\n/).flatMap((line) => line.trim() || []);
  // A box in a quotation would be taken for a step that is not at the margin.
  return [`Suggested by ${who} in incident ${number}, ${day}:`, ...words].map(
    (line) => `> ${line.replace(/\[([ xX])\]/g, '($1)')}`,
  );
}
