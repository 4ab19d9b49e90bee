import type { Role, Severity } from '../incident/state.js';
import type { Person } from './values.js';

/** As in every template, see `values.ts`; with a step, its number from 1. */
interface OfStep {
  number: number | null;
  title: string;
  severity: Severity;
  drill: boolean;
  step: number;
  total: number;
  phase: string;
  stepTitle: string;
}
type About = Omit<OfStep, 'step' | 'total' | 'phase' | 'stepTitle'>;

/** The values of what is said of playbooks and their steps. */
export interface WalkValues {
  /** `later`: it waits beside the one in hand. `beside`: those set aside or kept for later. `others` match as well. */
  playbook: About & {
    playbook: string;
    reason: string;
    steps: number;
    later: boolean;
    beside: readonly string[];
    others: readonly { playbook: string; reason: string }[];
  };
  /** `from`: the one that is set aside. The step in hand is appended by code. */
  'playbook-switched': About & { playbook: string; from: string | null; by: Person | null };
  /** The step that ended; the next one is appended by code. */
  step: OfStep & {
    by: Person | null;
    outcome: 'done' | 'answered' | 'skipped' | 'failed' | 'back';
    /** Evidence, reason, or what happened, as typed. */
    evidence: string | null;
    tookMs: number | null;
    /** It was the last one. */
    last: boolean;
  };
  'step-assigned': OfStep & { person: Person; by: Person | null; withinMs: number | null };
  'sub-step': OfStep & {
    substep: number;
    text: string;
    ticked: boolean;
    /** How many are ticked now, of how many. */
    tickedCount: number;
    substeps: number;
    by: Person | null;
  };
  /** `waitsFor`: the role whose approval is waited for. `last`: the channel is not asked again. */
  'step-overdue': OfStep & { tookMs: number; person: Person | null; waitsFor: Role | null; last: boolean };
  'step-extended': OfStep & { by: Person | null; forMs: number; dueAt: number };
  'help-asked': OfStep & { by: Person | null; text: string | null; people: readonly Person[] };
  /** `person`: whoever may decide, the first of them; null: nobody. `askedBy` has to be somebody else. `partly`: more have to agree. */
  approval: OfStep & {
    outcome: 'asked' | 'partly' | 'given' | 'declined';
    role: Role;
    person: Person | null;
    askedBy: Person | null;
    by: Person | null;
    reason: string | null;
  };
}
