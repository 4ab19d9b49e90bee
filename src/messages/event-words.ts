import type { EventBodies, EventType, TimelineEvent } from '../incident/events.js';
import type { Actor } from '../incident/state.js';
import { approvalWordsOf } from './approval-words.js';
import { auditingWords } from './auditing-words.js';
import { changedWords } from './changed-words.js';
import { escalationWords } from './escalation-words.js';
import { gateWords } from './gate-words.js';
import { handoverWords } from './handover-words.js';
import { linkWords } from './link-words.js';
import { noiseWords } from './noise-words.js';
import { placeName } from './outage-cards.js';
import { pageWords } from './page-words.js';
import { promisingWords } from './promising-words.js';
import { queueWords } from './queue-words.js';
import {
  because,
  capital,
  count,
  does,
  isSame,
  itself,
  late,
  line,
  list,
  type Part,
  passing,
  people,
  quote,
  type Sentence,
  step,
} from './sentence.js';
import { suggestingWords } from './suggesting-words.js';
import { symptomParts, symptomWords } from './symptom-words.js';
import { taskWords } from './task-words.js';
import { undoWords } from './undo-words.js';
import { formatDuration } from './zones.js';

export type { Part } from './sentence.js';

/** Every event in plain words; the one place where a new event gets its own. */
const words: { [T in EventType]: (body: EventBodies[T], by: Actor) => Sentence } = {
  triaged: (body) => itself`Put in the triage queue as ${body.severity}${because(body.severityReason)}`,
  declared: (body) =>
    body.opening
      ? does`declared #${body.number} as ${body.severity}${because(body.severityReason)}`
      : does`declared #${body.number} from the triage queue as ${body.severity}${because(body.severityReason)}`,
  snoozed: (body) => does`snoozed it until ${{ at: body.until }}${because(body.reason)}`,
  snoozeEnded: () => itself`The snooze ended`,
  dismissed: (body) =>
    body.automatic ? itself`Dismissed by itself${because(body.reason)}` : does`dismissed it${because(body.reason)}`,
  alertsAttached: (body) =>
    itself`${count(body.count, 'alert')} came, ${body.firing} firing${list(body.names)}${symptomParts(body.symptoms)}`,
  ...symptomWords,
  alertsResolved: (body) => {
    const { silentSince: at } = body;
    const silent =
      at === undefined ? [] : line`; not repeated by ${body.count === 1 ? 'its' : 'their'} sender since ${{ at }}`;
    return itself`${count(body.count, 'alert')} cleared${list(body.names)}${silent}`;
  },
  acknowledged: ({ again }) => (again ? does`acknowledged again` : does`acknowledged`),
  ...escalationWords,
  acknowledgeMissed: (body) => itself`Nobody acknowledged by ${{ at: body.dueAt }}`,
  severityChanged: (body) => does`changed the severity from ${body.from} to ${body.to}${because(body.reason)}`,
  severityProposed: (body) => does`proposed ${body.to}${because(body.reason)}`,
  statusChanged: (body) => does`changed the status from ${body.from} to ${body.to}${because(body.reason)}`,
  statusProposed: (body) => does`proposed ${body.to}${because(body.reason)}`,
  roleAssigned: ({ role, personId, previous }, by) => {
    const after = previous === null ? [] : line`, after ${{ personId: previous }}`;
    return isSame(by, personId)
      ? does`took the role of ${role}${after}`
      : does`gave the role of ${role} to ${{ personId }}${after}`;
  },
  roleReleased: ({ role, personId }, by) =>
    isSame(by, personId) ? does`stepped down as ${role}` : itself`${{ personId }} has left: nobody is ${role} now`,
  ...taskWords,
  ...handoverWords,
  responderJoined: ({ personId }, by) => (isSame(by, personId) ? does`joined` : does`brought in ${{ personId }}`),
  impactStated: (body) => does`stated the impact${quote(body.text)}`,
  workaroundStated: ({ text }) =>
    text === null ? does`took the workaround back` : does`stated a workaround${quote(text)}`,
  returnExpected: ({ at, why }) =>
    at === null
      ? does`said that nobody knows yet when it works again${because(why)}`
      : does`expects it to work again at ${{ at }}${because(why)}`,
  noted: (body) => does`noted${quote(body.text)}`,
  messageKept: ({ by, text, how }, actor) => {
    const who = by === null ? line`Somebody` : line`${{ personId: by }}`;
    const said = text === '' ? line` said something without words` : line` said${quote(text)}`;
    const kept =
      how === 'declared'
        ? line`; this was declared from it`
        : by !== null && isSame(actor, by)
          ? []
          : line`; ${{ actor }} kept it`;
    return itself`${[...who, ...said, ...kept]}`;
  },
  keptMessageRevised: ({ seq, by, text }) =>
    by === null
      ? itself`What entry ${seq} keeps was changed where it was said${quote(text)}`
      : itself`${{ personId: by }} changed what entry ${seq} keeps${quote(text)}`,
  keptMessageWithdrawn: ({ seq, by }) =>
    by === null
      ? itself`What entry ${seq} keeps was deleted where it was said`
      : itself`${{ personId: by }} deleted what entry ${seq} keeps where it was said`,
  playbookAttached: (body, by) =>
    by.kind === 'machine'
      ? itself`Playbook ${body.title} chosen${because(body.reason)}`
      : body.later
        ? does`added the playbook ${body.title} for later${because(body.reason)}`
        : does`chose the playbook ${body.title}${because(body.reason)}`,
  walkSwitched: ({ title, from }) => does`went back to the playbook ${title}${from ? line`; set aside ${from}` : []}`,
  ...gateWords,
  walkStarted: (body) => does`started the playbook at ${step(body.index)}`,
  stepDone: (body) => does`finished ${step(body.index)}${quote(body.evidence)}${passing(body)}`,
  stepSkipped: (body) =>
    does`skipped ${body.required ? 'required ' : ''}${step(body.index)}${because(body.reason)}${passing(body)}`,
  stepFailed: ({ index, what, branch, next }) => {
    const went = branch && next !== null ? line`; went to ${step(next)}` : [];
    return does`reported that ${step(index)} failed${quote(what)}${went}`;
  },
  steppedBack: (body) => does`went back to ${step(body.to)}`,
  stepAssigned: ({ index, personId, previous }, by) => {
    const after = previous === null ? [] : line`, after ${{ personId: previous }}`;
    return isSame(by, personId)
      ? does`took ${step(index)}${after}`
      : does`gave ${step(index)} to ${{ personId }}${after}`;
  },
  substepTicked: ({ index, substep, text, ticked }) =>
    ticked
      ? does`ticked ${step(index)}, sub-step ${substep + 1}${quote(text)}`
      : does`took back the tick of ${step(index)}, sub-step ${substep + 1}${quote(text)}`,
  stepOverdue: ({ index, dueAt }) => itself`${capital(step(index))} was not finished by ${{ at: dueAt }}`,
  stepExtended: ({ index, forMs }) => does`gave ${step(index)} ${formatDuration(forMs)} more`,
  helpAsked: ({ index, text }) => does`asked for help with ${step(index)}${quote(text)}`,
  ...approvalWordsOf,
  updatePosted: ({ number, automatic, text, lateMs, impact }) => {
    const last = impact ? line`; impact as last stated: “${impact.text}”` : [];
    return automatic
      ? itself`Status update ${number}, automatic${late(lateMs)}${last}`
      : does`posted status update ${number}${late(lateMs)}${quote(text)}`;
  },
  updateAsked: ({ changed }) => itself`Somebody was asked to tell stakeholders what changed: ${changed.join(', ')}`,
  longProposed: ({ openForMs, everyMs, longEveryMs }) =>
    longEveryMs === everyMs
      ? itself`Open for ${formatDuration(openForMs)}: everybody was reminded to take turns`
      : itself`Open for ${formatDuration(openForMs)}: updates every ${formatDuration(longEveryMs)} were proposed`,
  longStarted: (body) => does`declared a long incident, with updates every ${formatDuration(body.everyMs)}`,
  longEnded: (body) => does`ended the long-incident mode; updates come every ${formatDuration(body.everyMs)} again`,
  updateWarned: (body) => does`warned that a status update was due at ${{ at: body.dueAt }}`,
  updateMissed: (body) => itself`No person’s status update came by ${{ at: body.dueAt }}; automatic ones stopped`,
  ...linkWords,
  ...changedWords,
  ...noiseWords,
  ...queueWords,
  ...undoWords,
  followUpAdded: (body) => does`added follow-up ${body.id}${quote(body.text)}`,
  resolved: (body) => does`resolved it${quote(body.summary)}`,
  reopened: (body) => does`reopened it${because(body.reason)}`,
  closed: (body) => {
    const open = body.openSteps.length > 0 ? line`, ${count(body.openSteps.length, 'step')} left open` : [];
    return body.automatic ? itself`Closed by itself, every alert had cleared${open}` : does`closed it${open}`;
  },
  postmortemDrafted: (body) => does`drafted the postmortem, version ${body.version}`,
  platformLost: ({ platform, standIn, since, of }) =>
    of === 'channel'
      ? itself`The channel on ${placeName(platform)} cannot be used; it goes on in ${placeName(standIn)}`
      : itself`${capital(placeName(platform))} has not answered since ${{ at: since }}; it goes on in ${placeName(standIn)}`,
  platformBack: ({ platform, standIn }) =>
    itself`${capital(placeName(platform))} is back; it goes on there, after ${placeName(standIn)}`,
  channelOpened: (body) => does`opened the channel ${body.name} on ${body.platform}`,
  channelArchived: ({ platform }) => does`put the channel on ${platform} away; it can still be read there`,
  invited: (body) => {
    const unknown = body.unknown.length > 0 ? line`; not known there: ${people(body.unknown)}` : [];
    return body.people.length > 0
      ? does`invited ${people(body.people)} on ${body.platform}${unknown}`
      : does`invited nobody on ${body.platform}${unknown}`;
  },
  ...pageWords,
  ...promisingWords,
  ...auditingWords,
  ...suggestingWords,
  deliveryFailed: (body) => does`could not deliver ${body.what}: ${body.error}`,
  policyAdopted: () => does`adopted the rules of today for this incident`,
  redacted: (body) => does`erased what event ${body.seq} said${because(body.reason)}`,
};

const typeWords = (type: string): string => type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A timeline event as one short sentence, without its time and its full stop. Of an erased one nothing is shown but its kind. */
export function eventParts({ type, body, actor, redacted }: TimelineEvent): Part[] {
  if (redacted) return line`${{ actor }}, ${typeWords(type)}: [redacted]`;
  const { byActor, parts } = (words[type] as (body: unknown, by: Actor) => Sentence)(body, actor);
  return byActor ? line`${{ actor }} ${parts}` : parts;
}

/** What a machine is called among people; it begins a sentence. */
export const machineName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
