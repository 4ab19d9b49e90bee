import type { ApprovalRequest, ApprovalRule } from './approvals.js';
import type { Pace } from './cadence.js';
import type { ChangedBefore } from './changed.js';
import type { Climb } from './climb.js';
import type { Escalation, Paging } from './escalation.js';
import type { GivenTasks } from './given-tasks.js';
import type { Handover, Watch } from './handover.js';
import type { Kept } from './kept.js';
import type { Link } from './links.js';
import type { Noisy } from './noise.js';
import type { Nudge } from './nudges.js';
import type { PageOutcome } from './pages.js';
import type { Published } from './publication.js';
import type { Queued } from './queue.js';
import type { Suggestion } from './suggesting.js';
import type { Dependencies, Hints } from './symptoms.js';
import type { Told } from './told.js';
import type { LastAct } from './undo.js';
import type { Walk } from './walked.js';

export type { Approval, Walk, WalkStep } from './walked.js';

/** Words and shapes of an incident. Times are ms since the epoch (`…At`), durations ms (`…Ms`). */
export const severities = ['sev1', 'sev2', 'sev3'] as const;
export type Severity = (typeof severities)[number];

/**
 * `triage` is an entry of the triage queue: the same stream and the same rules, but no number and no channel yet.
 * `dismissed` ends such an entry. *Mitigated* is `monitoring`.
 */
export const statuses = [
  'triage',
  'investigating',
  'identified',
  'monitoring',
  'resolved',
  'closed',
  'dismissed',
] as const;
export type Status = (typeof statuses)[number];

export const roles = ['commander', 'communications', 'scribe', 'operations'] as const;
export type Role = (typeof roles)[number];

export type Actor = { kind: 'person'; personId: string } | { kind: 'machine'; name: string };

/** What is known from alerts, merged without regard to order: the ladder reads this and nothing else. */
export interface Evidence {
  /** Distinct alerts that ever belonged here, however often they fired. */
  alerts: number;
  /** Sorted, distinct. */
  services: string[];
  /** Sorted, distinct, the first ten. */
  hosts: string[];
  /** The gravest `severity` label seen, in our words. */
  worst: Grade;
  /** Best tier among the services (1 is the most important), or null when none is in the catalogue. */
  tier: number | null;
  /** A label says that a credential or access is suspected compromised. */
  compromise: boolean;
}
export const grades = ['none', 'info', 'warning', 'critical'] as const;
export type Grade = (typeof grades)[number];

/** The rules an incident was opened under; it keeps them until `policyAdopted`. */
export interface Policy {
  severities: Record<Severity, SeverityPolicy>;
  /** Alerts of the same group within this time of resolving reopen it. */
  reopenForMs: number;
  /** How long symptoms that still fire may take to clear once the incident has ended; left out: 10 min. */
  settleMs?: number;
  /** How long before a promised update its owner is warned. */
  warnBeforeMs: number;
  /** How long it is open before Muster proposes long-incident mode, with rarer updates; null or left out: never. */
  longAfterMs?: number | null;
  /** How many updates in a row Muster posts by itself; never more than two. */
  automaticUpdates: number;
  /** How long whoever was called for an update that is owed has, before the next is; left out: 10 min. */
  climbEveryMs?: number;
  /** Chat platforms the incident lives on, by adapter name; the first is home. */
  platforms: string[];
  /** Platforms that hear of it without being where it is worked on. */
  mirrors?: Mirror[];
  /** People who answer for the platform. */
  platformLead?: string[];
  /** IANA zones shown beside UTC. */
  zones: string[];
  /** People invited when it opens, and paged while nobody acknowledges, where its severity does not say. */
  invite: string[];
  /** Of services that have a call or people who may approve, by every name alerts have for them. */
  services?: Record<
    string,
    { callLink?: string; approve?: string[]; owners?: string[]; symptoms?: string; firstCheck?: string }
  >;
  /** Who is asked to approve what, by kind; `default` for any. */
  approvals?: Record<string, ApprovalRule>;
  /** Who is called, the first that fits; where none does, whoever the severity names. */
  escalations?: Escalation[];
  /** Whether a drill calls people who are not in it. */
  pagesInDrills?: boolean;
  /** How long after its end its channels are put away; null or left out: never. */
  archiveAfterMs?: number | null;
  /** Who is told outside chat; where they are reached is looked up when something is sent. */
  audiences?: AudienceRule[];
  /** People may subscribe: there is a mail server. */
  subscriptions?: true;
}
/** `updates`: announcement, status updates and the end, as written. `outline`: only number, severity, status and times. */
export interface Mirror {
  platform: string;
  hears: 'updates' | 'outline';
}
/** What is left out, leaves nothing out. */
export interface AudienceRule {
  name: string;
  services?: string[];
  severities?: Severity[];
  /** Left out: stakeholders. Executives hear less and shorter; `public` hears only what a person publishes. */
  kind?: AudienceKind;
  /** How often it is promised a word of its own. */
  every?: Pace;
  /** Left out: all of it. */
  hears?: WhatIsHeard[];
}
export const audienceKinds = ['stakeholders', 'executives', 'public'] as const;
export type AudienceKind = (typeof audienceKinds)[number];
export const whatIsHeard = ['declared', 'updates', 'severity', 'end'] as const;
export type WhatIsHeard = (typeof whatIsHeard)[number];
export interface SeverityPolicy {
  /** null: no promised cadence. */
  updateEveryMs: number | null;
  /** Where another status has another pace. */
  updateEveryIn?: Omit<Pace, 'investigating'>;
  /** The same in a long incident; left out: twice as long. */
  longUpdateEveryMs?: number;
  acknowledgeWithinMs: number | null;
  /** How long nobody may do anything before whoever acknowledged is asked; null or left out: for ever. */
  idleAfterMs?: number | null;
  postmortem: boolean;
  /** When an entry of the triage queue is due; left out: 1 h, 4 h and 1 d. */
  triageWithinMs?: number;
  /** Where people talk; goes before that of a service. */
  callLink?: string;
  /** People invited when it opens or becomes as grave as this. */
  invite?: string[];
  /** People told directly when it opens or becomes as grave as this, and again while nobody acknowledges. */
  page?: string[];
}

/** Whom the policy invites at this severity. */
export const invitedAt = ({ severities, invite }: Policy, severity: Severity): string[] =>
  severities[severity].invite ?? invite;

export interface Incident extends Noisy {
  id: string;
  /** null while in triage. */
  number: number | null;
  title: string;
  status: Status;
  severity: Severity;
  severityReason: string;
  severitySetBy: 'machine' | 'person';
  severityProposal: { severity: Severity; reason: string } | null;
  statusProposal: { status: Status; reason: string } | null;
  visibility: 'public' | 'private';
  drill: boolean;
  services: string[];
  /** What its alerts have in common; at most one open incident has a given key. null when declared by a person. */
  groupKey: string | null;
  evidence: Evidence;
  policy: Policy;
  openedAt: number;
  openedBy: Actor;
  declaredAt: number | null;
  declaredBy: Actor | null;
  /** The earliest start of any of its alerts, or what a person said. */
  impactStartedAt: number | null;
  firstAlertAt: number | null;
  /** Left out: none came. */
  lastAlertAt?: number;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  acknowledgeDueAt: number | null;
  /** How often nobody acknowledged in time. */
  acknowledgeMisses: number;
  identifiedAt: number | null;
  mitigatedAt: number | null;
  resolvedAt: number | null;
  closedAt: number | null;
  snoozedUntil: number | null;
  /** Why it was dismissed, or how it ended by itself. */
  outcome: { reason: string; automatic: boolean } | null;
  /** The last decision about an entry of the triage queue, snoozed or dismissed: who (null: Muster) and why. */
  triageDecision?: { by: string | null; reason: string };
  roles: Partial<Record<Role, string>>;
  responders: string[];
  /** Who works on it now; fewer when somebody hands over or leaves. */
  here?: string[];
  /** Work given to people outside the playbook. */
  tasks?: GivenTasks;
  /** What waits to be accepted. */
  handover?: Handover | null;
  /** Of whoever commands; null: nobody does. */
  watch?: Watch | null;
  /** Roles that whoever commands was offered to give away, and when the next is offered. */
  offered?: Role[];
  offerAt?: number | null;
  /** What was asked last and is not answered yet. */
  nudge?: Nudge | null;
  impact: { text: string; at: number; by: string } | null;
  /** What people can do until it works again; null: nothing is known. */
  workaround: { text: string; at: number; by: string } | null;
  /** When it should work again, and why then, or why that is not known; null: nobody has said anything. */
  expected: { at: number | null; why: string | null; saidAt: number; by: string } | null;
  alerts: { firing: number; total: number; names: string[] };
  /** The playbook in hand. */
  walk: Walk | null;
  /** Playbooks set aside or kept for later, as they stood; each can be taken in hand again. */
  aside: Walk[];
  updates: Updates;
  followUps: FollowUp[];
  /** Names of the audiences that have heard of it. */
  audiences?: string[];
  /** Of those that do not hear everything: what they heard last. */
  heard?: Record<string, { at: number; told: Told }>;
  /** What everybody reads, since a person published it. */
  publication?: Published;
  /** Platform name -> the channel as opened there. */
  channels: Record<string, { channel: string; name: string; archived?: true }>;
  postmortem: { version: number; at: number } | null;
  /** What has become of the pages; left out: nobody was called. */
  pages?: PageOutcome[];
  /** What waits, or waited, for the agreement of others. */
  approvals?: ApprovalRequest[];
  /** Where calling people stands; left out: nobody has been called. */
  paging?: Paging;
  /** What its playbooks should say instead, as people thought while they walked them. */
  suggestions?: Suggestion[];
  /** Messages of chats that stand on the timeline. */
  kept?: Kept[];
  /** Of an entry of the triage queue, and as it was when it left it. */
  queued?: Queued;
  /** By person, what they did last and how it is taken back. */
  acts?: Record<string, LastAct>;
  /** What it has to do with services beside its own; left out: nothing. */
  dependencies?: Dependencies;
  /** What senders say to look at. */
  hints?: Hints;
  /** What was changed shortly before it began, newest first. */
  changed?: ChangedBefore[];
  /** Incidents it belongs together with. */
  links?: Link[];
  /** Since home cannot be used; null or left out: it can. */
  away?: Away | null;
  /** The platform that stood in for home last. */
  stoodIn?: string;
}

/** Home cannot be used, and the incident goes on elsewhere. */
export interface Away {
  platform: string;
  standIn: string;
  /** When home was heard of last. */
  since: number;
  /** The event that said so: home has heard nothing of what came after, and perhaps not all of what came just before. */
  seq: number;
  /** What is gone: the whole platform, or only the channel of this incident. */
  of: 'platform' | 'channel';
}

export interface Updates {
  /** When the next one is promised; null: nothing is promised. */
  dueAt: number | null;
  lastAt: number | null;
  lastText: string | null;
  lastHumanAt: number | null;
  automaticInARow: number;
  /** Since when a person's update is owed; null when none is. */
  overdueSince: number | null;
  count: number;
  /** What the last one told besides a person's words, and since when they tell this. */
  told: Told | null;
  toldSince: number | null;
  /** What a person said last, while it still holds. */
  lastWords: string | null;
  /** The message stakeholders were sent last: the number of its update, and when. */
  shown: { number: number; at: number } | null;
  /** When whoever speaks is asked for an update, because this changed; null: nothing did since the last one. */
  askAt: number | null;
  changed: UpdateChange[];
  askedAt: number | null;
  /** Since when updates come more rarely; null: as often as usual. */
  longSince: number | null;
  /** When Muster proposes that. */
  longAskAt: number | null;
  /** Who is called while one is owed; null or left out: nobody. */
  climb?: Climb | null;
  punctuality?: Punctual;
  /** What executives were asked to decide last; null or left out: nothing. */
  decision?: string | null;
}

/** How people kept what was promised. What Muster posts by itself keeps nothing. */
export interface Punctual {
  /** Promises that came due or were kept before. */
  made: number;
  kept: number;
  /** How late the latest of them came. */
  latestMs: number;
  /** The longest time without a person's word, and since when it counts now. */
  silenceMs: number;
  since: number;
  /** The promise in hand is broken already. */
  broken: boolean;
}

/** What an update is asked for. */
export type UpdateChange = 'status' | 'severity' | 'impact' | 'workaround' | 'expected';

export interface FollowUp {
  id: number;
  text: string;
  owner: string | null;
  /** ISO date. */
  dueOn: string | null;
  fromStep: number | null;
  /** Hash of the playbook it is a step of. */
  fromWalk?: string;
}

/** The playbook in hand and those aside. */
export const walksOf = ({ walk, aside }: Pick<Incident, 'walk' | 'aside'>): Walk[] =>
  walk ? [walk, ...aside] : [...aside];
/** Who has a role; the commander has every role nobody has. */
export const holderOf = ({ roles: held }: Pick<Incident, 'roles'>, role: Role): string | null =>
  held[role] ?? held.commander ?? null;

export const isOpen = (incident: Incident): boolean => !['closed', 'dismissed', 'resolved'].includes(incident.status);
export const isDeclared = (incident: Incident): boolean => incident.number !== null;
/** sev1 is worse than sev2: smaller is graver. */
const rank = (severity: Severity): number => severities.indexOf(severity);
export const graver = (a: Severity, b: Severity): boolean => rank(a) < rank(b);

/** A rule broken or a state that does not allow it: a value, shown only to whoever asked. */
export interface Refusal {
  refused: true;
  code: string;
  /** What was wrong and what to do, one or two sentences. */
  message: string;
}
export const refuse = (code: string, message: string): Refusal => ({ refused: true, code, message });
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && (value as Refusal).refused === true;
