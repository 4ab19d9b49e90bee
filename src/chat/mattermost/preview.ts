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

export const mattermostStyle = `
.mattermost { font: 14px/1.45 "Open Sans", Arial, sans-serif; color: #3f4350; background: #fff; overflow-wrap: anywhere; }
.mattermost p, .mattermost pre, .mattermost ul, .mattermost ol { margin: 0 0 8px; } .mattermost pre { white-space: pre-wrap; padding: 8px; background: #f4f5f7; }
.mattermost h3 { font-size: 17px; margin: 4px 0 8px; } .mattermost article + article { border-top: 1px solid #e3e5e9; padding-top: 8px; margin-top: 8px; }
.mattermost .attachment { border: 1px solid #e3e5e9; border-left-width: 4px; border-radius: 4px; padding: 10px 12px; margin: 4px 0; }
.mattermost .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 0 16px; } .mattermost .long { grid-column: 1 / -1; }
.mattermost .fields b p { margin: 0; } .mattermost .acts { display: flex; flex-wrap: wrap; gap: 8px; }
.mattermost .act { border: 1px solid #1c58d9; border-radius: 4px; padding: 3px 10px; color: #1c58d9; background: #fff; font: 600 12px/1.5 inherit; }
.mattermost .act.danger { border-color: #d24b4e; color: #d24b4e; } .mattermost .note { color: #6c6f7a; font-size: 12px; }`;

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
    ({ color, text, fields, actions }) => html`<div class="attachment" style="border-left-color: ${color ?? '#dde1e9'}">
${text !== undefined && markdown(text)}
${fields && html`<div class="fields">${fields.map(({ title, value, short }) => html`<div${!short && html` class="long"`}><b>${markdown(title)}</b>${markdown(value)}</div>`)}</div>`}
${actions && html`<div class="acts">${actions.map(({ name, style }) => html`<span class="act${style !== undefined && html` ${style}`}">${name}</span>`)}</div>`}
</div>`,
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
