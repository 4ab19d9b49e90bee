import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { type Html, html, type Part } from './html.js';

const processor = unified().use(remarkParse).use(remarkGfm).freeze();

type Root = ReturnType<typeof processor.parse>;
type Node = Root['children'][number];
type Of<Type extends Node['type']> = Extract<Node, { type: Type }>;

/** Where a link may lead, or null when it is to stay its words. */
export type Leads = (href: string) => string | null;

/** Deeper nesting than this is shown as it is written. */
const deepest = 40;

/** Paths of this site, and http(s) elsewhere. */
export const webOrOurs: Leads = (href) => (/^\/(?![/\\])|^https?:\/\/|^#/i.test(href) ? href : null);

/**
 * A Markdown page as HTML: GFM's tables and task lists included. HTML in it stays the text it is, pictures become
 * links, and only links that `leads` accepts lead anywhere.
 */
export function renderDocument(markdown: string, leads: Leads = webOrOurs): Html {
  const root = processor.parse(markdown);
  const definitions = new Map<string, string>();
  for (const node of root.children) if (node.type === 'definition') definitions.set(node.identifier, node.url);
  const written = ({ position }: Node): string =>
    markdown.slice(position?.start.offset ?? 0, position?.end.offset ?? 0);

  const all = (nodes: readonly Node[], depth: number): Html[] => nodes.map((node) => one(node, depth + 1));

  const linked = (href: string | undefined, words: Part, asWritten: string): Html => {
    if (href === undefined) return html`${asWritten}`;
    const to = leads(href);
    if (to === null) return html`${words}`;
    return /^https?:/i.test(to)
      ? html`<a href="${to}" target="_blank" rel="noopener noreferrer">${words}</a>`
      : html`<a href="${to}">${words}</a>`;
  };

  function one(node: Node, depth: number): Html {
    if (depth > deepest) return html`${written(node)}`;
    switch (node.type) {
      case 'heading':
        return heading(node.depth, all(node.children, depth));
      case 'paragraph':
        return html`<p>${all(node.children, depth)}</p>`;
      case 'text':
        return html`${node.value}`;
      case 'html':
        return html`${node.value}`;
      case 'strong':
        return html`<strong>${all(node.children, depth)}</strong>`;
      case 'emphasis':
        return html`<em>${all(node.children, depth)}</em>`;
      case 'delete':
        return html`<del>${all(node.children, depth)}</del>`;
      case 'inlineCode':
        return html`<code>${node.value}</code>`;
      case 'code':
        return html`<div class="code"><pre tabindex="0"><code>${node.value}</code></pre></div>`;
      case 'break':
        return html`<br>`;
      case 'thematicBreak':
        return html`<hr>`;
      case 'blockquote':
        return html`<blockquote>${all(node.children, depth)}</blockquote>`;
      case 'list':
        return node.ordered
          ? html`<ol${node.start != null && node.start !== 1 && html` start="${node.start}"`}>${node.children.map((item) => listItem(item, node.spread ?? false, depth))}</ol>`
          : html`<ul>${node.children.map((item) => listItem(item, node.spread ?? false, depth))}</ul>`;
      case 'table':
        return table(node, depth);
      case 'link':
        return linked(node.url, all(node.children, depth), written(node));
      case 'linkReference':
        return linked(definitions.get(node.identifier), all(node.children, depth), written(node));
      case 'image':
        return linked(node.url, node.alt || node.url, written(node));
      case 'imageReference':
        return linked(definitions.get(node.identifier), node.alt || node.identifier, written(node));
      case 'definition':
        return html``;
      default:
        return html`${written(node)}`;
    }
  }

  function listItem(item: Of<'list'>['children'][number], spread: boolean, depth: number): Html {
    const box =
      item.checked == null
        ? null
        : html`<span class="box" role="img" aria-label="${item.checked ? 'done' : 'open'}">${item.checked ? '☑' : '☐'}</span> `;
    const inside = item.children.map((child) =>
      child.type === 'paragraph' && !spread ? html`${all(child.children, depth + 1)}` : one(child, depth + 1),
    );
    return html`<li${box !== null && html` class="task"`}>${box}${inside}</li>`;
  }

  function table({ children: [head, ...rows] }: Of<'table'>, depth: number): Html {
    return html`<div class="wide"><table><thead><tr>${head?.children.map((cell) => html`<th>${all(cell.children, depth)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.children.map((cell) => html`<td>${all(cell.children, depth)}</td>`)}</tr>`)}</tbody></table></div>`;
  }

  return html`${all(root.children, 0)}`;
}

function heading(depth: 1 | 2 | 3 | 4 | 5 | 6, words: Html[]): Html {
  switch (depth) {
    case 1:
      return html`<h1>${words}</h1>`;
    case 2:
      return html`<h2>${words}</h2>`;
    case 3:
      return html`<h3>${words}</h3>`;
    default:
      return html`<h4>${words}</h4>`;
  }
}
