import type { ApprovalCommands } from './approvals.js';
import type { AuditingCommands } from './auditing.js';
import type { ChangedCommands } from './changed.js';
import type { EscalationCommands } from './escalation.js';
import type { GateCommands } from './gates.js';
import type { TaskCommands } from './given-tasks.js';
import type { HandoverCommands } from './handover.js';
import type { LinkCommands } from './links.js';
import type { NoiseCommands } from './noise.js';
import type { PageCommands } from './pages.js';
import type { PromisingCommands } from './promising.js';
import type { QueueCommands } from './queue.js';
import type { Actor, Evidence, Policy, Role, Severity } from './state.js';
import type { SuggestingCommands } from './suggesting.js';
import type { Hints, Symptom, SymptomCommands } from './symptoms.js';
import type { UndoCommands } from './undo.js';

/** What somebody (or Muster itself, through a job) wants. Imperative. */
export interface CommandBodies
  extends GateCommands,
    LinkCommands,
    NoiseCommands,
    QueueCommands,
    UndoCommands,
    ApprovalCommands,
    PageCommands,
    PromisingCommands,
    AuditingCommands,
    ChangedCommands,
    EscalationCommands,
    TaskCommands,
    HandoverCommands,
    SuggestingCommands,
    SymptomCommands {
  /** From `plan`: a group of alerts nobody has an incident for yet. */
  open: {
    incidentId: string;
    title: string;
    services: string[];
    groupKey: string;
    alerts: AttachedAlerts;
    policy: Policy;
    drill: boolean;
    playbook: PlaybookChoice | null;
    /** What the ladder says of the evidence. */
    judged: { severity: Severity; reason: string };
  };
  attachAlerts: { alerts: AttachedAlerts; judged: { severity: Severity; reason: string } };
  /** `silentSince`: their sender has not said that they cleared, it has not repeated them since. */
  resolveAlerts: { count: number; names: string[]; receipts: string[]; silentSince?: number };
  /** By a person, or from the triage queue (then the fields that are null are kept). */
  declare: {
    incidentId: string;
    title: string | null;
    severity: Severity | null;
    reason: string | null;
    services: string[];
    visibility: 'public' | 'private';
    drill: boolean;
    policy: Policy;
    playbook: PlaybookChoice | null;
    /** Further alerts of this group go there; left out: none do by themselves. */
    groupKey?: string;
  };
  snooze: { forMs: number; reason: string };
  endSnooze: { until: number };
  dismiss: { reason: string };
  acknowledge: Record<never, never>;
  changeSeverity: { to: Severity; reason: string };
  changeStatus: { to: 'investigating' | 'identified' | 'monitoring'; reason: string | null };
  assignRole: { role: Role; personId: string };
  /** Whoever has it does not have it any more, because they have left; somebody else by now keeps it. */
  releaseRole: { role: Role; personId: string };
  /** `said`: noted along with it. Who is in already only says that. */
  join: { personId: string; said?: string | null };
  stateImpact: { text: string };
  /** null: there is none any more. */
  stateWorkaround: { text: string | null };
  /** Both null: what was said does not hold any more. */
  expectReturn: { backAt: number | null; why: string | null };
  addNote: { text: string };
  /** Something said in a chat; the command's time is when it was said. `declared`: the incident was declared from it. */
  keepMessage: {
    platform: string;
    channel: string;
    message: string;
    text: string;
    by: string | null;
    how: 'marked' | 'declared';
  };
  /** What became of it there; null: it was deleted. Only one that was kept matters. */
  reviseMessage: { platform: string; channel: string; message: string; text: string | null };
  /** Instead of one that nobody has begun, or that is walked to its end. */
  attachPlaybook: PlaybookChoice;
  /** In hand from now on; the one in hand is set aside. One that is aside comes back as it was. */
  switchPlaybook: PlaybookChoice;
  /** Beside the one in hand, for later. */
  addPlaybook: PlaybookChoice;
  /** Start the walk, or show the step in hand (no event). */
  next: Record<never, never>;
  done: Meant & { evidence: string | null };
  skip: Meant & { reason: string };
  fail: Meant & { what: string };
  back: Record<never, never>;
  /** Any step that has not ended; without `step` the one in hand. */
  assignStep: Meant & { personId: string };
  /** `substep`: its index. */
  tickSubstep: Meant & { substep: number; ticked: boolean };
  /** From a due job; `dueAt` says which time-box. */
  checkStep: { dueAt: number; step?: number };
  /** null: the same time again. */
  extendStep: Meant & { forMs: number | null };
  askHelp: Meant & { text: string | null };
  /** `nextInMs`: the next one is promised then, where that is sooner than usual. */
  postUpdate: {
    text: string;
    nextInMs?: number;
    /** What executives have to decide. */
    decision?: string;
    /** The same act tells everybody these words. */
    publish?: { title: string | null; text: string };
  };
  /** Due jobs; `dueAt` says which promise, so that a late one for an old promise does nothing. */
  warnUpdate: { dueAt: number };
  postAutomaticUpdate: { dueAt: number };
  askUpdate: { dueAt: number };
  proposeLong: { dueAt: number };
  /** Updates come more rarely from now on, or as often as usual again. */
  startLong: Record<never, never>;
  endLong: Record<never, never>;
  addFollowUp: { text: string; owner: string | null; dueOn: string | null };
  resolve: { summary: string | null };
  reopen: { reason: string };
  close: Record<never, never>;
  /** Home cannot be used since `since`. */
  losePlatform: { platform: string; standIn: string; since: number; of: 'platform' | 'channel'; why: string };
  regainPlatform: { platform: string };
  recordChannel: { platform: string; channel: string; name: string };
  recordArchived: { platform: string; channel: string };
  recordInvite: { platform: string; people: string[]; unknown: string[] };
  recordFailure: { jobKey: string; what: string; error: string };
  recordPostmortem: { version: number; sha256: string };
  adoptPolicy: { policy: Policy };
}

export interface AttachedAlerts {
  count: number;
  firing: number;
  names: string[];
  /** Of these alerts alone; `decide` merges it into the incident's. */
  evidence: Evidence;
  startedAt: number | null;
  receipts: string[];
  /** They come because what their services depend on fails. */
  symptoms?: Symptom[];
  hints?: Hints;
}

export interface PlaybookChoice {
  hash: string;
  reason: string;
  /** Others that match as well, the best first. */
  others?: PlaybookChoice[];
}

/** `step`: the index meant, `playbook`: the id of its playbook. Another one in hand by now refuses, so that two presses end one step. */
export interface Meant {
  step?: number;
  playbook?: string;
}

export type CommandType = keyof CommandBodies;
export type Command = { [T in CommandType]: { type: T } & CommandBodies[T] }[CommandType];

/** A command as handed to the core: who and when arrive with it, the core reads no clock. */
export interface Asked {
  command: Command;
  actor: Actor;
  at: number;
  /** When it happened, where that is earlier: what its events say, while all that is due counts from `at`. */
  happenedAt?: number;
}
