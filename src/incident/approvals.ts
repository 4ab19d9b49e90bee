import type { Meant } from './commands.js';
import { type FollowUp, holderOf, type Incident, type Role } from './state.js';

/** Whom a rule asks. `services`: those who may approve for the services of the incident. */
export type ApproverRule =
  | { kind: 'role'; role: Role }
  | { kind: 'people'; as: string; people: string[] }
  | { kind: 'services' };

/** Who is asked, one after another, and how many have to agree. */
export interface ApprovalRule {
  from: ApproverRule[];
  count: number;
  /** How long each of `from` has before the next is asked as well. */
  withinMs: number;
}

/** Whom a request asks. Who has a role is found out when it matters: roles change hands. */
export type Approvers = { kind: 'role'; role: Role } | { kind: 'people'; as: string; people: string[] };

export const requestStates = ['asked', 'given', 'declined', 'lapsed', 'broken', 'dropped'] as const;

/** Something that waits, or waited, for the agreement of others. */
export interface ApprovalRequest {
  /** Counted from 1 on the incident. */
  id: number;
  what: string;
  /** The step it is for; null: a person asked for it. */
  step: { hash: string; index: number } | null;
  /** null: no person. Never approves it. */
  askedBy: string | null;
  askedAt: number;
  levels: Approvers[];
  /** Index of the last level that has been asked. */
  level: number;
  count: number;
  withinMs: number;
  /** When the next level is asked, or the request lapses; null: not any more, or while the incident is over. */
  dueAt: number | null;
  /** The people who have agreed, each once. */
  given: string[];
  /**
   * `lapsed`: nobody answered; of a step it is told, and the step goes on waiting. `broken`: somebody went ahead alone.
   * `dropped`: its step is not in hand any more.
   */
  state: (typeof requestStates)[number];
  endedAt: number | null;
  /** Who ended it, and why. */
  by: string | null;
  said: string | null;
}

/** What one request of an event is; of a step, its index. */
interface OfRequest {
  id: number;
  index: number | null;
}

export interface ApprovalEvents {
  /** Of a step that comes in hand; whom it asks follows from the rules of the incident. */
  approvalAsked: { index: number; role: Role };
  /** By a person. `level`: of them, the last that is asked at once. */
  approvalRequested: {
    id: number;
    what: string;
    levels: Approvers[];
    level: number;
    count: number;
    withinMs: number;
  };
  /** `have` of `of` have agreed by now. `role`: as which. */
  approvalGiven: OfRequest & { role: Role | null; have: number; of: number };
  approvalDeclined: OfRequest & { role: Role | null; reason: string };
  /** Nobody answered in time, so the next are asked as well. */
  approvalClimbed: OfRequest & { level: number };
  /** Nobody answered at all. */
  approvalLapsed: OfRequest;
  /** Somebody goes ahead without the agreement of others. `id` null: nobody had been asked. */
  glassBroken: { id: number | null; index: number | null; what: string; reason: string; followUp: FollowUp };
}

export interface ApprovalCommands {
  /** `from` null: as the rules say. */
  requestApproval: { what: string; from: Approvers[] | null; count: number | null; withinMs: number | null };
  /** Without `request` the one that waits for this person. */
  approve: Meant & { request?: number };
  decline: Meant & { request?: number; reason: string };
  /** From a due job. */
  lapseApprovals: { dueAt: number };
  /** `what` null: what waits. */
  breakGlass: Meant & { request?: number; what: string | null; reason: string };
}

export const requestsOf = ({ approvals }: Incident): ApprovalRequest[] => approvals ?? [];
export const waiting = (incident: Incident): ApprovalRequest[] =>
  requestsOf(incident).filter(({ state }) => state === 'asked');

/** A step that nobody answered for still waits. */
export const answerable = ({ state, step }: ApprovalRequest): boolean =>
  state === 'asked' || (state === 'lapsed' && step !== null);

const ofLevel = (incident: Incident, level: Approvers): string[] => {
  if (level.kind === 'people') return level.people;
  const holder = holderOf(incident, level.role);
  return holder === null ? [] : [holder];
};

/**
 * The people who may decide now, those asked first first; never who asked, nor who has agreed already, and of a private
 * incident only who is in it.
 */
export function deciders(incident: Incident, request: ApprovalRequest): string[] {
  const asked = request.levels.slice(0, request.level + 1).flatMap((level) => ofLevel(incident, level));
  const there = (each: string): boolean => incident.visibility === 'public' || incident.responders.includes(each);
  return [...new Set(asked)].filter((each) => each !== request.askedBy && !request.given.includes(each) && there(each));
}

/** The first levels that together have enough people; the last one where there are never enough. */
export function levelAskedAtOnce(incident: Incident, request: Omit<ApprovalRequest, 'level'>): number {
  const last = Math.max(0, request.levels.length - 1);
  for (let level = 0; level < last; level++)
    if (deciders(incident, { ...request, level }).length >= request.count) return level;
  return last;
}

/** When nothing is configured: whoever leads, then those who may approve for its services. */
const usual: ApprovalRule = {
  from: [{ kind: 'role', role: 'commander' }, { kind: 'services' }],
  count: 1,
  withinMs: 15 * 60_000,
};

/** The rule of a kind of request: the first word of what it is for, `step` for steps; else that for all. */
export function ruleFor({ policy }: Incident, kind: string): ApprovalRule {
  const rules = policy.approvals ?? {};
  const own = Object.hasOwn(rules, kind) ? rules[kind] : undefined;
  return own ?? (Object.hasOwn(rules, 'default') ? rules.default : undefined) ?? usual;
}

/** Whom these rules ask in this incident, each once. */
export function levelsOf({ services, policy }: Incident, rules: readonly ApproverRule[]): Approvers[] {
  const levels = rules.flatMap((rule): Approvers[] => {
    if (rule.kind !== 'services') return [rule];
    const people = [...new Set(services.flatMap((name) => policy.services?.[name]?.approve ?? []))];
    return people.length > 0 ? [{ kind: 'people', as: 'whoever may approve for its services', people }] : [];
  });
  const seen = new Set<string>();
  return levels.filter((level) => {
    const key = JSON.stringify(level);
    return !seen.has(key) && seen.add(key);
  });
}

/** In a sentence: `the commander, group leads`. */
export const approversWords = (levels: readonly Approvers[]): string =>
  levels.map((level) => (level.kind === 'role' ? `the ${level.role}` : level.as)).join(', then ');
