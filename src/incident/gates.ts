import type { Approval, FollowUp, Role, Severity } from './state.js';

/** What of a playbook goes beyond one step after another. Indexes count the steps of the playbook from 0. */

/** A step in hand beside the one of `Walk.current`, watched as that one is. */
export interface Held {
  index: number;
  dueAt: number | null;
  asked: number;
  approval: Approval | null;
}

/** As a step has it when its playbook is attached; left out: it has none of it. */
export interface GatesOfStep {
  /** Where it leads when it failed, or its question is answered with no. */
  goto?: number | null;
  /** Its end is owed. */
  required?: true;
  /** It is a question. */
  check?: true;
  /** Where its change is taken back: from `to` up to, and without, `end`. */
  rollBack?: { to: number; end: number };
  /** Names it asks for. */
  ask?: string[];
}

/** The steps from `from` up to, and without, `to`, as the playbook has them. */
export interface Phase {
  title: string;
  from: number;
  to: number;
  /** All of them are in hand at once, and end in any order. */
  parallel: boolean;
  /** What follows when all of them have ended; null: the next on the page. */
  thenTo: number | null;
  withinMs: number | null;
  otherwise: Otherwise[];
  /** When the commander is asked whether to go on with it, and where the other way leads. */
  decide: { afterMs: number; to: number; label: string } | null;
}

/** `whom`: a role, `platform-lead`, `owners`, or `on-call <schedule>`. */
export type Otherwise = { do: 'severity'; severity: Severity; propose: boolean } | { do: 'page'; whom: string };

export interface StepGates extends GatesOfStep {
  /** What came in hand when it ended; left out: it has not, or was not in hand. */
  led?: number[];
}

/** A phase on its way. Times are null while no step of it is in hand. */
export interface WalkPhase extends Phase {
  startedAt: number | null;
  /** When it has taken too long; null as well once that was said. */
  dueAt: number | null;
  /** When the commander is asked, and how often that was. */
  decideAt: number | null;
  decideAsked: number;
}

export interface WalkGates {
  phases?: WalkPhase[];
  /** A change is being taken back: these steps, and what is in hand again afterwards. */
  rollingBack?: { to: number; end: number; returns: number[] };
  /** Hash of the newest text of its file that was told of. */
  newer?: string;
}

export interface GateEvents {
  /** `answer`: as it stands on the button. */
  checkAnswered: {
    index: number;
    next: number | null;
    also?: number[];
    yes: boolean;
    answer: string;
    said: string | null;
  };
  valueGiven: { name: string; value: string; previous: string | null };
  /** `phase`: its place among `Walk.phases`. What it brings follows as events of its own; `alone`: nothing does. */
  phaseOverdue: { phase: number; title: string; withinMs: number; dueAt: number; alone: boolean };
  decisionAsked: { phase: number; title: string; label: string; times: number; to: number; nextAskAt: number | null };
  /** `forMs`: how long it goes on before it is asked again; null: it is not. */
  decisionMade: {
    phase: number;
    title: string;
    choice: 'keep' | 'leave';
    label: string;
    why: string | null;
    forMs: number | null;
    next: number | null;
    also?: number[];
  };
  /** The change of step `of` is taken back; what was in hand is in hand again afterwards. */
  rolledBack: { of: number; next: number; also?: number[]; end: number; returns: number[]; reason: string | null };
  /** A required step that is still owed is kept as a follow-up. */
  stepCarried: { hash: string; index: number; followUp: FollowUp };
  /** A required step that was not in hand any more. */
  stepSettled: { hash: string; index: number; as: 'done' | 'skipped'; said: string | null };
  /** The file has another text now than the one that is walked. */
  playbookChanged: { hash: string; title: string; newer: string };
  /** `from`: of each step of the new text, the one it was before; null: it is new. `hand`: what is in hand now. */
  playbookAdopted: { was: string; hash: string; title: string; steps: AdoptedStep[]; phases: Phase[]; hand: number[] };
}

export interface AdoptedStep extends GatesOfStep {
  title: string;
  phase: string;
  role: string | null;
  thenTo: number | null;
  approve: Role | null;
  withinMs: number | null;
  substeps: number;
  from: number | null;
}

interface Meant {
  step?: number;
  playbook?: string;
}

export interface GateCommands {
  answerCheck: Meant & { yes: boolean; said: string | null };
  giveValues: { values: Record<string, string> };
  /** From a due job; `dueAt` says which stay in the phase. */
  checkPhase: { phase: number; dueAt: number };
  askDecision: { phase: number; dueAt: number };
  decideWay: { choice: 'keep' | 'leave'; forMs: number | null; why: string | null };
  rollBack: { reason: string | null };
  carryStep: Meant & { owner: string; dueOn: string };
  /** By Muster, when the file was read again. */
  notePlaybookChanged: { hash: string; newer: string };
  /** `newer`: the text that was shown. */
  adoptPlaybook: { newer: string };
}
