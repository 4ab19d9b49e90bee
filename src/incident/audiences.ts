import type { TimelineEvent } from './events.js';
import { type AudienceRule, type Incident, isDeclared } from './state.js';

/**
 * What is told outside chat. `update` is every update but the one that says it is over, which is `resolved`; `reached`
 * tells an audience that joins later, because a service or a severity it asked for came in.
 */
export type NoticeKind = 'declared' | 'update' | 'severity' | 'resolved' | 'reopened' | 'closed' | 'reached';

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
      return event.type;
    case 'severityChanged':
      return 'severity';
    case 'updatePosted':
      return event.body.status === 'resolved' ? 'resolved' : 'update';
    default:
      return newlyTold(before, after).length > 0 ? 'reached' : null;
  }
}

const newlyTold = (before: Incident | null, after: Incident): string[] =>
  (after.audiences ?? []).filter((name) => !before?.audiences?.includes(name));

/** Whom a notice of this event is for. */
export const audiencesFor = (kind: NoticeKind, before: Incident | null, after: Incident): string[] =>
  kind === 'reached' ? newlyTold(before, after) : (after.audiences ?? []);
