import type { TimelineEvent } from '../incident/events.js';
import type { Actor, Role } from '../incident/state.js';
import { formatDuration, formatTime } from '../messages/zones.js';

/** Names by personId. Somebody unknown is shown by their id. */
export type Names = ReadonlyMap<string, string>;

export const nameOf = (personId: string, names: Names): string => names.get(personId) ?? personId;
export const actorName = (actor: Actor, names: Names): string =>
  actor.kind === 'person' ? nameOf(actor.personId, names) : actor.name;

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
const list = (words: readonly string[]): string => (words.length > 0 ? `: ${words.join(', ')}` : '');
const because = (reason: string | null): string => (reason ? `, because ${reason}` : '');
const said = (text: string | null): string => (text ? `: ${text}` : '');
const late = (lateMs: number): string => (lateMs >= 60_000 ? `, ${formatDuration(lateMs)} late` : '');
const step = (index: number): string => `step ${index + 1}`;
/** Where the walk went, when not to the next step on the page. */
const passing = ({ index, next }: { index: number; next: number | null }): string =>
  next === null || next === index + 1 ? '' : `; went to ${step(next)}`;
const typeWords = (type: string): string => type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/**
 * One short line in plain words, without time. It holds what people and alerts wrote, so it is literal text: escape it
 * or put it into a text node. An erased event says `[redacted]`.
 */
export function describe(event: TimelineEvent, names: Names): string {
  const who = actorName(event.actor, names);
  // Whatever is left in the body: nothing of it is shown.
  if (event.redacted) return `${who}, ${typeWords(event.type)}: [redacted]`;
  switch (event.type) {
    case 'triaged':
      return `Put in the triage queue as ${event.body.severity}, because ${event.body.severityReason}`;
    case 'declared': {
      const from = event.body.opening ? '' : ' from the triage queue';
      return `${who} declared incident ${event.body.number}${from} as ${event.body.severity}, because ${event.body.severityReason}`;
    }
    case 'snoozed':
      return `${who} snoozed it until ${formatTime(event.body.until)}${because(event.body.reason)}`;
    case 'snoozeEnded':
      return 'The snooze ended';
    case 'dismissed':
      return event.body.automatic
        ? `Dismissed by itself${because(event.body.reason)}`
        : `${who} dismissed it${because(event.body.reason)}`;
    case 'alertsAttached':
      return `${count(event.body.count, 'alert')} came, ${event.body.firing} firing${list(event.body.names)}`;
    case 'alertsResolved':
      return `${count(event.body.count, 'alert')} cleared${list(event.body.names)}`;
    case 'acknowledged':
      return `${who} acknowledged`;
    case 'acknowledgeMissed':
      return `Nobody acknowledged by ${formatTime(event.body.dueAt)}`;
    case 'severityChanged':
      return `${who} changed the severity from ${event.body.from} to ${event.body.to}${because(event.body.reason)}`;
    case 'severityProposed':
      return `${who} proposed ${event.body.to}${because(event.body.reason)}`;
    case 'statusChanged':
      return `${who} changed the status from ${event.body.from} to ${event.body.to}${because(event.body.reason)}`;
    case 'statusProposed':
      return `${who} proposed ${event.body.to}${because(event.body.reason)}`;
    case 'roleAssigned':
      return roleAssigned(who, event.body, names);
    case 'responderJoined':
      return `${nameOf(event.body.personId, names)} joined`;
    case 'impactStated':
      return `${who} stated the impact${said(event.body.text)}`;
    case 'noted':
      return `${who} noted${said(event.body.text)}`;
    case 'playbookAttached':
      return `Playbook ${event.body.title} chosen${because(event.body.reason)}`;
    case 'walkStarted':
      return `${who} started the playbook at ${step(event.body.index)}`;
    case 'stepDone':
      return `${who} finished ${step(event.body.index)}${said(event.body.evidence)}${passing(event.body)}`;
    case 'stepSkipped':
      return `${who} skipped ${step(event.body.index)}${because(event.body.reason)}${passing(event.body)}`;
    case 'stepFailed':
      return `${who} reported that ${step(event.body.index)} failed${said(event.body.what)}${event.body.branch && event.body.next !== null ? `; went to ${step(event.body.next)}` : ''}`;
    case 'steppedBack':
      return `${who} went back to ${step(event.body.to)}`;
    case 'updatePosted': {
      const { number, automatic, text, lateMs, impact } = event.body;
      return automatic
        ? `Status update ${number}, automatic${late(lateMs)}${said(impact && `impact as last stated: ${impact.text}`)}`
        : `${who} posted status update ${number}${late(lateMs)}${said(text)}`;
    }
    case 'updateWarned':
      return `Warned that a status update was due at ${formatTime(event.body.dueAt)}`;
    case 'updateMissed':
      return `No person's status update came by ${formatTime(event.body.dueAt)}; automatic ones stopped`;
    case 'followUpAdded':
      return `${who} added follow-up ${event.body.id}${said(event.body.text)}`;
    case 'resolved':
      return `${who} resolved it${said(event.body.summary)}`;
    case 'reopened':
      return `${who} reopened it${because(event.body.reason)}`;
    case 'closed':
      return `${event.body.automatic ? 'Closed by itself, every alert had cleared' : `${who} closed it`}${event.body.openSteps.length > 0 ? `, ${count(event.body.openSteps.length, 'step')} left open` : ''}`;
    case 'postmortemDrafted':
      return `Postmortem drafted, version ${event.body.version}`;
    case 'channelOpened':
      return `Channel ${event.body.name} opened on ${event.body.platform}`;
    case 'invited':
      return `${event.body.people.map((id) => nameOf(id, names)).join(', ') || 'Nobody'} invited on ${event.body.platform}${event.body.unknown.length > 0 ? `; not known there: ${event.body.unknown.map((id) => nameOf(id, names)).join(', ')}` : ''}`;
    case 'deliveryFailed':
      return `A message could not be delivered (${event.body.what})${said(event.body.error)}`;
    case 'policyAdopted':
      return `${who} adopted the rules of today for this incident`;
    case 'redacted':
      return `${who} erased what event ${event.body.seq} said${because(event.body.reason)}`;
  }
}

function roleAssigned(
  who: string,
  body: { role: Role; personId: string; previous: string | null },
  names: Names,
): string {
  const taker = nameOf(body.personId, names);
  const from = body.previous === null ? '' : `, after ${nameOf(body.previous, names)}`;
  return who === taker
    ? `${who} took the role of ${body.role}${from}`
    : `${who} gave ${taker} the role of ${body.role}${from}`;
}
