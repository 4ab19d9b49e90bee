import type { MailServer } from '../audiences/audience.js';
import type { Mail } from '../audiences/mail.js';
import { html } from '../chat/web/html.js';
import { type Page, pageWords } from './page.js';

/** One mail for one call: a repeat has the same Message-ID. @param key of its job */
export function pageMail(page: Page, key: string, to: string, from: MailServer['from']): Mail {
  const { title, text } = pageWords(page);
  const { link, lastsMs, incident, person, publicUrl } = page;
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const how =
    link === null
      ? null
      : `The link acknowledges as ${person.name}, after one press, for ${Math.round(lastsMs / 3_600_000)} hours. Do not pass it on.`;
  const where = incident?.number == null ? null : `${publicUrl}/incidents/${incident.number}`;
  return {
    from,
    to,
    subject: title,
    messageId: `<${key.replace(/[^A-Za-z0-9.-]/g, '-')}@${domain}>`,
    inReplyTo: null,
    date: new Date(page.now),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // What mail programs show as urgent.
      Importance: 'high',
      'X-Priority': '1',
    },
    text: `${[title, text, link, how, where].filter((part) => part !== null).join('\n\n')}\n`,
    html: html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.45;max-width:42em">
<p><b>${title}</b></p>
<p>${text}</p>
${link !== null && html`<p><a href="${link}" style="display:inline-block;padding:14px 22px;border-radius:8px;background:#b3261e;color:#fff;text-decoration:none;font-weight:600">Acknowledge</a></p>`}
${how !== null && html`<p><small>${how}</small></p>`}
${where !== null && html`<p><a href="${where}">${where}</a></p>`}
</body></html>`.toString(),
  };
}
