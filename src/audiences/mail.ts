import { type Html, html } from '../chat/web/html.js';
import type { AudienceKind } from '../incident/state.js';
import type { Block, Card, Inline } from '../messages/card.js';
import { inZone } from '../messages/inlines.js';
import { saidLate } from '../messages/late.js';
import { literal } from '../messages/literal.js';
import type { Notice } from '../messages/notice.js';
import { inlineText, plainText } from '../messages/plain.js';
import { type MailServer, publicPage, statusPage } from './audience.js';

/** A mail ready to be written out. Every header is one line whatever a title says. */
export interface Mail {
  from: MailServer['from'];
  to: string;
  subject: string;
  messageId: string;
  /** The Message-ID of the incident's first mail; null: this is it. */
  inReplyTo: string | null;
  /** When it happened, so that every try writes the same. */
  date: Date;
  headers: Record<string, string>;
  text: string;
  html: string;
}

export interface MailParts {
  from: MailServer['from'];
  audience: string;
  /** Of the audience. */
  kind?: AudienceKind;
  /** Of somebody who gets it because they asked for it: what about, how it ends, and where they are. */
  subscriber?: { about: string; unsubscribe: string; zone: string | null };
  publicUrl: string;
  now: number;
}

const subjectAtMost = 150;

/**
 * One notice for one address. The Message-ID follows from the event and its time alone: a repeat has the same one, and
 * so has the copy for somebody in two audiences, which mail programs then show once.
 */
export function mailOf(notice: Notice, to: string, parts: MailParts): Mail {
  const { from, audience, publicUrl, now, kind = 'stakeholders', subscriber } = parts;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const thread = `${everybodyOf(notice)}${idOf(notice.incidentId)}`;
  const first = `<incident.${thread}@${domain}>`;
  const begins = notice.kind === 'published' ? notice.update?.number === 1 : notice.kind === 'declared';
  const told = kind === 'executives' ? (notice.brief ?? notice.card) : notice.card;
  const card = inZone(withoutButtons(saidLate(told, { at: notice.at, now })), subscriber?.zone ?? null);
  const where = (kind === 'public' ? publicPage : statusPage)(publicUrl, notice.number);
  const facts = [`#${notice.number}`, notice.severity, notice.status, ...notice.services].join(' · ');
  const why = subscriber
    ? `You get this because you subscribed to ${subscriber.about}. Nobody reads replies. No more of it: ${subscriber.unsubscribe}`
    : `You get this because this address is in the audience ${audience}. Nobody reads replies.`;
  return {
    from,
    to,
    subject: subjectOf(notice),
    messageId: begins ? first : `<incident.${thread}.${notice.seq}.${notice.at.toString(36)}@${domain}>`,
    inReplyTo: begins ? null : first,
    date: new Date(notice.at),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': `<${subscriber ? 'subscriptions' : audience}.muster.${domain}>`,
      ...(subscriber && {
        'List-Unsubscribe': `<${subscriber.unsubscribe}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
    text: `${plainText(card)}\n\n-- \n${facts}\n${where}\n${why}\n`,
    html: html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${subjectOf(notice)}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.45;max-width:42em">
${card.blocks.map(blockHtml)}
<hr><p style="color:#555"><small>${facts}<br><a href="${where}">${where}</a><br>${why}</small></p>
</body></html>`.toString(),
  };
}

/** `[sev1] #12 Registry: pushes fail (investigating)` */
export const subjectOf = ({ severity, number, title, status }: Notice): string =>
  `[${severity}] #${number} ${literal(title, subjectAtMost)} (${status})`;

/** What is told to everybody is a thread of its own. */
const everybodyOf = ({ kind }: Notice): string => (kind === 'published' ? 'public.' : '');

const idOf = (incidentId: string): string => incidentId.replace(/[^A-Za-z0-9-]/g, '-');

/** Commands are for chat. */
const withoutButtons = (card: Card): Card => ({
  ...card,
  blocks: card.blocks.filter(({ kind }) => kind !== 'buttons'),
});

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'heading':
      return html`<h2>${inlines(block.content)}</h2>`;
    case 'paragraph':
      return html`<p>${inlines(block.content)}</p>`;
    case 'note':
      return html`<p><small>${inlines(block.content)}</small></p>`;
    case 'list': {
      const items = block.items.map((item) => html`<li>${inlines(item)}</li>`);
      return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
    case 'code':
      return html`<pre>${block.text}</pre>`;
    case 'quote':
      return html`<blockquote>${inlines(block.content)}</blockquote>`;
    case 'fields':
      return html`<p>${block.fields.map(({ label, value }) => html`<b>${label}:</b> ${inlines(value)}<br>`)}</p>`;
    case 'divider':
      return html`<hr>`;
    case 'buttons':
      return html``;
  }
}

const inlines = (content: readonly Inline[]): Html[] => content.map(inlineHtml);

function inlineHtml(inline: Inline): Html {
  switch (inline.kind) {
    case 'strong':
      return html`<strong>${inlines(inline.children)}</strong>`;
    case 'emphasis':
      return html`<em>${inlines(inline.children)}</em>`;
    case 'code':
      return html`<code>${inline.text}</code>`;
    case 'link':
      return html`<a href="${inline.href}">${inline.text}</a>`;
    default:
      return html`${inlineText([inline])}`;
  }
}

/** The same words as HTML, for the feed. */
export const cardHtml = (card: Card): Html => html`${withoutButtons(card).blocks.map(blockHtml)}`;
