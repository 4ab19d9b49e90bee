import type { Incident, Policy, Severity } from './state.js';

/**
 * Whom a level of an escalation calls, as the policy keeps it. Who that is on the night is found out when it happens:
 * `schedule` is whoever is on call by it then, `owners` are those of the incident's services.
 */
export type Target =
  | { kind: 'people'; as: string; people: string[] }
  | { kind: 'schedule'; schedule: string }
  | { kind: 'owners' };

export interface Level {
  targets: Target[];
  /** How long these have before the next level is called; left out: as the severity says. */
  acknowledgeWithinMs?: number;
}

/** Who is called, level after level, while nobody acknowledges. */
export interface Escalation {
  /** As the configuration calls it; shown with each page, so that people know why they were called. */
  name: string;
  /** Left out: of any. */
  services?: string[];
  severities?: Severity[];
  levels: Level[];
  /** How often the whole ladder is gone through again, with pauses twice as long each time. */
  repeat: number;
  /** Nobody is called at once: these are called when nobody has acknowledged in the channel. */
  later?: true;
  /** Called at once when a level names nobody at all. */
  otherwise: Target[];
}

/** What somebody is who is called by another person, without a schedule or a group. */
export const byName = 'called by name';

/** Why people are called now. `unreached`: no way of those before them took the call. `asked`: somebody wants them. */
export type PagedWhy = 'declared' | 'raised' | 'reopened' | 'missed' | 'unreached' | 'idle' | 'asked';

/** Somebody who is called, and by what they are: `on call for primary`, `owner of registry`, `platform lead`. */
export interface Called {
  personId: string;
  because: string;
}

export interface EscalationEvents {
  /**
   * People are called. `level` and `round` count from 1; level 0 is nobody's rung: somebody was called by name, or
   * whoever had acknowledged is asked first.
   */
  paged: {
    why: PagedWhy;
    /** Name of the escalation; null: called by name. */
    escalation: string | null;
    level: number;
    levels: number;
    round: number;
    rounds: number;
    /** Empty: every level named nobody. */
    people: Called[];
    /** What named nobody, each with why, as a sentence without its full stop. */
    nobody: string[];
    /** As somebody said it. */
    reason: string | null;
    /** The time that passed without a word. */
    dueAt?: number;
    /** When nobody's word means that the next are called; null: no more are, or somebody has acknowledged. */
    acknowledgeDueAt: number | null;
    /** When those called by name should have answered; null: nobody waits for that. */
    answerDueAt: number | null;
  };
  /** Somebody who was called has seen it, after another had acknowledged. */
  pageAnswered: Record<string, never>;
  /** They were called by name and have not answered. */
  answerMissed: { people: string[]; dueAt: number };
  /** Since `idleSinceAt` nobody did anything on an incident that `personId` had acknowledged. */
  acknowledgementLapsed: { personId: string | null; idleSinceAt: number };
}

export interface EscalationCommands {
  /** Call these people now. */
  page: { people: Called[]; reason: string | null };
  /** Call the next level now. */
  escalate: { reason: string | null };
  /** Due jobs; `dueAt` says which time, so that a late one does nothing. */
  missAcknowledge: { dueAt: number };
  missAnswer: { dueAt: number };
  lapseAcknowledgement: { dueAt: number };
}

/** Where calling people stands. */
export interface Paging {
  escalation: string | null;
  /** The rung that was called last; 0: none yet. */
  level: number;
  levels: number;
  round: number;
  rounds: number;
  /** Everybody called since it was declared or reopened, each once, with why they were last, as said with it. */
  called: Called[];
  /** Those whose telephone may still ring, by the event that called them. */
  ringing: { personId: string; seq: number; answerDueAt: number | null; isNew?: true }[];
  /** Since when nobody has been doing anything though it is acknowledged; null: somebody is. */
  lapsedAt: number | null;
  /** When a person did something last. */
  activeAt: number | null;
}

export const noPaging: Paging = {
  escalation: null,
  level: 0,
  levels: 0,
  round: 0,
  rounds: 0,
  called: [],
  ringing: [],
  lapsedAt: null,
  activeAt: null,
};

export const pagingOf = ({ paging }: Pick<Incident, 'paging'>): Paging => paging ?? noPaging;

/** Somebody has it in hand. */
export const isAcknowledged = (incident: Pick<Incident, 'acknowledgedAt' | 'paging'>): boolean =>
  incident.acknowledgedAt !== null && pagingOf(incident).lapsedAt === null;

const invitedLater: Pick<Escalation, 'repeat' | 'later'> = { repeat: 4, later: true };
const calledAtOnce: Pick<Escalation, 'repeat'> = { repeat: 5 };

/** A severity that names people itself calls them on one level. */
function ofSeverity(policy: Policy, severity: Severity): Escalation | null {
  const { page, invite = policy.invite } = policy.severities[severity];
  const people = page ?? invite;
  if (people.length === 0) return null;
  return {
    name: severity,
    levels: [{ targets: [{ kind: 'people', as: `named for ${severity}`, people }] }],
    otherwise: [],
    ...(page ? calledAtOnce : invitedLater),
  };
}

/** Who is called for this incident, level after level; null: nobody is named. */
export function escalationOf({
  policy,
  severity,
  services,
}: Pick<Incident, 'policy' | 'severity' | 'services'>): Escalation | null {
  const first = policy.escalations?.find(
    (each) =>
      (each.severities?.includes(severity) ?? true) &&
      (each.services?.some((service) => services.includes(service)) ?? true),
  );
  return first ?? ofSeverity(policy, severity);
}

/** How long those called first have; null: nobody is chased. */
export function firstWithin(incident: Pick<Incident, 'policy' | 'severity' | 'services'>): number | null {
  const ladder = escalationOf(incident);
  const usual = incident.policy.severities[incident.severity].acknowledgeWithinMs;
  return ladder && !ladder.later ? (ladder.levels[0]?.acknowledgeWithinMs ?? usual) : usual;
}

/** Whoever answers for it without a commander: those called so far, or those the policy names for its severity. */
export function watchers(incident: Incident): string[] {
  const called = pagingOf(incident).called.map(({ personId }) => personId);
  if (called.length > 0) return called;
  const { policy, severity } = incident;
  return policy.severities[severity].page ?? policy.severities[severity].invite ?? policy.invite;
}

/** When whoever acknowledged is asked whether they are still at it; null: they are not. A running time-box is respected. */
export function idleDueAt(incident: Incident): number | null {
  const { policy, severity, status, acknowledgedAt, updates, walk } = incident;
  const after = policy.severities[severity].idleAfterMs ?? null;
  if (after === null || acknowledgedAt === null || !isAcknowledged(incident)) return null;
  if (!['investigating', 'identified', 'monitoring'].includes(status)) return null;
  // Watching is quiet work, as long as somebody says so when it is due.
  if (status === 'monitoring' && updates.overdueSince === null) return null;
  const since = Math.max(pagingOf(incident).activeAt ?? acknowledgedAt, acknowledgedAt);
  return Math.max(since + after, walk?.dueAt ?? 0);
}
