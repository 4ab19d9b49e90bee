import type { ApprovalEvents } from './approvals.js';
import type { AuditingEvents } from './auditing.js';
import type { ChangedEvents } from './changed.js';
import type { EscalationEvents } from './escalation.js';
import type { GateEvents, GatesOfStep, Phase } from './gates.js';
import type { TaskEvents } from './given-tasks.js';
import type { HandoverEvents, Proposal } from './handover.js';
import type { LinkEvents } from './links.js';
import type { NoiseEvents } from './noise.js';
import type { PageEvents } from './pages.js';
import type { PromisingEvents } from './promising.js';
import type { QueueEvents } from './queue.js';
import type { Actor, Evidence, FollowUp, Policy, Role, Severity, Status, UpdateChange } from './state.js';
import type { SuggestingEvents } from './suggesting.js';
import type { Hints, Symptom, SymptomEvents } from './symptoms.js';
import type { UndoEvents } from './undo.js';

/** What opens an entry, with everything computed, so that `evolve` needs nothing else. */
interface Opening {
  incidentId: string;
  title: string;
  severity: Severity;
  severityReason: string;
  severitySetBy: 'machine' | 'person';
  visibility: 'public' | 'private';
  drill: boolean;
  services: string[];
  groupKey: string | null;
  policy: Policy;
}

export interface AttachedStep extends GatesOfStep {
  title: string;
  phase: string;
  role: string | null;
  thenTo: number | null;
  approve: Role | null;
  withinMs: number | null;
  substeps: number;
}

interface StepEnd {
  index: number;
  /** The step that is in hand afterwards; null: the walk is over. */
  next: number | null;
  /** Others that come in hand with it. */
  also?: number[];
}

/** Bodies by type. Past tense; a new one is added here, in `evolve`, and in `react` when something follows from it. */
export interface EventBodies
  extends GateEvents,
    LinkEvents,
    NoiseEvents,
    QueueEvents,
    UndoEvents,
    ApprovalEvents,
    PageEvents,
    PromisingEvents,
    AuditingEvents,
    ChangedEvents,
    EscalationEvents,
    TaskEvents,
    HandoverEvents,
    SuggestingEvents,
    SymptomEvents {
  triaged: Opening;
  /** `opening` is null when the entry came from the triage queue. */
  declared: {
    number: number;
    opening: Opening | null;
    severity: Severity;
    severityReason: string;
    severitySetBy: 'machine' | 'person';
    acknowledgeDueAt: number | null;
    updateDueAt: number | null;
  };
  snoozed: { until: number; reason: string };
  snoozeEnded: Record<string, never>;
  dismissed: { reason: string; automatic: boolean };
  alertsAttached: {
    /** New episodes; of them `firing` still fire. */
    count: number;
    firing: number;
    names: string[];
    evidence: Evidence;
    startedAt: number | null;
    receipts: string[];
    /** Set when an unacknowledged incident had cleared and fires again. */
    acknowledgeDueAt: number | null;
    /** They are here because what their services depend on fails. */
    symptoms?: Symptom[];
    hints?: Hints;
  };
  /** `silentSince`: they are taken to have cleared, since their sender has not repeated them since. */
  alertsResolved: { count: number; names: string[]; receipts: string[]; silentSince?: number };
  /** `along`: with another act of the same person, which the channel hears of. `again`: after it had lapsed. */
  acknowledged: { along?: true; again?: true };
  /** `next`: others are called, the channel is asked again, or it is over. `again`: it had lapsed. */
  acknowledgeMissed: { dueAt: number; nextDueAt: number | null; next: 'called' | 'asked' | 'over'; again?: true };
  severityChanged: {
    from: Severity;
    to: Severity;
    reason: string;
    setBy: 'machine' | 'person';
    acknowledgeDueAt: number | null;
    updateDueAt: number | null;
  };
  severityProposed: { to: Severity; reason: string };
  statusChanged: { from: Status; to: Status; reason: string | null };
  statusProposed: { to: Status; reason: string };
  /** `along`: with another act of the same person, which the channel hears of. `propose`: when Muster proposes to hand the command over. */
  roleAssigned: { role: Role; personId: string; previous: string | null; along?: true; propose?: Proposal[] };
  /** Nobody has the role now. */
  roleReleased: { role: Role; personId: string };
  responderJoined: { personId: string };
  /** `updateDueAt`: where it brings the promise nearer. */
  impactStated: { text: string; updateDueAt?: number | null };
  /** null: there is none any more. */
  workaroundStated: { text: string | null };
  /** Both null: what was said does not hold any more. */
  returnExpected: { at: number | null; why: string | null };
  noted: { text: string };
  /**
   * What somebody said in a chat; the event's `at` is when, its actor who kept it. `by` null: nobody Muster knows. The
   * other two name it by the `seq` of this one.
   */
  messageKept: {
    platform: string;
    channel: string;
    message: string;
    text: string;
    by: string | null;
    how: 'marked' | 'declared';
  };
  keptMessageRevised: { seq: number; by: string | null; text: string };
  /** It was deleted where it was said. */
  keptMessageWithdrawn: { seq: number; by: string | null };
  playbookAttached: {
    hash: string;
    playbookId: string;
    title: string;
    reason: string;
    steps: AttachedStep[];
    phases?: Phase[];
    /** It waits beside the one in hand. */
    later: boolean;
    /** Others that match as well. */
    others: { playbookId: string; title: string; reason: string }[];
  };
  /** One that was aside is in hand again, and the one in hand is set aside. */
  walkSwitched: { hash: string; title: string; from: string | null };
  walkStarted: { index: number; also?: number[] };
  stepDone: StepEnd & { evidence: string | null; answers: Record<string, string> };
  stepSkipped: StepEnd & { reason: string; required?: true };
  stepFailed: StepEnd & { what: string; branch: boolean };
  steppedBack: { index: number; to: number };
  stepAssigned: { index: number; personId: string; previous: string | null };
  substepTicked: { index: number; substep: number; text: string; ticked: boolean };
  /** The step in hand has passed its time, and was asked about for the `times`th time. */
  stepOverdue: { index: number; dueAt: number; times: number; nextDueAt: number | null };
  stepExtended: { index: number; forMs: number; dueAt: number };
  helpAsked: { index: number; text: string | null };
  updatePosted: {
    number: number;
    automatic: boolean;
    /** A person's words, or null when automatic. */
    text: string | null;
    happened: string;
    impact: { text: string; at: number } | null;
    workaround?: string | null;
    expected?: { at: number | null; why: string | null } | null;
    doing: string | null;
    status: Status;
    severity: Severity;
    /** When this one had been promised, and how late it is. */
    promisedAt: number | null;
    lateMs: number;
    nextAt: number | null;
    /** It tells what they tell since then. */
    unchangedSince?: number | null;
    /** Stakeholders see it in the place of this earlier one. */
    revises?: number | null;
    /** What executives have to decide. */
    decision?: string | null;
  };
  /** Somebody should say what changed. */
  updateAsked: { changed: UpdateChange[] };
  longProposed: { everyMs: number; longEveryMs: number; openForMs: number };
  longStarted: { everyMs: number; updateDueAt: number | null };
  longEnded: { everyMs: number; updateDueAt: number | null };
  updateWarned: { dueAt: number };
  /** Muster has posted as often as it may by itself: a person owes one now. */
  updateMissed: { dueAt: number };
  followUpAdded: FollowUp;
  resolved: { summary: string | null; updateDueAt: null };
  reopened: { reason: string; to: Status; acknowledgeDueAt: number | null; updateDueAt: number | null };
  /** `openSteps`: those the walk would still have come to. */
  closed: { automatic: boolean; followUps: FollowUp[]; openSteps: number[] };
  postmortemDrafted: { version: number; sha256: string };
  /** Home has answered nothing since `since`, or the channel there is gone; from now on `standIn` is where it goes on. */
  platformLost: { platform: string; standIn: string; since: number; of: 'platform' | 'channel'; why: string };
  /** It goes on at home again. `lostSeq`: the event that took it away. */
  platformBack: { platform: string; standIn: string; since: number; lostSeq: number };
  channelOpened: { platform: string; channel: string; name: string };
  /** It can still be read there; nothing more is said in it. */
  channelArchived: { platform: string; channel: string };
  invited: { platform: string; people: string[]; unknown: string[] };
  deliveryFailed: { jobKey: string; what: string; error: string };
  policyAdopted: { policy: Policy; updateDueAt?: number | null };
  /** The body of event `seq` has been erased; `remnant` is its `redactedForm`, which the ledger reads in its place. */
  redacted: { seq: number; reason: string; remnant: unknown };
}

export type EventType = keyof EventBodies;
export type IncidentEvent = { [T in EventType]: { type: T; body: EventBodies[T] } }[EventType];

/** An event as it stands in the ledger. `at`: when it happened; `recordedAt`: when it was written. */
export type TimelineEvent = IncidentEvent & {
  seq: number;
  at: number;
  recordedAt: number;
  actor: Actor;
  /** The body is a remnant without anything from outside. */
  redacted?: true;
};
