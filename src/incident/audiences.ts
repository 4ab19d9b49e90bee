import { paceIn } from './cadence.js';
import type { EventBodies, TimelineEvent } from './events.js';
import { type AudienceRule, type Incident, isDeclared, type WhatIsHeard } from './state.js';
import { sameForAll, type Told, toldBy, toldNow } from './told.js';

/**
 * What is told outside chat. `update` is every update but the one that says it is over, which is `resolved`; `reached`
 * tells an audience that joins later, because a service or a severity it asked for came in. `published` alone is for
 * everybody.
 */
export type NoticeKind =
  | 'declared'
  | 'update'
  | 'severity'
  | 'resolved'
  | 'reopened'
  | 'closed'
  | 'reached'
  | 'published';

/** Private incidents and drills never leave the chat they are in. */
export const leavesChat = (incident: Incident): boolean =>
  isDeclared(incident) && incident.visibility === 'public' && !incident.drill;

const wants = ({ services, severities }: AudienceRule, incident: Incident): boolean =>
  (services === undefined || services.some((service) => incident.services.includes(service))) &&
  (severities === undefined || severities.includes(incident.severity));

/** Names of the audiences of an incident: whoever has heard of it hears how it goes on, whatever becomes of its severity. */
export function audiencesOf(incident: Incident): string[] {
  const heard = incident.audiences ?? [];
  if (!leavesChat(incident)) return heard;
  const more = (incident.policy.audiences ?? []).filter(({ name }) => !heard.includes(name));
  return [...heard, ...more.filter((audience) => wants(audience, incident)).map(({ name }) => name)];
}

/** What this event tells outside, or null. */
export function noticeKind(before: Incident | null, after: Incident, event: TimelineEvent): NoticeKind | null {
  if (!leavesChat(after)) return null;
  switch (event.type) {
    case 'declared':
    case 'reopened':
    case 'closed':
    case 'published':
      return event.type;
    case 'severityChanged':
      return 'severity';
    case 'updatePosted':
      return event.body.status === 'resolved' ? 'resolved' : 'update';
    default:
      return newlyTold(before, after).length > 0 ? 'reached' : null;
  }
}

/** Stands for whoever has subscribed; who that is is looked up when something is sent. No audience can be called so. */
export const subscribers = '@subscribers';
/** What is published is for everybody, and an audience that comes later is another's news. */
export const hasSubscribers = (kind: NoticeKind, { policy }: Incident): boolean =>
  policy.subscriptions === true && kind !== 'published' && kind !== 'reached';

const ruleOf = ({ policy }: Incident, name: string): AudienceRule =>
  policy.audiences?.find((rule) => rule.name === name) ?? { name };

const newlyTold = (before: Incident | null, after: Incident): string[] =>
  (after.audiences ?? []).filter((name) => !before?.audiences?.includes(name) && ruleOf(after, name).kind !== 'public');

const part: Record<NoticeKind, WhatIsHeard | null> = {
  declared: 'declared',
  reached: 'declared',
  update: 'updates',
  severity: 'severity',
  resolved: 'end',
  reopened: 'end',
  closed: 'end',
  published: null,
};

/** Two updates this much nearer than the pace of an audience are still both for it. ms */
const nearlyMs = 60_000;

/** Whether an audience hears each update, or only what changes something for it and what its pace asks for. */
const isChoosy = ({ kind, every }: AudienceRule): boolean => kind === 'executives' || every !== undefined;

/** Whether an update is for this audience. Nothing automatic is for executives. */
export function hearsUpdate(
  rule: AudienceRule,
  before: Incident | null,
  body: EventBodies['updatePosted'],
  at: number,
): boolean {
  if (rule.kind === 'public' || (rule.kind === 'executives' && body.automatic)) return false;
  const last = before?.heard?.[rule.name];
  if (!isChoosy(rule) || last === undefined || (body.decision ?? null) !== null) return true;
  if (!sameForAll(last.told, toldBy(body))) return true;
  const pace = rule.every === undefined ? null : paceIn(rule.every, body.status);
  return pace !== null && at - last.at >= pace - nearlyMs;
}

/** Whom a notice of this event is for. */
export function audiencesFor(
  kind: NoticeKind,
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
): string[] {
  const names = kind === 'reached' ? newlyTold(before, after) : (after.audiences ?? []);
  return names.filter((name) => {
    const rule = ruleOf(after, name);
    const asked = part[kind];
    if (asked === null || rule.kind === 'public') return asked === null && rule.kind === 'public';
    if (rule.hears && !rule.hears.includes(asked)) return false;
    return kind !== 'update' || event.type !== 'updatePosted' || hearsUpdate(rule, before, event.body, event.at);
  });
}

/** What each audience that does not hear everything heard last, with this event. */
export function heardWith(
  before: Incident | null,
  after: Incident,
  event: TimelineEvent,
): Record<string, { at: number; told: Told }> | null {
  const kind = noticeKind(before, after, event);
  if (kind === null || kind === 'published' || kind === 'closed') return null;
  const names = audiencesFor(kind, before, after, event).filter((name) => isChoosy(ruleOf(after, name)));
  if (names.length === 0) return null;
  const told = event.type === 'updatePosted' ? toldBy(event.body) : toldNow(after);
  return { ...after.heard, ...Object.fromEntries(names.map((name) => [name, { at: event.at, told }])) };
}
