import type { Destination, Inline } from '../../messages/card.js';
import { literal } from '../../messages/literal.js';
import { inlineText, merged } from '../../messages/plain.js';
import { BREAK, escapeText, lineStart } from './escape.js';
import { CHANNEL_NAME, CROWDS, USERNAME } from './limits.js';

/** Whom and what the server knows; null: it does not. */
export interface Known {
  username(personId: string): string | null;
  channelName(channel: Destination): string | null;
}

/** Text is cut into parts of this many characters at most, between which a post may end. */
const PART = 400;
/** A longer address is shown, not followed. */
const HREF_LIMIT = 1_500;

/** Cuts at white space where there is some. */
export function cutUp(text: string, limit: number): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + limit);
    if (to < text.length) {
      const space = text.slice(from, to).search(/\s\S*$/);
      if (space > limit / 2) to = from + space + 1;
      else if (/[\ud800-\udbff]/.test(text[to - 1] as string)) to -= 1;
    }
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

/** White space at the ends separates from the neighbours and stays. */
function oneLine(value: string): string {
  const text = literal(value, Number.MAX_SAFE_INTEGER);
  if (text === '') return value === '' ? '' : ' ';
  return `${/^\s/.test(value) ? ' ' : ''}${text}${/\s$/.test(value) ? ' ' : ''}`;
}

type Mark = '' | '*' | '**';

/** Marks close whatever stands at the ends of what they hold. */
function marked(text: string, mark: Mark): string {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? [];
  if (inner === '') return before + after;
  const escaped = escapeText(inner);
  if (mark === '') return before + escaped + after;
  const open = /^[\p{L}\p{N}]/u.test(inner) ? '' : BREAK;
  const shut = /[\p{L}\p{N}]$/u.test(inner) ? '' : BREAK;
  return `${before}${mark}${open}${escaped}${shut}${mark}${after}`;
}

const words = (text: string, mark: Mark): string[] => cutUp(oneLine(text), PART).map((part) => marked(part, mark));

/** What has several backticks in a row is no code to every client. */
const codeSpans = (text: string): string[] =>
  cutUp(literal(text, Number.MAX_SAFE_INTEGER), PART).map((part) => {
    if (part.trim() === '') return part;
    if (/``/.test(part)) return escapeText(part);
    return part.includes('`') ? `\`\` ${part} \`\`` : `\`${part}\``;
  });

const reference = (href: string): string =>
  href.replace(
    /[\s<>()[\]*_~\\"'`|$]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

function link(text: string, href: string): string[] {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return words(text, '');
  const leads = reference(href);
  if (leads.length > HREF_LIMIT) return words(`${text} (${href})`, '');
  const label = literal(text, Number.MAX_SAFE_INTEGER) || literal(href, PART);
  return cutUp(label, PART).map((part) => `[${escapeText(part.trim())}](${leads})`);
}

function person(node: Extract<Inline, { kind: 'person' }>, mark: Mark, known: Known): string[] {
  const username = node.notify ? known.username(node.personId) : null;
  const safe = username !== null && USERNAME.test(username) && !CROWDS.includes(username);
  return safe ? [`@${username}`] : words(node.name, mark);
}

/** Inline content in parts that `line` joins, each of them whole. Marks inside marks are left out. */
export function partsOf(content: readonly Inline[], known: Known, mark: Mark = ''): string[] {
  return merged(content).flatMap((node) => partsOfNode(node, known, mark));
}

function partsOfNode(node: Inline, known: Known, mark: Mark): string[] {
  switch (node.kind) {
    case 'text':
      return words(node.text, mark);
    case 'strong':
      return partsOf(node.children, known, mark || '**');
    case 'emphasis':
      return partsOf(node.children, known, mark || '*');
    case 'code':
      return codeSpans(node.text);
    case 'link':
      return link(node.text, node.href);
    case 'person':
      return person(node, mark, known);
    case 'channel': {
      const name = known.channelName(node.channel);
      return name !== null && CHANNEL_NAME.test(name) ? [`~${name}`] : words(node.label, mark);
    }
    case 'time':
      return words(inlineText([node]), mark);
  }
}

/** Nothing can grow together where two parts meet without a space. */
export const line = (parts: readonly string[]): string =>
  lineStart(
    parts.reduce((left, right) => {
      const apart = left === '' || right === '' || /\s$/.test(left) || /^\s/.test(right);
      return apart ? left + right : left + BREAK + right;
    }, ''),
  );
