import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Block, Inline } from './card.js';
import { inlineText, merged } from './plain.js';

/** Constructs that are not part of the subset are not recognised at all, so that they stay the text they are. */
const NOT_OURS = [
  'autolink',
  'characterReference',
  'codeIndented',
  'definition',
  'htmlFlow',
  'htmlText',
  'labelStartImage',
  'setextUnderline',
];
const processor = unified()
  .use(remarkParse)
  .data('micromarkExtensions', [{ disable: { null: NOT_OURS } }])
  .freeze();

type Root = ReturnType<typeof processor.parse>;
type Node = Root['children'][number];

/** Decides on a link's destination: what the link leads to, or null when it is to stay text. */
export type AcceptHref = (href: string) => string | null;

/** Deeper nesting than this stays text. */
const DEPTH = 12;

/** The URL in its normal form when it is http(s) and carries no password; otherwise null. */
export const webHref: AcceptHref = (href) => {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return null;
  const url = new URL(href);
  return url.username === '' && url.password === '' ? url.href : null;
};

/**
 * A small Markdown subset: headings, paragraphs, strong, emphasis, inline code, links, lists, fenced code, quotes and
 * thematic breaks. A heading of level 6 is small print (`note`). Everything else, HTML, images and character references
 * included, is literal text, as is a link `accept` declines. Never throws on any text.
 */
export function parseMarkdown(source: string, accept: AcceptHref = webHref): Block[] {
  const literalOf = (node: Node): Inline[] => {
    const written = source.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
    return [{ kind: 'text', text: written.replace(/\s*\n\s*/g, ' ') }];
  };

  const inlinesOf = (nodes: readonly Node[], depth: number): Inline[] =>
    merged(nodes.flatMap((node) => inlineOf(node, depth)));

  const inlineOf = (node: Node, depth: number): Inline[] => {
    if (depth > DEPTH) return literalOf(node);
    switch (node.type) {
      case 'text':
        return [{ kind: 'text', text: node.value.replace(/\s*\n\s*/g, ' ') }];
      case 'break':
        return [{ kind: 'text', text: ' ' }];
      case 'inlineCode':
        return [{ kind: 'code', text: node.value.replace(/\n/g, ' ') }];
      case 'strong':
      case 'emphasis':
        return [{ kind: node.type, children: inlinesOf(node.children, depth + 1) }];
      case 'link': {
        const href = accept(node.url);
        if (href === null) return literalOf(node);
        return [{ kind: 'link', text: inlineText(inlinesOf(node.children, depth + 1)), href }];
      }
      case 'paragraph':
        return inlinesOf(node.children, depth + 1);
      default:
        return literalOf(node);
    }
  };

  /** A list item or a quote holds one line of content; what is nested deeper follows as text. */
  const lineOf = (nodes: readonly Node[]): Inline[] =>
    merged(
      nodes.flatMap((node, index) => [
        ...(index > 0 ? [{ kind: 'text' as const, text: ' ' }] : []),
        ...inlineOf(node, 0),
      ]),
    );

  const blockOf = (node: Node): Block => {
    switch (node.type) {
      case 'heading':
        return { kind: node.depth === 6 ? 'note' : 'heading', content: inlinesOf(node.children, 0) };
      case 'paragraph':
        return { kind: 'paragraph', content: inlinesOf(node.children, 0) };
      case 'list':
        return {
          kind: 'list',
          ordered: node.ordered === true,
          items: node.children.map((item) => lineOf(item.children)),
        };
      case 'code':
        return {
          kind: 'code',
          text: node.value,
          ...(/^[\w+-]{1,20}$/.test(node.lang ?? '') ? { language: node.lang ?? '' } : {}),
        };
      case 'blockquote':
        return { kind: 'quote', content: lineOf(node.children) };
      case 'thematicBreak':
        return { kind: 'divider' };
      default:
        return { kind: 'paragraph', content: literalOf(node) };
    }
  };

  return processor.parse(source).children.map(blockOf);
}
