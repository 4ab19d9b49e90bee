import type { Destination, Inline } from '../../messages/card.js';
import { formatTime } from '../../messages/zones.js';
import type { Leaf, Style } from './blocks.js';
import { address, objectText } from './limits.js';
import { pieces, words } from './pieces.js';

/** Slack's own ids, as far as they are known; null shows the name instead. */
export interface Known {
  user(personId: string): string | null;
  channel(destination: Destination): string | null;
}

/** Longest text of one element; less than Slack takes, because it is counted as JSON. */
const longest = objectText - 200;

/** Inline content as rich text. A text becomes a literal element, which Slack reads no mention, link or format in. */
export function leaves(content: readonly Inline[], known: Known, style: Style = {}): Leaf[] {
  return content.flatMap((node) => leavesOf(node, known, style));
}

/** These words, whatever is in them. */
export const literally = (value: string, style: Style = {}): Leaf[] =>
  pieces(words(value), longest, ' ').map((text) => ({ type: 'text', text, ...styled(style) }));

/** Text in lines, for a block of code. */
export const lineLeaves = (lines: string): Leaf[] =>
  pieces(lines, longest, '\n').map((text) => ({ type: 'text', text }));

const styled = (style: Style): { style?: Style } => (Object.keys(style).length > 0 ? { style } : {});

function leavesOf(node: Inline, known: Known, style: Style): Leaf[] {
  switch (node.kind) {
    case 'text':
      return literally(node.text, style);
    case 'strong':
      return leaves(node.children, known, { ...style, bold: true });
    case 'emphasis':
      return leaves(node.children, known, { ...style, italic: true });
    case 'code':
      return literally(node.text, { ...style, code: true });
    case 'link':
      return linked(node.text, node.href, style);
    case 'time':
      return [timeLeaf(node.at, node.style, style)];
    case 'person': {
      const id = node.notify ? known.user(node.personId) : null;
      return id !== null && /^[UW][A-Z0-9]+$/.test(id)
        ? [{ type: 'user', user_id: id, ...styled(style) }]
        : literally(node.name, style);
    }
    case 'channel': {
      const id = known.channel(node.channel);
      return id !== null && /^[CGD][A-Z0-9]+$/.test(id)
        ? [{ type: 'channel', channel_id: id, ...styled(style) }]
        : literally(node.label, style);
    }
  }
}

function linked(text: string, href: string, style: Style): Leaf[] {
  const url = /^https?:\/\//i.test(href) && URL.canParse(href) ? new URL(href).href : null;
  const [first, ...rest] = literally(words(text).trim() === '' ? href : text, style);
  if (url === null || first?.type !== 'text') return literally(text, style);
  if (url.length > address) return literally(`${text} (${href})`, style);
  return [{ type: 'link', url, text: first.text, ...styled(style) }, ...rest];
}

const formats = { clock: '{time}', date: '{date_short} {time}', relative: '{date_short_pretty} {time}' };
/** 9999-12-31: what comes later no client shows. */
const lastSecond = 253_402_300_799;

function timeLeaf(at: number, how: keyof typeof formats, style: Style): Leaf {
  const timestamp = Math.floor(at / 1_000);
  const fallback = formatTime(at, 'UTC', how === 'clock' ? 'clock' : 'date');
  return timestamp >= 0 && timestamp <= lastSecond
    ? { type: 'date', timestamp, format: formats[how], fallback, ...styled(style) }
    : { type: 'text', text: fallback, ...styled(style) };
}
