import { typedLines } from '../messages/literal.js';

/** Characters of one typed line that are kept. */
const longestLine = 10_000;

const root = /^\/(?:incident|inc|muster)(?=\s|$)\s*/i;
const incidentName = /^(?:#(?:inc-)?|inc-)([1-9][0-9]{0,8})(?:-[a-z0-9-]*)?[:,]?(?=\s|$)\s*/i;

/** What keyboards and clipboards do to a line undone, and the root command taken off. The wording stays. */
export function tidy(typed: string): string {
  let line = typedLines(typed, longestLine)
    .replace(/[^\S\n]/g, ' ')
    .trim();
  while (root.test(line)) line = line.replace(root, '');
  return line;
}

/** A leading `#12`, `inc-12` or `#inc-12-registry`, and what follows it. */
export function named(line: string): { number: number; rest: string } | null {
  const match = incidentName.exec(line);
  return match ? { number: Number(match[1]), rest: line.slice(match[0].length) } : null;
}

/** The first `count` words and the rest; null when there are fewer. */
export function firstWords(line: string, count: number): { words: string[]; rest: string } | null {
  const words: string[] = [];
  let rest = line;
  while (words.length < count) {
    const match = /^(\S+)\s*/.exec(rest);
    if (!match) return null;
    words.push(match[1] as string);
    rest = rest.slice(match[0].length);
  }
  return { words, rest };
}

/** A typed word as the verbs are written: lower case, straight quotes, no colon or full stop after it. */
export const plainWord = (word: string): string =>
  word
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[:,.!]+$/, '');

/** One line without the quotes people put around a whole text. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^["\u201c\u201d\u201e\u00ab]([^"\u201c\u201d\u201e\u00ab\u00bb]+)["\u201c\u201d\u00bb]$/, '$1')
    .trim();
