import type { Block, Button, Card, Inline } from './card.js';
import { literal, literalLines } from './literal.js';
import { formatRelative, formatTime } from './zones.js';

export interface Reading {
  /** When it is read: relative times count from here. Without it they are written as a date. */
  now?: number;
}

/** Neighbouring texts joined and empty ones dropped, so that equal content has equal nodes. */
export function merged(content: readonly Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const node of content) {
    const last = out.at(-1);
    if (node.kind !== 'text') out.push(node);
    else if (last?.kind === 'text') out[out.length - 1] = { kind: 'text', text: last.text + node.text };
    else if (node.text !== '') out.push(node);
  }
  return out;
}

/** The words of inline content, times in UTC. Literal: not Markdown, not HTML. */
export function inlineText(content: readonly Inline[], reading: Reading = {}): string {
  return content.map((node) => wordsOf(node, reading)).join('');
}

function wordsOf(node: Inline, { now }: Reading): string {
  switch (node.kind) {
    case 'text':
    case 'code':
    case 'link':
      return node.text;
    case 'strong':
    case 'emphasis':
      return inlineText(node.children, { now });
    case 'time':
      if (node.style === 'clock') return formatTime(node.at);
      return node.style === 'relative' && now !== undefined
        ? formatRelative(node.at, now)
        : formatTime(node.at, 'UTC', 'date');
    case 'person':
      return node.name;
    case 'channel':
      return node.label;
  }
}

/** Plain text for a terminal or a file: blocks apart by an empty line, no control characters. */
export function plainText(blocks: readonly Block[] | Card, reading: Reading = {}): string {
  const line = (content: readonly Inline[]): string =>
    literal(
      content
        .map((node) =>
          node.kind === 'link' && node.text !== node.href ? `${node.text} (${node.href})` : inlineText([node], reading),
        )
        .join(''),
      Number.MAX_SAFE_INTEGER,
    );
  const block = (each: Block): string => {
    switch (each.kind) {
      case 'heading':
      case 'paragraph':
      case 'note':
        return line(each.content);
      case 'list':
        return each.items.map((item, index) => `${each.ordered ? `${index + 1}.` : '-'} ${line(item)}`).join('\n');
      case 'code':
        return literalLines(each.text, Number.MAX_SAFE_INTEGER).replace(/^(?=.)/gm, '    ');
      case 'quote':
        return `> ${line(each.content)}`;
      case 'fields':
        return each.fields
          .map((field) => `${line([{ kind: 'text', text: field.label }])}: ${line(field.value)}`)
          .join('\n');
      case 'buttons':
        return each.buttons.map(buttonText).join('\n');
      case 'divider':
        return '---';
    }
  };
  return blocksOf(blocks).map(block).join('\n\n');
}

const buttonText = (button: Button): string =>
  `[${literal(button.label)}] ${literal(button.command)}${button.input ? ` <${literal(button.input.label)}>` : ''}`;

const blocksOf = (blocks: readonly Block[] | Card): readonly Block[] => ('blocks' in blocks ? blocks.blocks : blocks);

/**
 * Markdown (CommonMark and GFM) that reads as the card does: literal text stays literal. Nothing in a `text` node can
 * format, start a list, cut a table, become HTML or a link, or address anybody: a word with a mention or an address in
 * it is written as code, the one form no host scans.
 */
export function markdown(blocks: readonly Block[] | Card): string {
  const block = (each: Block): string => {
    switch (each.kind) {
      case 'heading':
        return `## ${inlineMarkdown(each.content).replace(/(#+)$/, '\\$1')}`;
      case 'paragraph':
      case 'note':
        return inlineMarkdown(each.content);
      case 'list':
        return each.items
          .map((item, index) => `${each.ordered ? `${index + 1}.` : '-'} ${inlineMarkdown(item)}`)
          .join('\n');
      case 'code':
        return codeBlock(each.text, each.language);
      case 'quote':
        return `> ${inlineMarkdown(each.content)}`;
      case 'fields':
        return each.fields
          .map((field) => `- **${escapeMarkdown(field.label)}:** ${inlineMarkdown(field.value)}`)
          .join('\n');
      case 'buttons':
        return each.buttons
          .map((button) => `- ${escapeMarkdown(button.label)}: ${codeSpan(button.command)}`)
          .join('\n');
      case 'divider':
        return '---';
    }
  };
  return blocksOf(blocks).map(block).join('\n\n');
}

/** One line of Markdown, safe at the start of a block too. */
export const inlineMarkdown = (content: readonly Inline[]): string => lineStart(written(content, false));

/** The content of a table's cell. */
export const cellMarkdown = (content: readonly Inline[] | string): string =>
  written(typeof content === 'string' ? [{ kind: 'text', text: content }] : content, true);

/** Outside text as one line of Markdown that shows exactly these words. */
export const escapeMarkdown = (value: string): string => inlineMarkdown([{ kind: 'text', text: value }]);

/** A fenced block whatever the text contains. */
export function codeBlock(value: string, language = ''): string {
  const text = literalLines(value, Number.MAX_SAFE_INTEGER);
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${/^[\w+-]{1,20}$/.test(language) ? language : ''}\n${text}\n${fence}`;
}

function codeSpan(value: string, inCell = false): string {
  const text = literal(value, Number.MAX_SAFE_INTEGER);
  if (!inCell) return spanOf(text);
  /** A table takes `\\|` for an escaped backslash and a border, in code too, so no span holds a backslash before a bar. */
  const parts = text.split(/(?<=\\)(?=\|)/);
  return parts.map((part) => spanOf(part).replaceAll('|', '\\|')).reduce(joined, '');
}

function spanOf(text: string): string {
  if (text === '') return '';
  const fence = '`'.repeat(longestRun(text) + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

const longestRun = (value: string): number => Math.max(0, ...Array.from(value.matchAll(/`+/g), ([run]) => run.length));

/** What is shown without a form of its own is text; joined first, so that no mention or address hides in the seams. */
function written(content: readonly Inline[], inCell: boolean): string {
  const nodes = merged(
    content.map((node) =>
      node.kind === 'time' || node.kind === 'person' || node.kind === 'channel'
        ? { kind: 'text', text: wordsOf(node, {}) }
        : node,
    ),
  );
  return nodes.map((node) => nodeMarkdown(node, inCell)).reduce(joined, '');
}

function nodeMarkdown(node: Inline, inCell: boolean): string {
  switch (node.kind) {
    case 'code':
      return codeSpan(node.text, inCell);
    case 'link':
      return `[${escapeText(node.text, inCell)}](<${node.href.replace(/[<>|\\\s]/g, encodeURIComponent)}>)`;
    case 'strong':
    case 'emphasis': {
      const mark = node.kind === 'strong' ? '**' : '*';
      const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(written(node.children, inCell)) ?? [];
      return inner === '' ? before + after : `${before}${mark}${inner}${mark}${after}`;
    }
    default:
      return escapeText(wordsOf(node, {}), inCell);
  }
}

/** Two code spans side by side would read as one. */
const joined = (left: string, right: string): string =>
  right.startsWith('`') && left.endsWith('`') ? `${left}<!-- -->${right}` : left + right;

const ADDRESSED = /[^\s(<["']*(?:@[\p{L}\p{N}_]|:\/\/|www\.)\S*/giu;

function escapeText(value: string, inCell: boolean): string {
  const text = oneLine(value);
  let out = '';
  let from = 0;
  for (const match of text.matchAll(ADDRESSED)) {
    const word = match[0].replace(/[.,;:!?)'"\]>]+$/, '');
    out = joined(out + escapeMarks(text.slice(from, match.index)), codeSpan(word, inCell));
    from = match.index + word.length;
  }
  return out + escapeMarks(text.slice(from));
}

/** As `literal`, but the spaces at its ends separate it from its neighbours. */
const oneLine = (value: string): string => {
  const text = literal(value, Number.MAX_SAFE_INTEGER);
  if (text === '') return value === '' ? '' : ' ';
  return `${/^\s/.test(value) ? ' ' : ''}${text}${/\s$/.test(value) ? ' ' : ''}`;
};

const escapeMarks = (value: string): string =>
  value.replace(/[\\`*[\]<>&|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|!$/gu, '\\$&');

function lineStart(line: string): string {
  return line
    .trim()
    .replace(/^([#+=-])/, '\\$1')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}
