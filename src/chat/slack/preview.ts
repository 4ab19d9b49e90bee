import type { Card } from '../../messages/card.js';
import { type Html, html } from '../web/html.js';
import type { Leaf, PlainText, RichElement, SlackBlock, SlackMessage, TimeText } from './blocks.js';
import { pressed } from './buttons.js';
import type { Known } from './inline.js';
import { jsonLength } from './pieces.js';
import { renderCard } from './render.js';
import { slackProblems } from './validate.js';

/** Everybody and every channel is known, so that mentions and links to channels can be seen. */
const everybody: Known = { user: () => 'U0PREVIEW', channel: () => 'C0PREVIEW' };

/** What Slack would refuse these messages for, with the message's place among them. */
export const slackCardProblems = (card: Card): string[] =>
  renderCard(card, everybody).flatMap((message, index) =>
    slackProblems(message).map((problem) => `message ${index + 1}, ${problem}`),
  );

/** About how Slack shows a card; its buttons lead nowhere. Below each message its size and what is wrong with it. */
export const previewCard = (card: Card): Html => html`${renderCard(card, everybody).map(messageHtml)}`;

export const slackStyle = `
.slack { font: 15px/1.46 Lato, "Helvetica Neue", Arial, sans-serif; color: #1d1c1d; background: #fff; }
.slack p, .slack pre, .slack ul, .slack ol, .slack blockquote { margin: 4px 0; overflow-wrap: anywhere; white-space: pre-wrap; }
.slack h3 { font-size: 18px; margin: 4px 0 8px; overflow-wrap: anywhere; } .slack code { color: #c01343; border: 1px solid #ddd; background: #f8f8f8; }
.slack pre { border: 1px solid #ddd; border-radius: 4px; padding: 8px; background: #f8f8f8; font-size: 12px; }
.slack blockquote { border-left: 4px solid #ddd; padding-left: 12px; } .slack .small { color: #616061; font-size: 13px; display: flex; gap: 6px; flex-wrap: wrap; }
.slack .call { background: #fff3cc; color: #1264a3; } .slack .acts { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.slack .act { border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-size: 13px; font-weight: 700; }
.slack .act.primary { background: #007a5a; color: #fff; } .slack .act.danger { background: #e01e5a; color: #fff; }
.slack .verdict { border-top: 1px dashed #ddd; margin: 10px 0 0; padding-top: 6px; font: 12px/1.4 monospace; color: #616061; overflow-wrap: anywhere; }`;

function messageHtml(message: SlackMessage): Html {
  const problems = slackProblems(message);
  const { blocks } = message;
  return html`<div>${blocks.map(blockHtml)}<p class="verdict">${blocks.length} blocks, ${jsonLength(blocks)} characters of JSON: ${problems.length === 0 ? 'valid' : html`<span class="problem">${problems.join(' · ')}</span>`}
Notification: ${message.text}</p></div>`;
}

function blockHtml(block: SlackBlock): Html {
  switch (block.type) {
    case 'header':
      return html`<h3>${block.text.text}</h3>`;
    case 'rich_text':
      return html`${block.elements.map(richHtml)}`;
    case 'context':
      return html`<p class="small">${block.elements.map((each) => html`<span>${smallText(each)}</span>`)}</p>`;
    case 'actions':
      return html`<div class="acts">${block.elements.map(
        ({ text, style, value }) =>
          html`<span class="act ${style}" title="${pressed(value)?.command}">${text.text}</span>`,
      )}</div>`;
    case 'divider':
      return html`<hr>`;
  }
}

const smallText = (object: PlainText | TimeText): string =>
  object.type === 'plain_text' ? object.text : (/\|([^|>]*)>/.exec(object.text)?.[1] ?? object.text);

function richHtml(element: RichElement): Html {
  switch (element.type) {
    case 'rich_text_section':
      return html`<p>${element.elements.map(leafHtml)}</p>`;
    case 'rich_text_quote':
      return html`<blockquote>${element.elements.map(leafHtml)}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre>${element.elements.map(leafHtml)}</pre>`;
    case 'rich_text_list': {
      const items = element.elements.map((item) => html`<li>${item.elements.map(leafHtml)}</li>`);
      return element.style === 'ordered'
        ? html`<ol start="${(element.offset ?? 0) + 1}">${items}</ol>`
        : html`<ul>${items}</ul>`;
    }
  }
}

function leafHtml(leaf: Leaf): Html {
  const plain = html`${wordsOf(leaf)}`;
  const coded = leaf.style?.code ? html`<code>${plain}</code>` : plain;
  const leaning = leaf.style?.italic ? html`<em>${coded}</em>` : coded;
  return leaf.style?.bold ? html`<b>${leaning}</b>` : leaning;
}

function wordsOf(leaf: Leaf): Html {
  switch (leaf.type) {
    case 'text':
      return html`${leaf.text}`;
    case 'link':
      return html`<a href="${leaf.url}" rel="noopener noreferrer">${leaf.text}</a>`;
    case 'user':
      return html`<span class="call">@${leaf.user_id}</span>`;
    case 'channel':
      return html`<span class="call">#${leaf.channel_id}</span>`;
    case 'date':
      return html`${leaf.fallback}`;
  }
}
