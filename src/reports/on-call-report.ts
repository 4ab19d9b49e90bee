import type { TimelineEvent } from '../incident/events.js';
import { type Incident, isDeclared, isOpen } from '../incident/state.js';
import { type Block, type Card, type Inline, note, paragraph, strong, text, time } from '../messages/card.js';
import { literal } from '../messages/literal.js';
import { formatDuration, hourOf } from '../messages/zones.js';
import type { Names } from './timeline-words.js';

export interface OnCallFacts {
  /** All that the reader may see, or the newest of them. */
  incidents: readonly Incident[];
  /** By incident id, of those in which something happened since. */
  timelines: ReadonlyMap<string, readonly TimelineEvent[]>;
  since: number;
  now: number;
  names: Names;
  publicUrl: string;
  /** IANA; night is 22:00 to 07:00 there. */
  zone: string;
}

const shownAtMost = 10;
const titleKept = 120;
const dayMs = 24 * 3_600_000;
const nightFrom = 22;
const nightUntil = 7;

/** Whether something happened in it since then. */
export const touchedSince = (incident: Incident, since: number): boolean =>
  isOpen(incident) || Math.max(incident.closedAt ?? 0, incident.resolvedAt ?? 0, incident.openedAt) >= since;

/** For whoever is on call next: what is open, what happened, what is owed, and how loud it was. Drills are left out. */
export function onCallReport(facts: OnCallFacts): Card {
  const { since, now } = facts;
  const all = facts.incidents.filter(({ drill }) => !drill);
  const declared = all.filter(isDeclared);
  const open = declared.filter(isOpen);
  const ended = declared.filter((each) => !isOpen(each) && touchedSince(each, since));
  const queued = all.filter(({ status }) => status === 'triage');
  const owed = followUps(all, now);
  const summary = `${count(open.length, 'open incident')}, ${count(owed.length, 'follow-up')} owed, ${count(queued.length, 'entry', 'entries')} in the triage queue.`;
  return {
    tone: open[0]?.severity ?? 'good',
    summary: `On-call report: ${summary}`,
    blocks: [
      {
        kind: 'heading',
        content: [text('On-call report · '), time(since, 'date'), text(' to '), time(now, 'date')],
      },
      paragraph(text(summary)),
      ...section('Open', open, (each) => openLine(each, facts)),
      ...section('In the triage queue', queued, (each) => [
        text(`${literal(each.title, titleKept)} · ${each.severity} · waits for ${formatDuration(now - each.openedAt)}`),
      ]),
      ...section('Ended since', ended, (each) => endedLine(each, facts)),
      ...section('Owed', owed, (each) => owedLine(each, facts)),
      note(text(noise(facts, declared))),
    ],
  };
}

const count = (n: number, one: string, more = `${one}s`): string => `${n} ${n === 1 ? one : more}`;

function section<T>(title: string, all: readonly T[], line: (each: T) => Inline[]): Block[] {
  if (all.length === 0) return [];
  const left = all.length - shownAtMost;
  return [
    paragraph(strong(title)),
    { kind: 'list', ordered: false, items: all.slice(0, shownAtMost).map(line) },
    ...(left > 0 ? [note(text(`${left} more ${left === 1 ? 'is' : 'are'} not shown.`))] : []),
  ];
}

function called({ number, title }: Incident, { publicUrl }: OnCallFacts): Inline {
  const words = `#${number} ${literal(title, titleKept)}`;
  return /^https?:\/\//.test(publicUrl)
    ? { kind: 'link', text: words, href: `${publicUrl}/incidents/${number}` }
    : text(words);
}

const named = (personId: string, { names }: OnCallFacts): string => literal(names.get(personId) ?? personId, 60);

function openLine(incident: Incident, facts: OnCallFacts): Inline[] {
  const { severity, status, roles, updates, handover, declaredAt, openedAt } = incident;
  const owes = updates.overdueSince ?? (updates.dueAt !== null && updates.dueAt < facts.now ? updates.dueAt : null);
  return [
    called(incident, facts),
    text(` · ${severity} · ${status} · open for ${formatDuration(facts.now - (declaredAt ?? openedAt))}`),
    text(roles.commander ? ` · ${named(roles.commander, facts)} commands` : ' · nobody commands'),
    ...(handover
      ? [text(` · handover to ${handover.asked.map((each) => named(each, facts)).join(' or ')} waits`)]
      : []),
    ...(owes !== null
      ? [strong(' · update owed since '), time(owes, 'date')]
      : updates.dueAt === null
        ? []
        : [text(' · next update due '), time(updates.dueAt, 'date')]),
  ];
}

function endedLine(incident: Incident, facts: OnCallFacts): Inline[] {
  const at = incident.closedAt ?? incident.resolvedAt ?? facts.now;
  const began = incident.impactStartedAt ?? incident.declaredAt ?? incident.openedAt;
  const how = incident.outcome?.automatic ? ' by itself' : '';
  return [
    called(incident, facts),
    text(` · ${incident.severity} · ${incident.status}${how} at `),
    time(at, 'date'),
    text(` after ${formatDuration(Math.max(0, at - began))}`),
  ];
}

interface Owed {
  incident: Incident;
  text: string;
  owner: string | null;
  dueOn: string | null;
}
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
/** Nobody says whether one is done: a month after its day it is not shown any more. */
const shownForMs = 30 * dayMs;

/** The soonest due first; those without a day last. */
const followUps = (incidents: readonly Incident[], now: number): Owed[] =>
  incidents
    .flatMap((incident) => incident.followUps.map((each) => ({ incident, ...each })))
    .filter(({ dueOn, incident }) => (dueOn ?? dayOf(incident.closedAt ?? now)) >= dayOf(now - shownForMs))
    .sort((a, b) => (a.dueOn ?? '9999').localeCompare(b.dueOn ?? '9999'));

function owedLine({ incident, text: work, owner, dueOn }: Owed, facts: OnCallFacts): Inline[] {
  const since = incident.closedAt ?? incident.resolvedAt ?? incident.declaredAt ?? incident.openedAt;
  const late = dueOn !== null && dueOn < dayOf(facts.now);
  return [
    text(`${literal(work, titleKept)} · ${owner === null ? 'nobody has it' : named(owner, facts)} · `),
    ...(dueOn === null ? [text('no day set')] : late ? [strong(`was due ${dueOn}`)] : [text(`due ${dueOn}`)]),
    text(` · ${formatDuration(Math.max(0, facts.now - since))} old · `),
    called(incident, facts),
  ];
}

/** How loud it was, so that it can be made quieter. */
function noise({ timelines, since, now, zone }: OnCallFacts, declared: readonly Incident[]): string {
  const events = [...timelines.values()].flat().filter(({ at }) => at >= since && at <= now);
  const opened = declared.filter(({ declaredAt }) => (declaredAt ?? 0) >= since).length;
  const alerts = events.reduce((sum, each) => sum + (each.type === 'alertsAttached' ? each.body.count : 0), 0);
  const calls = events.flatMap((each) => (each.type === 'paged' ? each.body.people.map(() => each.at) : []));
  const byNight = calls.filter((at) => isNight(at, zone)).length;
  const span = formatDuration(now - since);
  return `In ${span}: ${count(opened, 'incident')}, ${count(alerts, 'alert')}, ${count(calls.length, 'call')} to people, ${byNight} of them by night (${nightFrom}:00 to 0${nightUntil}:00 ${zone}).`;
}

function isNight(at: number, zone: string): boolean {
  const hour = hourOf(at, zone);
  return hour >= nightFrom || hour < nightUntil;
}
