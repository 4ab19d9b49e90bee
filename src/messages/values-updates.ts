import type { Severity, Status, UpdateChange } from '../incident/state.js';
import type { ChannelValue, Person, SafeUrl } from './values.js';

/** As in every template; see `values.ts`. */
interface About {
  number: number | null;
  title: string;
  severity: Severity;
  drill: boolean;
}

/** A line that an update has beside the last one. */
export interface ChangeValue {
  /** `+`: it would be told now. `−`: it was, and does not hold any more. */
  sign: string;
  text: string;
}

/** The values of what is said around status updates. */
export interface UpdateValues {
  'status-update': About & {
    status: Status;
    /** Posted by Muster because nobody had. */
    automatic: boolean;
    /** A person's words; null when automatic. */
    text: string | null;
    happened: string;
    /** The last sentence a person said on the impact, when, and how long before this update. */
    impact: string | null;
    impactAt: number | null;
    impactAgeMs: number | null;
    /** What helps until it works again; null: nothing is known. */
    workaround: string | null;
    /** When it should work again, and why then, or why that is not known. */
    expectedAt: number | null;
    expectedWhy: string | null;
    doing: string | null;
    /** null: no more are promised. */
    nextAt: number | null;
    zones: readonly string[];
    /** Where anybody reads how it stands. */
    page: SafeUrl | null;
  };
  /** In the place of an automatic status update that would repeat the one before. */
  'update-unchanged': About & {
    status: Status;
    sinceAt: number;
    nextAt: number | null;
    zones: readonly string[];
    page: SafeUrl | null;
  };
  announcement: About & {
    severityReason: string;
    services: readonly string[];
    impact: string | null;
    commander: Person | null;
    nextAt: number | null;
    zones: readonly string[];
    channel: ChannelValue | null;
    page: SafeUrl | null;
  };
  'update-due-soon': About & {
    person: Person | null;
    dueAt: number;
    draft: string;
    /** When the last one was told; null: this is the first. */
    sinceAt: number | null;
    changes: readonly ChangeValue[];
  };
  'update-overdue': About & { person: Person | null; dueAt: number; lateMs: number; automaticInARow: number };
  'update-asked': About & {
    person: Person | null;
    changed: readonly UpdateChange[];
    draft: string;
    changes: readonly ChangeValue[];
  };
  'long-proposed': About & { openForMs: number; everyMs: number; longEveryMs: number };
  'long-mode': About & {
    status: Status;
    by: Person | null;
    everyMs: number;
    openForMs: number;
    nextAt: number | null;
    zones: readonly string[];
    page: SafeUrl | null;
  };
  'long-over': About & { by: Person | null; everyMs: number; nextAt: number | null };
  /** `text` null: there is none any more. */
  workaround: About & { text: string | null; by: Person | null; at: number };
  expected: About & {
    expectedAt: number | null;
    why: string | null;
    by: Person | null;
    at: number;
    zones: readonly string[];
  };
  /** The page for whoever is no responder. */
  'stakeholder-view': About & {
    status: Status;
    over: boolean;
    /** Of the most important service, 1 is the highest; null: not known. */
    tier: number | null;
    services: readonly string[];
    impact: string | null;
    impactAt: number | null;
    workaround: string | null;
    workaroundAt: number | null;
    expectedAt: number | null;
    /** That time is over, and it does not work yet. */
    expectedLate: boolean;
    expectedWhy: string | null;
    expectedSaidAt: number | null;
    /** What a person told last, and when. */
    words: string | null;
    wordsAt: number | null;
    startedAt: number | null;
    identifiedAt: number | null;
    mitigatedAt: number | null;
    resolvedAt: number | null;
    nextAt: number | null;
    /** The promised time is over. */
    nextLate: boolean;
    zones: readonly string[];
  };
}
