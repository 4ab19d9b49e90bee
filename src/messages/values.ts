import type { Role, Severity, Status } from '../incident/state.js';
import type { Destination } from './card.js';
import { webHref } from './markdown.js';
import type { ApprovalValues } from './values-approvals.js';
import type { CrewValues } from './values-crew.js';
import type { PromisingValues } from './values-promising.js';
import type { UpdateValues } from './values-updates.js';
import type { WalkValues } from './values-walk.js';

/** Somebody Muster knows. The only value that can become a mention; with an empty `personId` it is a name alone. */
export interface Person {
  personId: string;
  name: string;
}

/** An http(s) address Muster stands behind. Only `safeUrl` makes one: a string never becomes a link. */
export class SafeUrl {
  readonly #href: string;
  private constructor(href: string) {
    this.#href = href;
  }
  static from(value: string): SafeUrl | null {
    const href = webHref(value);
    return href === null ? null : new SafeUrl(href);
  }
  /** The address, or null for anything that is not a SafeUrl. */
  static hrefOf(value: unknown): string | null {
    return value instanceof SafeUrl ? value.#href : null;
  }
}
/** null unless it is http(s) and carries no user or password. */
export const safeUrl = (value: string): SafeUrl | null => SafeUrl.from(value);

/** A channel to point at, under the name to show where the platform cannot link it. */
export interface ChannelValue {
  channel: Destination;
  label: string;
}

/** In every template. `number` is null in triage; `drill`: an exercise, nothing is broken. */
export interface About {
  number: number | null;
  title: string;
  severity: Severity;
  drill: boolean;
}

export interface FollowUpValue {
  text: string;
  owner: Person | null;
  /** ISO date. */
  dueOn: string | null;
}

/**
 * The values of each template, by its name. Strings may come from anywhere and are shown literally. Times are ms since
 * the epoch (`…At`), spans ms (`…Ms`), `by: null` is Muster itself.
 */
export interface TemplateValues extends ApprovalValues, UpdateValues, WalkValues, PromisingValues, CrewValues {
  declared: About & {
    severityReason: string;
    services: readonly string[];
    alertCount: number;
    firing: number;
    alertNames: readonly string[];
    by: Person | null;
    acknowledgeDueAt: number | null;
    updateDueAt: number | null;
    playbook: string | null;
  };
  triage: About & {
    severityReason: string;
    services: readonly string[];
    alertCount: number;
    firing: number;
    alertNames: readonly string[];
  };
  'alerts-attached': About & { count: number; firing: number; alertNames: readonly string[] };
  'alerts-cleared': About & {
    count: number;
    alertNames: readonly string[];
    /** Still firing. */
    firing: number;
    /** What Muster proposes now that all are cleared. */
    proposed: 'monitoring' | 'resolved' | null;
  };
  acknowledged: About & { by: Person; tookMs: number | null };
  /** `called`: the people and what they are by then, as level `level` of `levels`; 0: nobody is named. */
  'acknowledge-overdue': About & {
    dueAt: number;
    lateMs: number;
    people: readonly Person[];
    called: readonly { person: Person; because: string }[];
    level: number;
    levels: number;
    /** When the next are called. */
    untilAt: number | null;
  };
  'severity-changed': About & { from: Severity; reason: string; by: Person | null };
  /** `severity` is the one in force. */
  'severity-proposed': About & { to: Severity; reason: string };
  'status-changed': About & { from: Status; status: Status; reason: string | null; by: Person | null };
  'role-assigned': About & { role: Role; person: Person; previous: Person | null; by: Person | null };
  /** `stepped`: by the person's own word; else they have left. `holder`: who has it by that. */
  'role-released': About & { role: Role; person: Person; stepped: boolean; holder: Person | null };
  'role-expectations': About & {
    role: Role;
    person: Person;
    channel: ChannelValue | null;
    updateDueAt: number | null;
    /** Nobody else is there. */
    alone: boolean;
    /** Roles nobody has, which are this person's by that. */
    folded: readonly Role[];
  };
  note: About & { text: string; by: Person | null; at: number };
  impact: About & { text: string; by: Person | null; at: number };
  'follow-up-added': About & FollowUpValue & { id: number; by: Person | null };
  resolved: About & {
    by: Person | null;
    summary: string | null;
    lastedMs: number | null;
    openSteps: number;
    /** Alerts that fire still; reported again after `reopenForMs`, they open a new incident. */
    firing: number;
    reopenForMs: number;
  };
  reopened: About & { by: Person | null; status: Status; reason: string };
  closed: About & {
    by: Person | null;
    automatic: boolean;
    followUps: readonly FollowUpValue[];
    /** Titles of the steps nobody finished; each has become a follow-up. */
    openSteps: readonly string[];
    postmortem: boolean;
    /** Updates that were promised, and those a person posted in time. */
    promised: number;
    kept: number;
    /** How late the latest came, and the longest time without a person's word. */
    latestMs: number;
    silenceMs: number;
    /** As for `resolved`. */
    firing: number;
    reopenForMs: number;
  };
  postmortem: About & { version: number; url: SafeUrl | null };
  'delivery-failed': About & { what: string; error: string; jobKey: string };
}

export type TemplateName = keyof TemplateValues;
