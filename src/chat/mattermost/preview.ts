import type { Card } from '../../messages/card.js';
import { type Html, html } from '../web/html.js';
import { jsonSize, type Post } from './post.js';
import { type Read, readMarkdown } from './read.js';
import { renderCard } from './render.js';
import { crowdsOf, problemsOf } from './validate.js';

const around = {
  actionUrl: 'https://muster.example.com/chat/mattermost/actions',
  context: () => ({ signature: '0'.repeat(64) }),
  username: (personId: string) => personId,
  channelName: () => null,
};

const problemsIn = (posts: readonly Post[]): string[] => [
  ...problemsOf(posts),
  ...crowdsOf(posts).map((crowd) => `${crowd} is called`),
];

/** What the server would refuse a card for, and the crowds it would call. */
export const mattermostCardProblems = (card: Card): string[] => problemsIn(renderCard(card, around));

/** About how the posts of a card look there; their sizes, and what the server would say against them. */
export function previewCard(card: Card): Html {
  const posts = renderCard(card, around);
  const problems = problemsIn(posts);
  return html`${posts.map(shown)}<p class="note">${posts.map(sizes).join('; ')}. ${problems.length === 0 ? 'Valid.' : problems.join('; ')}</p>`;
}

const sizes = ({ message, props }: Post): string =>
  `message ${message.length} characters, props ${props.attachments ? jsonSize(props) : 0}`;

const shown = ({ message, props }: Post): Html =>
  html`<article>${markdown(message)}${(props.attachments ?? []).map(
    ({ color, text, fields, actions }) => html`<blockquote style="border-left: 4px solid ${color ?? '#dde1e9'}">
${text !== undefined && markdown(text)}
${fields && html`<dl>${fields.map(({ title, value }) => html`<div><dt>${markdown(title)}</dt><dd>${markdown(value)}</dd></div>`)}</dl>`}
${actions && html`<div class="buttons">${actions.map(({ name, style }) => html`<button type="button" class="button${style !== undefined && html` ${style}`}">${name}</button>`)}</div>`}
</blockquote>`,
  )}</article>`;

const markdown = (text: string): Html => node(readMarkdown(text));

function node({ type, value = '', url = '', ordered, start, children = [] }: Read): Html {
  const inner = children.map(node);
  switch (type) {
    case 'heading':
      return html`<h3>${inner}</h3>`;
    case 'paragraph':
      return html`<p>${inner}</p>`;
    case 'blockquote':
      return html`<blockquote>${inner}</blockquote>`;
    case 'list':
      return ordered ? html`<ol start="${start ?? 1}">${inner}</ol>` : html`<ul>${inner}</ul>`;
    case 'listItem':
      return html`<li>${inner}</li>`;
    case 'thematicBreak':
      return html`<hr>`;
    case 'code':
      return html`<div class="code"><pre><code>${value}</code></pre></div>`;
    case 'inlineCode':
      return html`<code>${value}</code>`;
    case 'strong':
      return html`<strong>${inner}</strong>`;
    case 'emphasis':
      return html`<em>${inner}</em>`;
    case 'link':
      return html`<a href="${url}">${inner}</a>`;
    case 'text':
      return html`${value}`;
    default:
      return html`${inner}`;
  }
}
