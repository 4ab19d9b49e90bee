import { frame } from '../chat/web/frame.js';
import { type Html, html, type Part } from '../chat/web/html.js';
import { isAcknowledged, pagingOf } from '../incident/escalation.js';
import { type Incident, isOpen } from '../incident/state.js';
import { literal } from '../messages/literal.js';
import { formatTime } from '../messages/zones.js';

export interface AckView {
  nonce: string;
  /** Whom the link is for. */
  person: { personId: string; name: string };
  /** null: there is none, or it is not theirs to read of. */
  incident: Incident;
  names: ReadonlyMap<string, string>;
  /** Where the buttons lead. */
  action: string;
  now: number;
  /** Why nothing was done just now; null: all is well. */
  refused: string | null;
}

const alone = (nonce: string, title: string, body: Part): Html =>
  frame({ title, nonce }, html`<main class="alone ack"><div>${body}</div></main>`);

/** How it stands, in as few words as can be read at night. */
function standing({ incident, person, names, now }: AckView): Part {
  const { acknowledgedAt, acknowledgedBy, status } = incident;
  const who =
    acknowledgedBy === null
      ? 'Somebody'
      : acknowledgedBy === person.personId
        ? 'You'
        : literal(names.get(acknowledgedBy) ?? acknowledgedBy, 80);
  const when = (at: number) => formatTime(at, 'UTC', now - at < 12 * 3_600_000 ? 'clock' : 'date');
  const acknowledged = acknowledgedAt === null ? '' : `${who} acknowledged at ${when(acknowledgedAt)}.`;
  const over = isOpen(incident) ? '' : ` It is ${status}.`;
  return html`${acknowledged}${over}`;
}

/** One incident for one person who was called: what it is, and one button. A mere look does nothing. */
export function ackPage(view: AckView): Html {
  const { nonce, incident, person, action, refused } = view;
  const { number, severity, title, drill, roles } = incident;
  const rings = pagingOf(incident).ringing.some(({ personId }) => personId === person.personId);
  const owed = isOpen(incident) && (!isAcknowledged(incident) || rings);
  const commander = roles.commander ?? null;
  const button = (act: 'ack' | 'take', label: string, style: string) =>
    html`<form method="post" action="${action}"><input type="hidden" name="act" value="${act}"><button class="button big ${style}">${label}</button></form>`;
  return alone(
    nonce,
    `#${number} ${severity}`,
    html`<p class="tag tone-${severity}">${drill && 'Drill · '}${severity} · #${number}</p>
<h1>${literal(title, 200)}</h1>
<p>${standing(view)}</p>
${refused !== null && html`<p class="problem" role="alert">${refused}</p>`}
${owed && button('ack', 'Acknowledge', 'primary')}
${isOpen(incident) && commander === null && button('take', 'Take command', owed ? '' : 'primary')}
${isOpen(incident) && commander === person.personId && html`<p>You command it.</p>`}
<p><a href="/incidents/${number}">Open the incident</a></p>
<p class="note">You act as ${literal(person.name, 80)}. If you are somebody else, close this page.</p>`,
  );
}

/** Too old, or never good: it says no word of any incident. */
export const deadAckPage = (nonce: string): Html =>
  alone(
    nonce,
    'This link does not work',
    html`<h1>This link does not work</h1>
<p>It is too old, or not whole. If you were called just now, take the newest message, or acknowledge in chat: <code>/incident ack</code></p>
<p><a href="/">Open Muster</a></p>`,
  );
