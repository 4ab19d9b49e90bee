import type { Report } from './report.js';

/** Bytes of UTF-8. */
export const LARGEST_TEXT = 256 * 1024;
export const MOST_STEPS = 20;

const MOST_LINES = 4_000;
const LONGEST_LINE = 2_000;
const DEEPEST_INDENT = 64;
const MOST_CONTAINERS = 12;
/** What opens emphasis, links and images; the parser's time grows with the square of their number in one block. */
const MARKS = '*_~[]!<&`|@:';
const MOST_MARKS_A_BLOCK = 1_000;
const MOST_MARKS = 20_000;

/**
 * Reports what would make the Markdown parser slow or overflow its stack, before it runs. Answers whether the text may
 * be parsed.
 */
export function withinLimits(text: string, report: Report): boolean {
  const size = Buffer.byteLength(text);
  if (size > LARGEST_TEXT) {
    report.error(
      { line: 1, column: 1 },
      `the file has ${size} bytes, ${LARGEST_TEXT} are allowed`,
      'split the playbook',
    );
    return false;
  }
  const lines = text.split('\n');
  if (lines.length > MOST_LINES) {
    const at = { line: MOST_LINES + 1, column: 1 };
    report.error(at, `the file has ${lines.length} lines, ${MOST_LINES} are allowed`, 'split the playbook');
    return false;
  }
  let allMarks = 0;
  let blockMarks = 0;
  for (const [index, line] of lines.entries()) {
    const fault = faultOf(line);
    if (fault !== null) {
      report.error({ line: index + 1, column: fault.column }, fault.message, fault.hint);
      return false;
    }
    let marks = 0;
    for (const character of line) if (MARKS.includes(character)) marks += 1;
    allMarks += marks;
    blockMarks = line.trim() === '' ? 0 : blockMarks + marks;
    if (blockMarks > MOST_MARKS_A_BLOCK || allMarks > MOST_MARKS) {
      const hint = 'put an empty line between paragraphs, or move long listings to a file of their own';
      report.error({ line: index + 1, column: 1 }, 'there is too much markup in one place', hint);
      return false;
    }
  }
  return true;
}

function faultOf(line: string): { column: number; message: string; hint: string } | null {
  const nul = line.indexOf('\0');
  if (nul !== -1) return { column: nul + 1, message: 'there is a NUL character', hint: 'save the file as UTF-8 text' };
  if (line.length > LONGEST_LINE) {
    const message = `the line has ${line.length} characters, ${LONGEST_LINE} are allowed`;
    return { column: LONGEST_LINE + 1, message, hint: 'break the line' };
  }
  const { indent, containers } = openingOf(line);
  if (indent > DEEPEST_INDENT || containers > MOST_CONTAINERS) {
    return {
      column: 1,
      message: 'the line is nested too deep',
      hint: 'a step has notes and sub-steps, nothing deeper',
    };
  }
  return null;
}

/** The white space before the first word, and the list and quote marks in it. */
function openingOf(line: string): { indent: number; containers: number } {
  let indent = 0;
  let containers = 0;
  for (let index = 0; index < line.length; index += 1) {
    const character = line[index]!;
    const spaced = ' \t'.includes(line[index + 1] ?? ' ');
    if (character === ' ') indent += 1;
    else if (character === '\t') indent += 4;
    else if (character === '>' || ('-+*.)'.includes(character) && spaced)) containers += 1;
    else if (character < '0' || character > '9') break;
  }
  return { indent, containers };
}
