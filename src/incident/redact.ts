import type { EventBodies, EventType, IncidentEvent } from './events.js';
import { approvalForms, approvalRulesGone } from './redact/approvals.js';
import { changedForms } from './redact/changed.js';
import { escalationForms, namelessEscalation } from './redact/escalation.js';
import { gateForms, namelessPhase } from './redact/gates.js';
import { handoverForms } from './redact/handover.js';
import { linkForms } from './redact/links.js';
import { noiseForms } from './redact/noise.js';
import { pageForms } from './redact/pages.js';
import { promisingForms } from './redact/promising.js';
import { queueForms } from './redact/queue.js';
import { hintsGone, symptomForms, symptomGone } from './redact/symptoms.js';
import { taskForms } from './redact/tasks.js';
import { undoForms } from './redact/undo.js';
import { type Evidence, type FollowUp, type Policy, roles, type SeverityPolicy } from './state.js';

/** Stands for what somebody or an alert wrote. */
const gone = '[redacted]';
/** Stands for a person. */
const somebody = 'redacted';

const maybe = (written: string | null): string | null => (written === null ? null : gone);
const each = (written: readonly string[]): string[] => written.map(() => gone);
const one = (written: readonly string[]): string[] => (written.length > 0 ? [gone] : []);
const valuesGone = (answers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.keys(answers).map((name) => [name, gone]));
const roleOrGone = (role: string | null): string | null =>
  role === null || (roles as readonly string[]).includes(role) ? role : gone;

const nameless = (known: Evidence): Evidence => ({
  alerts: known.alerts,
  services: one(known.services),
  hosts: one(known.hosts),
  worst: known.worst,
  tier: known.tier,
  compromise: known.compromise,
});

/** Whoever was invited or may approve is left out rather than renamed: nobody can be paged under a name that stands for anybody. */
function policy(kept: Policy): Policy {
  const { sev1, sev2, sev3 } = kept.severities;
  const services = kept.services && {
    services: Object.fromEntries(
      Object.entries(kept.services).map(([name, { callLink }]) => [name, callLink === undefined ? {} : { callLink }]),
    ),
  };
  return {
    ...kept,
    invite: [],
    severities: { sev1: nobody(sev1), sev2: nobody(sev2), sev3: nobody(sev3) },
    ...(kept.approvals && { approvals: approvalRulesGone(kept.approvals) }),
    ...services,
    ...(kept.escalations && { escalations: kept.escalations.map(namelessEscalation) }),
  };
}
const nobody = ({ invite: _invited, page: _paged, ...rules }: SeverityPolicy): SeverityPolicy => rules;

/** Without its group key: it is made of what alerts say, and two entries must not share one. */
const opening = (body: EventBodies['triaged']): EventBodies['triaged'] => ({
  incidentId: body.incidentId,
  title: gone,
  severity: body.severity,
  severityReason: gone,
  severitySetBy: body.severitySetBy,
  visibility: body.visibility,
  drill: body.drill,
  services: one(body.services),
  groupKey: null,
  policy: policy(body.policy),
});

const followUp = (owed: FollowUp): FollowUp => ({
  id: owed.id,
  text: gone,
  owner: owed.owner === null ? null : somebody,
  dueOn: owed.dueOn,
  fromStep: owed.fromStep,
  ...(owed.fromWalk !== undefined && { fromWalk: owed.fromWalk }),
});

/** One per type and every field by name, so that what is new does not compile before somebody has thought of it here. */
export const forms: { [T in EventType]: (body: EventBodies[T]) => EventBodies[T] } = {
  triaged: opening,
  declared: (body) => ({
    number: body.number,
    opening: body.opening && opening(body.opening),
    severity: body.severity,
    severityReason: gone,
    severitySetBy: body.severitySetBy,
    acknowledgeDueAt: body.acknowledgeDueAt,
    updateDueAt: body.updateDueAt,
  }),
  snoozed: ({ until }) => ({ until, reason: gone }),
  snoozeEnded: () => ({}),
  dismissed: ({ automatic }) => ({ reason: gone, automatic }),
  ...symptomForms,
  ...changedForms,
  ...noiseForms,
  alertsAttached: ({ count, firing, names, evidence, startedAt, receipts, acknowledgeDueAt, symptoms, hints }) => ({
    count,
    firing,
    names: each(names),
    evidence: nameless(evidence),
    startedAt,
    receipts,
    acknowledgeDueAt,
    ...(symptoms && { symptoms: symptoms.map(symptomGone) }),
    ...(hints && { hints: hintsGone(hints) }),
  }),
  alertsResolved: ({ count, names, receipts, silentSince }) => ({
    count,
    names: each(names),
    receipts,
    ...(silentSince !== undefined && { silentSince }),
  }),
  acknowledged: ({ along, again }) => ({ ...(along && { along }), ...(again && { again }) }),
  acknowledgeMissed: ({ dueAt, nextDueAt, next, again }) => ({ dueAt, nextDueAt, next, ...(again && { again }) }),
  ...escalationForms,
  severityChanged: ({ from, to, setBy, acknowledgeDueAt, updateDueAt }) => ({
    from,
    to,
    reason: gone,
    setBy,
    acknowledgeDueAt,
    updateDueAt,
  }),
  severityProposed: ({ to }) => ({ to, reason: gone }),
  statusChanged: ({ from, to, reason }) => ({ from, to, reason: maybe(reason) }),
  statusProposed: ({ to }) => ({ to, reason: gone }),
  roleReleased: ({ role }) => ({ role, personId: somebody }),
  roleAssigned: ({ role, previous, along, propose }) => ({
    role,
    personId: somebody,
    previous: previous === null ? null : somebody,
    ...(along && { along }),
    ...(propose && { propose }),
  }),
  ...taskForms,
  ...handoverForms,
  responderJoined: () => ({ personId: somebody }),
  impactStated: ({ updateDueAt }) => ({ text: gone, ...(updateDueAt !== undefined && { updateDueAt }) }),
  workaroundStated: ({ text }) => ({ text: maybe(text) }),
  returnExpected: ({ at, why }) => ({ at, why: maybe(why) }),
  noted: () => ({ text: gone }),
  ...linkForms(followUp),
  ...queueForms,
  ...undoForms,
  messageKept: ({ platform, channel, message, by, how }) => ({
    platform,
    channel,
    message,
    text: gone,
    by: by === null ? null : somebody,
    how,
  }),
  keptMessageRevised: ({ seq, by }) => ({ seq, by: by === null ? null : somebody, text: gone }),
  keptMessageWithdrawn: ({ seq, by }) => ({ seq, by: by === null ? null : somebody }),
  playbookAttached: ({ hash, playbookId, steps, phases, later, others }) => ({
    hash,
    playbookId,
    title: gone,
    reason: gone,
    ...(phases && { phases: phases.map(namelessPhase) }),
    steps: steps.map(({ role, thenTo, approve, withinMs, substeps, goto, required, check, rollBack, ask }) => ({
      ...(goto !== undefined && { goto }),
      ...(required && { required }),
      ...(check && { check }),
      ...(rollBack && { rollBack }),
      ...(ask && { ask }),
      title: gone,
      phase: gone,
      role: roleOrGone(role),
      thenTo,
      approve,
      withinMs,
      substeps,
    })),
    later,
    others: others.map(({ playbookId: id }) => ({ playbookId: id, title: gone, reason: gone })),
  }),
  walkSwitched: ({ hash, from }) => ({ hash, title: gone, from: maybe(from) }),
  walkStarted: ({ index, also }) => ({ index, ...(also && { also }) }),
  stepDone: ({ index, next, also, evidence, answers }) => ({
    index,
    next,
    ...(also && { also }),
    evidence: maybe(evidence),
    answers: valuesGone(answers),
  }),
  stepSkipped: ({ index, next, also, required }) => ({
    index,
    next,
    ...(also && { also }),
    reason: gone,
    ...(required && { required }),
  }),
  stepFailed: ({ index, next, also, branch }) => ({ index, next, ...(also && { also }), what: gone, branch }),
  steppedBack: ({ index, to }) => ({ index, to }),
  stepAssigned: ({ index, previous }) => ({
    index,
    personId: somebody,
    previous: previous === null ? null : somebody,
  }),
  substepTicked: ({ index, substep, ticked }) => ({ index, substep, text: gone, ticked }),
  stepOverdue: ({ index, dueAt, times, nextDueAt }) => ({ index, dueAt, times, nextDueAt }),
  stepExtended: ({ index, forMs, dueAt }) => ({ index, forMs, dueAt }),
  helpAsked: ({ index, text }) => ({ index, text: maybe(text) }),
  ...approvalForms,
  ...gateForms,
  updatePosted: (body) => ({
    number: body.number,
    automatic: body.automatic,
    text: maybe(body.text),
    happened: gone,
    impact: body.impact && { text: gone, at: body.impact.at },
    workaround: maybe(body.workaround ?? null),
    expected: body.expected ? { at: body.expected.at, why: maybe(body.expected.why) } : null,
    doing: maybe(body.doing),
    status: body.status,
    severity: body.severity,
    promisedAt: body.promisedAt,
    lateMs: body.lateMs,
    nextAt: body.nextAt,
    unchangedSince: body.unchangedSince ?? null,
    revises: body.revises ?? null,
    decision: maybe(body.decision ?? null),
  }),
  ...promisingForms,
  updateAsked: ({ changed }) => ({ changed }),
  longProposed: ({ everyMs, longEveryMs, openForMs }) => ({ everyMs, longEveryMs, openForMs }),
  longStarted: ({ everyMs, updateDueAt }) => ({ everyMs, updateDueAt }),
  longEnded: ({ everyMs, updateDueAt }) => ({ everyMs, updateDueAt }),
  updateWarned: ({ dueAt }) => ({ dueAt }),
  updateMissed: ({ dueAt }) => ({ dueAt }),
  followUpAdded: followUp,
  resolved: ({ summary, updateDueAt }) => ({ summary: maybe(summary), updateDueAt }),
  reopened: ({ to, acknowledgeDueAt, updateDueAt }) => ({ reason: gone, to, acknowledgeDueAt, updateDueAt }),
  closed: ({ automatic, followUps, openSteps }) => ({ automatic, followUps: followUps.map(followUp), openSteps }),
  postmortemDrafted: ({ version, sha256 }) => ({ version, sha256 }),
  platformLost: ({ platform, standIn, since, of }) => ({ platform, standIn, since, of, why: gone }),
  platformBack: ({ platform, standIn, since, lostSeq }) => ({ platform, standIn, since, lostSeq }),
  channelOpened: ({ platform, channel }) => ({ platform, channel, name: gone }),
  channelArchived: ({ platform, channel }) => ({ platform, channel }),
  invited: ({ platform, people, unknown }) => ({
    platform,
    people: people.length > 0 ? [somebody] : [],
    unknown: unknown.length > 0 ? [somebody] : [],
  }),
  ...pageForms,
  timersRestored: ({ timers }) => ({ timers }),
  changeSuggested: ({ hash, step }) => ({ hash, step, text: gone }),
  deliveryFailed: () => ({ jobKey: gone, what: gone, error: gone }),
  policyAdopted: (body) => ({
    policy: policy(body.policy),
    ...(body.updateDueAt !== undefined && { updateDueAt: body.updateDueAt }),
  }),
  redacted: ({ seq, remnant }) => ({ seq, reason: gone, remnant }),
};

/**
 * The body of an erased event: what a person or an alert wrote is `[redacted]`, a person is `redacted`, and ids,
 * indexes, counts, times, severities and statuses stay, so that the timeline still folds. Pure; the event is left as it
 * was. It knows this one event: the same words may stand in a later one (an update repeats the impact, merged evidence
 * its hosts), which is erased on its own.
 */
export function redactedForm(event: IncidentEvent): unknown {
  const form = forms[event.type] as (body: EventBodies[EventType]) => unknown;
  return form(event.body);
}
