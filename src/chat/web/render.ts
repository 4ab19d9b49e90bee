import type { Block, Button, Card, Inline } from '../../messages/card.js';
import { inlineText } from '../../messages/plain.js';
import { destinationKey } from '../platform.js';
import { type Html, html, type Part } from './html.js';
import type { Message } from './store.js';

/** For whom and when; `newId` makes the id a button's next press is known by. */
export interface Reading {
  personId: string;
  now: number;
  newId: () => string;
  /** Where buttons act: the channel they are shown in, by id. null: none. */
  channel: string | null;
  /** What people say there can be kept on a timeline. */
  keeps?: boolean;
  /** A line for a shell that sends a first alert, where one may be shown. */
  firstAlert?: string | null;
  /** Jobs that wait since a restore. */
  held?: number;
  /** People sign in here, rather than say a name. */
  signedIn?: boolean;
}

export function renderCard(card: Card, reading: Reading): Html {
  return html`<div class="card tone-${card.tone}">${card.blocks.map((block) => renderBlock(block, reading))}</div>`;
}

function renderBlock(block: Block, reading: Reading): Html {
  switch (block.kind) {
    case 'heading':
      return html`<h3>${headingWords(block.content, reading)}</h3>`;
    case 'paragraph':
      return html`<p>${inlines(block.content, reading)}</p>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${inlines(item, reading)}</li>`);
      return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'code':
      return html`<div class="code"><pre tabindex="0"><code>${block.text}</code></pre><button type="button" class="copy" data-copy hidden>Copy</button></div>`;
    case 'quote':
      return html`<blockquote>${inlines(block.content, reading)}</blockquote>`;
    case 'fields':
      return html`<dl>${block.fields.map((field) => renderField(field, reading))}</dl>`;
    case 'note':
      return html`<p class="note">${inlines(block.content, reading)}</p>`;
    case 'buttons':
      return html`<div class="buttons">${block.buttons.map((button) => renderButton(button, reading))}</div>`;
    case 'divider':
      return html`<hr>`;
  }
}

/** A value longer than this has a row of its own. */
const longValue = 110;

type Field = Extract<Block, { kind: 'fields' }>['fields'][number];
const wantsToBeSeen = ({ value }: Field): boolean => value[0]?.kind === 'strong';

function renderField(field: Field, reading: Reading): Html {
  const { label, value } = field;
  const looks = [
    ...(wantsToBeSeen(field) ? ['attention'] : []),
    ...(inlineText(value).length > longValue ? ['long'] : []),
  ];
  return html`<div${looks.length > 0 && html` class="${looks.join(' ')}"`}><dt>${label}</dt><dd>${inlines(value, reading)}</dd></div>`;
}

/** A severity among the words of a heading stands out as one. */
const headingWords = (content: readonly Inline[], reading: Reading): Part[] =>
  content.map((inline) => {
    const severity = inline.kind === 'strong' ? severityOf(inlineText(inline.children)) : null;
    return severity === null ? renderInline(inline, reading) : chip(severity);
  });

const severityOf = (words: string): Card['tone'] | null =>
  words === 'sev1' || words === 'sev2' || words === 'sev3' ? words : null;

const inlines = (content: readonly Inline[], reading: Reading): Html[] =>
  content.map((inline) => renderInline(inline, reading));

function renderInline(inline: Inline, reading: Reading): Html {
  switch (inline.kind) {
    case 'text':
      return html`${inline.text}`;
    case 'strong':
      return html`<strong>${inlines(inline.children, reading)}</strong>`;
    case 'emphasis':
      return html`<em>${inlines(inline.children, reading)}</em>`;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'link':
      return /^https?:\/\//i.test(inline.href)
        ? html`<a href="${inline.href}" target="_blank" rel="noopener noreferrer">${inline.text}</a>`
        : html`${inline.text}`;
    case 'time':
      return renderTime(inline.at, inline.style, reading.now);
    case 'person':
      return inline.notify
        ? html`<span class="person${inline.personId === reading.personId && ' me'}">@${inline.name}</span>`
        : html`<b class="named">${inline.name}</b>`;
    case 'channel':
      return html`<a href="/chat/web/to/${encodeURIComponent(destinationKey(inline.channel))}">${inline.label}</a>`;
  }
}

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const clocks = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** Absolute UTC text for everybody; a relative time is counted down by the page's script. `day`: the date only when it is not today. */
export function renderTime(at: number, style: 'clock' | 'date' | 'relative' | 'day', now: number): Html {
  const clock = `${clocks.format(at)} UTC`;
  const sameDay = days.format(at) === days.format(now) && Math.abs(at - now) < 24 * 60 * 60_000;
  const dated = style === 'date' || ((style === 'day' || style === 'relative') && !sameDay);
  const text = dated ? `${days.format(at)} ${clock}` : clock;
  return html`<time datetime="${new Date(at).toISOString()}" title="${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC"${style === 'relative' && html` data-relative`}>${text}</time>`;
}

function renderButton(button: Button, reading: Reading): Html {
  const hidden = html`<input type="hidden" name="id" value="${reading.newId()}">
    <input type="hidden" name="text" value="${button.command}">
    ${reading.channel !== null && html`<input type="hidden" name="channel" value="${reading.channel}">`}
    ${button.incidentId !== undefined && html`<input type="hidden" name="incidentId" value="${button.incidentId}">`}`;
  const look = html`button${button.style !== undefined && html` ${button.style}`}`;
  if (button.input === undefined) {
    return html`<form method="post" action="/chat/web/command" data-act>${hidden}<button class="${look}">${button.label}</button></form>`;
  }
  const { label, placeholder, value, required } = button.input;
  return html`<details class="ask"><summary class="${look}">${button.label.replace(/\s*(…|\.\.\.)$/, '')}…</summary>
    <form method="post" action="/chat/web/command" data-act>${hidden}
      <label><span>${label}</span><input name="input" autocomplete="off" maxlength="2000" placeholder="${placeholder ?? ''}"${value !== undefined && html` value="${value}"`}${required && html` required`}></label>
      <button class="button primary">Send</button>
    </form></details>`;
}

/** One message of the flow; the pinned one is shown by the page itself. */
export function renderMessage(message: Message, reading: Reading): Html {
  const { author } = message;
  const name = author?.name ?? 'Muster';
  return html`<article class="message${author === null ? ' muster' : ''}${author?.personId === reading.personId && ' mine'}" id="m-${message.id}" data-position="${message.position}">
    <div class="face" aria-hidden="true">${author === null ? 'M' : initial(name)}</div>
    <div class="said">
      <header><b>${name}</b> ${renderTime(message.createdAt, 'day', reading.now)}${message.revision > 1 && html` <span class="edited">edited</span>`}${author !== null && reading.keeps === true && keepForm(message, reading)}</header>
      ${renderCard(message.card, reading)}
    </div>
  </article>`;
}

const keepForm = (message: Message, reading: Reading): Html =>
  html`<form class="keep" method="post" action="/chat/web/keep" data-act><input type="hidden" name="id" value="${reading.newId()}"><input type="hidden" name="channel" value="${message.channel}"><input type="hidden" name="message" value="${message.id}"><button title="Put it on the timeline, with the time it was said">Keep</button></form>`;

/** Title and facts, which can be folded away, and below them what asks for an act, which cannot. */
export function renderPinned(message: Message, reading: Reading): Html {
  const { tone, summary, blocks } = message.card;
  const at = message.editedAt ?? message.createdAt;
  const [first] = blocks;
  const title = first?.kind === 'heading' ? headingWords(first.content, reading) : [chip(tone), html` ${summary}`];
  const facts = blocks.findLastIndex(({ kind }) => kind === 'fields') + 1;
  const wanting = blocks.flatMap((block) => (block.kind === 'fields' ? block.fields.filter(wantsToBeSeen) : []));
  const shown = (some: readonly Block[]) => some.map((block) => renderBlock(block, reading));
  return html`<section class="pinned tone-${tone}" id="m-${message.id}" aria-label="Where it stands">
    <details class="facts" open>
      <summary><span>${title}</span>${wanting.map((field) => html`<span class="late">${field.label}: ${inlines(field.value, reading)}</span>`)}<span class="note">as of ${renderTime(at, 'day', reading.now)}</span></summary>
      <div class="card">${shown(blocks.slice(first?.kind === 'heading' ? 1 : 0, facts))}</div>
    </details>
    <div class="card now">${shown(blocks.slice(Math.max(facts, first?.kind === 'heading' ? 1 : 0)))}</div>
  </section>`;
}

/** An answer for one person. */
export function renderWhisper(card: Card, reading: Reading): Html {
  return html`<aside class="whisper${card.tone === 'warning' && ' refused'}" role="status" tabindex="-1">
    <header>Only you see this<button type="button" class="close" data-close hidden aria-label="Close">×</button></header>
    ${renderCard(card, reading)}
  </aside>`;
}

/** The severity in words and colour; nothing for a channel without one. */
export const chip = (tone: Card['tone']): Part =>
  tone === 'sev1' || tone === 'sev2' || tone === 'sev3'
    ? html`<span class="chip ${tone}">${tone}</span>`
    : tone === 'good' && html`<span class="chip good">done</span>`;

const initial = (name: string): string => ([...name.trim()][0] ?? '?').toUpperCase();
