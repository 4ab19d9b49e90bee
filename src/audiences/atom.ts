import { createHash } from 'node:crypto';
import { type Html, html } from '../chat/web/html.js';
import type { Notice } from '../messages/notice.js';
import { publicPage, statusPage } from './audience.js';
import { cardHtml, subjectOf } from './mail.js';

export interface Feed {
  publicUrl: string;
  /** null: of all services. */
  service: string | null;
  /** Newest first. */
  notices: readonly Notice[];
  /** What people published. */
  everybody?: boolean;
}

/** What XML cannot hold is gone from a card's text already, but for these. */
const unfit = /[\uFFFE\uFFFF]/g;

/** An Atom 1.0 document (RFC 4287). The same notices give the same text, whenever it is asked for. */
export function atomFeed({ publicUrl, service, notices, everybody = false }: Feed): string {
  const self = `${publicUrl}${everybody ? '/public' : ''}/feed.atom${service === null ? '' : `?service=${encodeURIComponent(service)}`}`;
  const title = service === null ? 'Incidents' : `Incidents: ${service}`;
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${urn('feed', publicUrl, everybody ? '@everybody' : (service ?? ''))}</id>
<title>${title}</title>
<updated>${time(notices[0]?.at ?? 0)}</updated>
<author><name>Muster</name></author>
<link rel="self" type="application/atom+xml" href="${self}"/>
<generator>Muster</generator>
${notices.map((notice) => entry(notice, publicUrl))}</feed>
`
    .toString()
    .replace(unfit, '');
}

function entry(notice: Notice, publicUrl: string): Html {
  const { incidentId, seq, at, kind, severity, services, card, number } = notice;
  return html`<entry>
<id>${urn('notice', incidentId, String(seq), String(at))}</id>
<title>${subjectOf(notice)}</title>
<updated>${time(at)}</updated>
<published>${time(at)}</published>
<link rel="alternate" type="text/html" href="${(kind === 'published' ? publicPage : statusPage)(publicUrl, number)}"/>
<category term="${severity}"/>
${services.map((service) => html`<category term="${service}"/>`)}
<content type="html">${cardHtml(card).toString()}</content>
</entry>
`;
}

const time = (at: number): string => new Date(at).toISOString();

/** Never changes for the same thing, wherever Muster moves. A UUID of the kind that is made from names. */
function urn(...of: string[]): string {
  const hex = createHash('sha256').update(of.join('\n')).digest('hex');
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
