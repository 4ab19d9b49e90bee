import { deciders, requestsOf, waiting } from '../approvals.js';
import type { TimelineEvent } from '../events.js';
import type { Saying } from '../jobs.js';
import type { Incident } from '../state.js';

/** What the channel hears of requests. That nobody answered, only those it concerns hear. */
export function saidOfApproval(before: Incident | null, { type, body }: TimelineEvent): Saying | null {
  switch (type) {
    // A step that has just come in hand is shown with its question.
    case 'approvalAsked':
      return before?.walk?.approval ? 'approval' : null;
    case 'approvalGiven':
    case 'approvalDeclined':
      return body.index === null ? 'approval-request' : 'approval';
    case 'approvalRequested':
      return 'approval-request';
    case 'glassBroken':
      return 'glass-broken';
    default:
      return null;
  }
}

type Told = { personId: string; say: Saying };

/** Who is told alone: who may decide from now on, who asked, and everybody who was gone around. */
export function toldOfApprovals(before: Incident | null, after: Incident, event: TimelineEvent): Told[] {
  const tell = (people: readonly (string | null | undefined)[], say: Saying): Told[] =>
    [...new Set(people)].flatMap((personId) =>
      personId && !(event.actor.kind === 'person' && event.actor.personId === personId) ? [{ personId, say }] : [],
    );
  if (event.type === 'glassBroken') return tell(goneAround(before, event.body.id, after), 'glass-broken');
  if (event.type === 'approvalDeclined' || event.type === 'approvalLapsed' || event.type === 'approvalGiven') {
    const request = requestsOf(after).find(({ id }) => id === event.body.id);
    const own = event.type === 'approvalLapsed' || event.body.index === null;
    const halfway = event.type === 'approvalGiven' && request?.state === 'asked';
    if (own && !halfway) return tell([request?.askedBy], 'approval-request');
  }
  return waiting(after).flatMap((request) => {
    const was = before && requestsOf(before).find(({ id, state }) => id === request.id && state === 'asked');
    const already = before && was ? deciders(before, was) : [];
    const now = deciders(after, request).filter((personId) => !already.includes(personId));
    return tell(now, request.step ? 'approval' : 'approval-request');
  });
}

/** Whoever could have said no, whoever leads, and the platform lead. */
function goneAround(before: Incident | null, id: number | null, after: Incident): string[] {
  const request = before && requestsOf(before).find((each) => each.id === id);
  const all = before && request ? deciders(before, { ...request, level: request.levels.length - 1 }) : [];
  const lead = after.policy.platformLead ?? [];
  const may = (personId: string) => after.visibility === 'public' || after.responders.includes(personId);
  return [...all, ...(after.roles.commander === undefined ? [] : [after.roles.commander]), ...lead].filter(may);
}
