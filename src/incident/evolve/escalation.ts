import { type Called, type EscalationEvents, noPaging, type Paging, pagingOf } from '../escalation.js';
import type { TimelineEvent } from '../events.js';
import { type Incident, isDeclared, isOpen } from '../state.js';
import type { Rule } from './walk.js';

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];

export const escalationRules: { [T in keyof EscalationEvents]: Rule<T> } = {
  // Whoever is called becomes able to see it, and is invited. Of an erased call nobody is known who could still ring.
  paged(incident, body, { seq, redacted }) {
    const paging = pagingOf(incident);
    const people = redacted ? [] : body.people;
    const names = people.map(({ personId }) => personId);
    const awaited = new Set(paging.ringing.flatMap((each) => (each.isNew ? [each.personId] : [])));
    const said = (each: Called): Called =>
      body.reason === null ? each : { ...each, because: `${each.because}: ${body.reason}` };
    const { escalation, level, levels, round, rounds, answerDueAt } = body;
    return {
      paging: {
        ...paging,
        ...(escalation !== null && { escalation, level, levels, round, rounds }),
        called: [...paging.called.filter(({ personId }) => !names.includes(personId)), ...people.map(said)],
        ringing: [
          ...paging.ringing.filter(({ personId }) => !names.includes(personId)),
          ...names.map((personId) => ({
            personId,
            seq,
            answerDueAt,
            ...((!incident.responders.includes(personId) || awaited.has(personId)) && { isNew: true as const }),
          })),
        ],
      },
      acknowledgeDueAt: body.acknowledgeDueAt,
      responders: union(incident.responders, names),
    };
  },
  pageAnswered: () => ({}),
  answerMissed(incident, { dueAt }) {
    const paging = pagingOf(incident);
    const ringing = paging.ringing.map((each) => (each.answerDueAt === dueAt ? { ...each, answerDueAt: null } : each));
    return { paging: { ...paging, ringing } };
  },
  acknowledgementLapsed: (incident, _body, event) => ({
    paging: { ...noPaging, activeAt: pagingOf(incident).activeAt, lapsedAt: event.at },
  }),
};

/** What comes back is called for anew; what people last did is remembered. */
export const pagingAnew = (incident: Incident): Pick<Incident, 'paging'> =>
  incident.paging ? { paging: { ...noPaging, activeAt: incident.paging.activeAt } } : {};

/**
 * Whoever acts need not be called any more, and whatever anybody does shows that somebody is at it. With an
 * acknowledgement, and with the end, nobody need come; whoever was called by name still is, until they answer.
 */
export function attended(after: Incident, event: TimelineEvent): Pick<Incident, 'paging' | 'acknowledgeDueAt'> {
  const { acknowledgeDueAt } = after;
  const paging = pagingOf(after);
  const by = event.actor.kind === 'person' ? event.actor.personId : null;
  const unchanged = { ...(after.paging && { paging }), acknowledgeDueAt };
  if (!isDeclared(after) || !isOpen(after))
    return after.paging ? { paging: { ...paging, ringing: [], lapsedAt: null }, acknowledgeDueAt } : unchanged;
  if (after.acknowledgedAt === null && by === null) return unchanged;
  const back = by !== null && paging.lapsedAt !== null;
  const stops = back || event.type === 'acknowledged';
  const ringing = paging.ringing.filter((each) => each.personId !== by && !(stops && each.answerDueAt === null));
  const activeAt = by === null ? paging.activeAt : Math.max(paging.activeAt ?? 0, event.recordedAt);
  const next: Paging = { ...paging, ringing, activeAt, ...(back && { lapsedAt: null }) };
  return { paging: next, acknowledgeDueAt: back ? null : acknowledgeDueAt };
}
