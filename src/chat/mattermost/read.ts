import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { Post } from './post.js';

const processor = unified().use(remarkParse).use(remarkGfm).freeze();

/** A node of a post's Markdown as somebody else reads it. */
export interface Read {
  type: string;
  value?: string;
  url?: string;
  ordered?: boolean | null;
  start?: number | null;
  depth?: number;
  children?: Read[];
  position?: { start: { offset?: number }; end: { offset?: number } };
}

export const readMarkdown = (markdown: string): Read => processor.parse(markdown) as Read;

/** Every text of a post that is read as Markdown. */
export const markdownOf = ({ message, props }: Post): string[] => [
  message,
  ...(props.attachments ?? []).flatMap(({ text, fields = [] }) => [
    ...(text === undefined ? [] : [text]),
    ...fields.flatMap(({ title, value }) => [title, value]),
  ]),
];

/** Every text of a post that is shown as it is. */
export const plainOf = ({ props }: Post): string[] =>
  (props.attachments ?? []).flatMap(({ fallback, actions = [] }) => [
    ...(fallback === undefined ? [] : [fallback]),
    ...actions.map(({ name }) => name),
  ]);

const FLOW = ['root', 'blockquote', 'list', 'listItem', 'table', 'tableRow'];

export interface Lines {
  read: string[];
  written: string[];
  hrefs: string[];
  /** Kinds of nodes that Muster writes none of. */
  strange: string[];
}

/**
 * The lines of text of a Markdown text, as they read and as they are written. Code is left out, since nobody looks
 * for names there. And where its links lead.
 */
export function linesOf(markdown: string): Lines {
  const read: string[] = [];
  const written: string[] = [];
  const hrefs: string[] = [];
  const strange: string[] = [];
  const within = (node: Read): [string, string] => {
    const { start, end } = node.position ?? { start: {}, end: {} };
    if (node.type === 'link') hrefs.push(node.url ?? '');
    else if (/^(html|image|table|delete|definition|footnote)|Reference$/.test(node.type)) strange.push(node.type);
    if (node.type === 'text') return [node.value ?? '', markdown.slice(start.offset, end.offset)];
    if (node.type === 'inlineCode') return ['\0', '\0'];
    const inner = (node.children ?? []).map(within);
    return [inner.map(([each]) => each).join(''), inner.map(([, each]) => each).join('')];
  };
  const walk = (node: Read): void => {
    if (FLOW.includes(node.type)) for (const child of node.children ?? []) walk(child);
    else {
      const [asRead, asWritten] = within(node);
      read.push(asRead);
      written.push(asWritten);
    }
  };
  walk(readMarkdown(markdown));
  return { read, written, hrefs, strange };
}
