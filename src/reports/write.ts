import { literal } from '../messages/literal.js';
import { cellMarkdown, escapeMarkdown } from '../messages/plain.js';
import { formatDuration, formatTime } from '../messages/zones.js';

/** The longest text of a person or an alert in one cell; the whole of it is on the timeline. */
const textAtMost = 1_000;
const second = 1_000;
const minute = 60 * second;

/** Markdown that Muster wrote or escaped itself; everything from outside goes through `outside` or `inCell`. */
export type Markdown = string;

export const redacted = '[redacted]';

/** Text from a person or an alert as a line of its own. */
export const outside = (text: string): Markdown => escapeMarkdown(literal(text, textAtMost));
/** The same inside a table. */
export const inCell = (text: string): Markdown => cellMarkdown(literal(text, textAtMost));

export const instant = (at: number): Markdown => formatTime(at, 'UTC', 'full');

/** `42 s`, `4 min`, `1 h 12 min`. */
export const span = (ms: number): string => (ms < minute ? `${Math.round(ms / second)} s` : formatDuration(ms));

/** What is missing and should stand out. */
export const gap = (what: string): Markdown => `**${what}**`;
/** A question for whoever finishes the draft. */
export const prompt = (question: string): Markdown => `*${question}*`;

export const section = (title: string, ...parts: Markdown[]): Markdown =>
  [`## ${title}`, ...parts.filter((part) => part !== '')].join('\n\n');

export const bullets = (items: readonly Markdown[]): Markdown => items.map((item) => `- ${item}`).join('\n');

/** Cells are Markdown without line ends. No rows: nothing. */
export function table(head: readonly string[], rows: readonly (readonly Markdown[])[]): Markdown {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
