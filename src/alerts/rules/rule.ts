import type { Severity } from '../../incident/state.js';

/** What a configuration says about alerts that come in. Plain; texts between slashes are patterns. */
export interface IntakeRules {
  /** In this order; the first that fits decides. */
  rules: IntakeRule[];
  /** Where no rule says so; null: by service, else by what the source says belongs together. */
  group: Grouping | null;
  /** null: never. */
  flap: FlapRule | null;
  storm: StormRule | null;
}

export interface IntakeRule {
  /** As people know it, e.g. `intake rule 2` or `intake rule "nightly builds"`. */
  name: string;
  /** Every alert, when both say nothing. */
  when: AlertTest;
  /** Those that fit this too are left alone. */
  unless: AlertTest | null;
  outcome: Then;
  /** Why, as its author put it. */
  because: string;
  /** null: as usual. */
  group: Grouping | null;
}

/** All that is given must hold; of a list one is enough. */
export interface AlertTest {
  /** Names or kinds of sources. */
  source?: string[];
  service?: string[];
  /** The sender's word, or ours (`critical`, `warning`, `info`, `none`). */
  severity?: string[];
  name?: string[];
  summary?: string[];
  host?: string[];
  labels?: Record<string, string[]>;
  tier?: number[];
  at?: HoursOfWeek;
}

/** Minutes of the day in a zone; from a later to an earlier one goes over midnight, and belongs to the day it began. */
export interface HoursOfWeek {
  zone: string;
  /** null: all day. */
  between: { from: number; to: number } | null;
  /** 0 is Sunday; null: every day. */
  days: number[] | null;
}

export type Then =
  /** As without the rule. */
  | { kind: 'usual' }
  | { kind: 'open'; atLeast: Severity }
  /** Its own severity counts for nothing: this does. */
  | { kind: 'open-as'; severity: Severity }
  /** It is in the queue, or with what is open, and by itself opens nothing. */
  | { kind: 'queue' }
  /** It goes to what is open of this service; nothing is: as without the rule. */
  | { kind: 'attach'; service: string }
  | { kind: 'ignore' };

export type GroupBy = 'service' | 'source' | 'host' | 'name' | `label:${string}`;

export interface Grouping {
  /** Empty: as usual. */
  keys: GroupBy[];
  /** An alert joins what is open only within this time of the last one there; null: however late. */
  windowMs: number | null;
}

/** An alert that began this often within `withinMs` flaps, until it has been quiet for `quietForMs`. */
export interface FlapRule {
  times: number;
  withinMs: number;
  quietForMs: number;
}

/** More of one source than this within `withinMs` is a storm, until none has come for `overAfterMs`. */
export interface StormRule {
  alerts: number;
  /** Incidents and entries of the queue that would open. */
  groups: number;
  withinMs: number;
  overAfterMs: number;
}
