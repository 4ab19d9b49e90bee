import type { EventBodies, EventType, TimelineEvent } from '../incident/events.js';
import type { Actor } from '../incident/state.js';
import { type Inline, strong, text } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { personInline } from '../messages/situation.js';

type Names = ReadonlyMap<string, string>;
type Words<T extends EventType> = (body: EventBodies[T], names: Names, by: Actor) => string | Inline[];

const kept = 200;
const quote = (value: string | null | undefined): string => (value ? `: “${literal(value, kept)}”` : '');
const alerts = (n: number): string => `${n} alert${n === 1 ? '' : 's'}`;
const list = (values: readonly string[]): string => literal(values.join(', '), kept);

/** What completes a sentence that begins with who did it. */
const words: { [T in EventType]: Words<T> } = {
  triaged: (body) => `put this into the triage queue${quote(body.title)}`,
  declared: (body) => `declared #${body.number}, ${body.severity}, because ${literal(body.severityReason, kept)}`,
  snoozed: (body) => `put it aside${quote(body.reason)}`,
  snoozeEnded: () => 'took it up again after the snooze',
  dismissed: (body) => `dismissed it${quote(body.reason)}`,
  alertsAttached: (body) => `attached ${alerts(body.count)}: ${list(body.names)}`,
  alertsResolved: (body) => `saw ${alerts(body.count)} clear: ${list(body.names)}`,
  acknowledged: () => 'acknowledged',
  acknowledgeMissed: () => 'saw that nobody had acknowledged in time',
  severityChanged: (body) => `changed ${body.from} to ${body.to}, because ${literal(body.reason, kept)}`,
  severityProposed: (body) => `proposed ${body.to}, because ${literal(body.reason, kept)}`,
  statusChanged: (body) => `changed the status from ${body.from} to ${body.to}${quote(body.reason)}`,
  statusProposed: (body) => `proposed ${body.to}, because ${literal(body.reason, kept)}`,
  roleAssigned: (body, names, by) =>
    by.kind === 'person' && by.personId === body.personId
      ? `took the role of ${body.role}`
      : [text(`gave the role of ${body.role} to `), personInline(body.personId, names)],
  responderJoined: (body, names) => [text('brought in '), personInline(body.personId, names)],
  impactStated: (body) => `stated the impact${quote(body.text)}`,
  noted: (body) => `noted${quote(body.text)}`,
  playbookAttached: (body) => `chose the playbook ${literal(body.title, kept)} (${literal(body.reason, kept)})`,
  walkStarted: (body) => `started the playbook at step ${body.index + 1}`,
  stepDone: (body) => `did step ${body.index + 1}${quote(body.evidence)}`,
  stepSkipped: (body) => `skipped step ${body.index + 1}${quote(body.reason)}`,
  stepFailed: (body) => `found that step ${body.index + 1} failed${quote(body.what)}`,
  steppedBack: (body) => `went back to step ${body.to + 1}`,
  updatePosted: (body) =>
    body.automatic ? `posted update ${body.number}, automatic` : `posted update ${body.number}${quote(body.text)}`,
  updateWarned: () => 'warned that an update is due soon',
  updateMissed: () => 'saw that a person’s update is overdue',
  followUpAdded: (body) => `added follow-up ${body.id}${quote(body.text)}`,
  resolved: (body) => `resolved it${quote(body.summary)}`,
  reopened: (body) => `reopened it${quote(body.reason)}`,
  closed: (body) =>
    body.openSteps.length > 0 ? `closed it with ${body.openSteps.length} open steps as follow-ups` : 'closed it',
  postmortemDrafted: (body) => `drafted the postmortem, version ${body.version}`,
  channelOpened: (body) => `opened the channel ${literal(body.name, kept)} on ${literal(body.platform, kept)}`,
  invited: (body) => `invited ${body.people.length} ${body.people.length === 1 ? 'person' : 'people'}`,
  deliveryFailed: (body) => `could not deliver ${literal(body.what, kept)}: ${literal(body.error, kept)}`,
  policyAdopted: () => 'adopted the rules of today',
  redacted: (body) => `erased entry ${body.seq}${quote(body.reason)}`,
};

const actor = (who: Actor, names: Names): Inline =>
  who.kind === 'person'
    ? personInline(who.personId, names)
    : strong(who.name === 'muster' ? 'Muster' : literal(who.name, 60));

/** A timeline event as a sentence. What people and alerts said stands in `text` nodes. */
export function eventInWords(event: TimelineEvent, names: Names): Inline[] {
  if (event.redacted) return [actor(event.actor, names), text(' (erased)')];
  const said = (words[event.type] as Words<EventType>)(event.body as EventBodies[EventType], names, event.actor);
  return [actor(event.actor, names), text(' '), ...(typeof said === 'string' ? [text(said)] : said)];
}
