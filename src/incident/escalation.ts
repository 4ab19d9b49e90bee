import type { Severity } from './state.js';

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
  /** How long these have before the next level is called. */
  acknowledgeWithinMs: number;
}

/** Who is called, level after level, while nobody acknowledges. */
export interface Escalation {
  /** As the configuration calls it; shown with each page, so that people know why they were called. */
  name: string;
  /** Left out: of any. */
  services?: string[];
  severities?: Severity[];
  levels: Level[];
  /** How often the whole ladder is gone through again. */
  repeat: number;
  /** Called at once when a level names nobody at all. */
  otherwise: Target[];
}

/** Why people are called now. */
export type PagedWhy = 'declared' | 'raised' | 'reopened' | 'missed' | 'idle';

/** Somebody who is called, and by what they are: `on call for primary`, `owner of registry`, `platform lead`. */
export interface Called {
  personId: string;
  because: string;
}
