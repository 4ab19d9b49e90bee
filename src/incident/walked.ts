import type { Held, StepGates, WalkGates } from './gates.js';
import type { Role } from './state.js';

/** A playbook being walked. Titles are kept so that the timeline and the card read without the text. */
export interface Walk extends WalkGates {
  hash: string;
  playbookId: string;
  title: string;
  reason: string;
  /** Index of the step in hand, the first on the page where there are several; null before the start and after the last. */
  current: number | null;
  /** The others that are in hand at the same time, in order of the page; left out: none. */
  beside?: Held[];
  startedAt: number | null;
  finishedAt: number | null;
  steps: WalkStep[];
  /** Indexes of the steps that have ended, the latest last: times may be equal, and clocks go back. */
  trail: number[];
  answers: Record<string, string>;
  /** When the step in hand is asked about; null: it has no time-box, or has been asked about often enough. */
  dueAt: number | null;
  /** How often the step in hand has been asked about. */
  asked: number;
  /** Of the step in hand, when it needs one. */
  approval: Approval | null;
}
export interface Approval {
  state: 'asked' | 'given' | 'declined';
  /** Who brought the step in hand or took it: somebody else has to agree. null: no person. */
  askedBy: string | null;
  askedAt: number;
  /** Who decided, when, and why it was declined. */
  by: string | null;
  at: number | null;
  said: string | null;
  /** It was not given: whoever decided went ahead alone. */
  alone?: true;
}
export interface WalkStep extends StepGates {
  title: string;
  phase: string;
  role: string | null;
  /** Index of the step that follows when this one went well; null: the next on the page. */
  thenTo: number | null;
  /** The role that has to agree first. */
  approve: Role | null;
  /** The time-box. */
  withinMs: number | null;
  /** How many sub-steps there are, and the indexes of those that are ticked. */
  substeps: number;
  ticked: number[];
  /** The person it was given to; anybody may end it all the same. */
  assignee: string | null;
  /** `passed`: the walk went another way, and nobody owes it. */
  state: 'open' | 'done' | 'skipped' | 'failed' | 'passed';
  startedAt: number | null;
  endedAt: number | null;
  by: string | null;
  /** Evidence, reason, or what happened, as typed. */
  said: string | null;
}
