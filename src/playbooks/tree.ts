import { toString as plainText } from 'mdast-util-to-string';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Place } from './report.js';

const processor = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter, ['yaml']).freeze();

type Root = ReturnType<typeof processor.parse>;
export type Node = Root['children'][number];
type Of<Type extends Node['type']> = Extract<Node, { type: Type }>;
export type ListItem = Of<'list'>['children'][number];

/** A page as parsed: its tree, and the text the tree's offsets count in. */
export interface Page {
  text: string;
  root: Root;
  /** Where `[text][name]` leads, by normalised name. */
  definitions: ReadonlyMap<string, string>;
}

export function pageOf(text: string): Page {
  const root = processor.parse(text);
  const definitions = new Map<string, string>();
  for (const node of everyNode(root)) {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node.url);
  }
  return { text, root, definitions };
}

export const placeOf = (node: { position?: { start: Place } | undefined }): Place => ({
  line: node.position?.start.line ?? 1,
  column: node.position?.start.column ?? 1,
});

/** The words of a node on one line, markup gone. */
export const wordsOf = (node: Root | Node): string => plainText(node).replace(/\s+/g, ' ').trim();

export const childrenOf = (node: Root | Node): Node[] => ('children' in node ? (node.children as Node[]) : []);

/** In reading order, the node itself included. Not recursive: depth comes from the file. */
export function* everyNode(from: Root | Node): Generator<Root | Node> {
  const waiting: (Root | Node)[] = [from];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    for (const child of childrenOf(node).toReversed()) waiting.push(child);
  }
}

/** Where a link leads as written, or null for what is no link or has no definition. */
export function hrefOf(node: Root | Node, page: Page): string | null {
  if (node.type === 'link') return node.url;
  return node.type === 'linkReference' ? (page.definitions.get(node.identifier) ?? null) : null;
}

/**
 * The Markdown of some neighbouring nodes as written, the indentation they stand at taken off. Links within the page
 * are reduced to their words: outside the page they lead nowhere.
 */
export function sourceOf(nodes: readonly Node[], page: Page): string {
  const start = nodes[0]?.position?.start;
  const end = nodes.at(-1)?.position?.end.offset;
  if (start?.offset === undefined || end === undefined) return '';
  let out = '';
  let from = start.offset;
  for (const node of nodes.flatMap((each) => [...everyNode(each)])) {
    const span = node.position;
    if (span?.start.offset === undefined || span.end.offset === undefined || span.start.offset < from) continue;
    if (!hrefOf(node, page)?.startsWith('#')) continue;
    const inner = childrenOf(node);
    out += page.text.slice(from, span.start.offset);
    out += page.text.slice(inner[0]?.position?.start.offset, inner.at(-1)?.position?.end.offset ?? 0);
    from = span.end.offset;
  }
  return dedented(out + page.text.slice(from, end), start.column - 1);
}

function dedented(text: string, columns: number): string {
  const [first = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n');
  const shorter = rest.map((line) => {
    let index = 0;
    while (index < columns && (line[index] === ' ' || line[index] === '\t')) index += 1;
    return line.slice(index);
  });
  return [first, ...shorter].join('\n').trim();
}
