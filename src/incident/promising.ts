import type { Rung } from './climb.js';
import type { Severity, Status } from './state.js';

/** Which promise is meant: of an update inside, or of the next word to everybody. */
export type Owed = 'update' | 'publication';

/** What a person told everybody; nothing else of an incident is public. */
export interface Publication {
  number: number;
  title: string;
  text: string;
  status: Status;
  severity: Severity;
  at: number;
  by: string;
}

/** What comes of promises: to those inside by updates, to everybody by what a person publishes. */
export interface PromisingEvents {
  /** A person confirmed these words for everybody. */
  published: {
    number: number;
    title: string;
    text: string;
    status: Status;
    severity: Severity;
    /** When this one had been promised, and how late it is. */
    promisedAt: number | null;
    lateMs: number;
    nextAt: number | null;
  };
  publishWarned: { dueAt: number };
  publishMissed: { dueAt: number };
  /** These were called because it has been owed since `since`; the next after `nextAt`. */
  updateChased: { of: Owed; since: number; rungs: Rung[]; people: string[]; nextAt: number };
}

export interface PromisingCommands {
  /** `title`: null keeps what everybody reads already, or says no more than the number. */
  publish: { title: string | null; text: string; nextInMs?: number };
  /** Due jobs; `dueAt` says which promise. */
  warnPublish: { dueAt: number };
  missPublish: { dueAt: number };
  chaseUpdate: { of: Owed; dueAt: number };
}
