import { html } from '../chat/web/html.js';
import { type Away, holderOf, type Incident } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { capital, placeName } from '../messages/outage-cards.js';
import { formatTime } from '../messages/zones.js';
import type { MailServer, PushAddress } from './audience.js';
import type { Mail } from './mail.js';

/** What somebody has to know to find their way to an incident whose chat is down. */
export interface WayIn {
  incident: Incident;
  away: Away;
  person: { personId: string; name: string };
  /** Where to go. */
  link: string;
  /** How long the link signs them in; null: nobody signs in here. */
  lastsMs: number | null;
  /** What the incident is called may be read on the way. */
  titled: boolean;
  now: number;
}

const titleAtMost = 150;

function sentences({ incident, away, person, lastsMs, titled }: WayIn) {
  const { number, severity, status, title, drill } = incident;
  const home = placeName(away.platform);
  const what = away.of === 'platform' ? `${capital(home)} cannot be reached` : `The channel on ${home} cannot be used`;
  const commander = holderOf(incident, 'commander');
  return {
    subject: `${drill ? 'Drill: ' : ''}[${severity}] #${number}${titled ? ` ${literal(title, titleAtMost)}` : ''}: ${what}`,
    what: `${what} since ${formatTime(away.since, 'UTC', 'date')}. ${drill ? 'Drill: incident' : 'Incident'} #${number} (${severity}, ${status}) goes on in ${placeName(away.standIn)}.`,
    title: titled ? literal(title, titleAtMost) : null,
    you:
      commander === person.personId
        ? 'You command it.'
        : commander === null
          ? 'You are on call for it, and nobody commands it yet.'
          : 'You are on call for it.',
    how:
      lastsMs === null
        ? null
        : `It signs you in as ${literal(person.name, 80)}, once, within ${Math.round(lastsMs / 60_000)} minutes, and asks for one click. Do not pass it on.`,
    todo: `Go on there: /incident works as in chat. What is said there is told in ${home} when that is back.`,
  };
}

/** One mail for one person about one outage: a repeat has the same Message-ID. */
export function wayInMail(way: WayIn, to: string, from: MailServer['from']): Mail {
  const { incident, away, person, link } = way;
  const { subject, what, title, you, how, todo } = sentences(way);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const id = [incident.id, 'way-in', away.seq, person.personId].join('.').replace(/[^A-Za-z0-9.-]/g, '-');
  const lines = [what, title, you].filter((line) => line !== null);
  return {
    from,
    to,
    subject,
    messageId: `<incident.${id}@${domain}>`,
    inReplyTo: null,
    date: new Date(way.now),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    text: `${[lines.join('\n'), link, how, todo].filter((part) => part !== null).join('\n\n')}\n`,
    html: html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${subject}</title></head>
<body style="font-family:system-ui,sans-serif;line-height:1.45;max-width:42em">
<p>${what}</p>
${title !== null && html`<p><b>${title}</b></p>`}
<p>${you}</p>
<p><a href="${link}">Open incident #${incident.number}</a></p>
${how !== null && html`<p><small>${how}</small></p>`}
<p>${todo}</p>
</body></html>`.toString(),
  };
}

/** The body of a call, in the words of ntfy and of Gotify at once. It shows on a locked screen: it has no title. */
export function wayInPush(way: WayIn, { topic }: PushAddress): object {
  const { what, you, subject } = sentences({ ...way, titled: false });
  return {
    ...(topic !== null && { topic }),
    title: subject,
    message: `${what} ${you}`,
    priority: 5,
    click: way.link,
    extras: { 'client::notification': { click: { url: way.link } } },
  };
}
