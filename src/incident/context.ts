import type { EventBodies, EventType, IncidentEvent } from './events.js';
import type { Incident, Refusal } from './state.js';

/** What `decide` may look at besides the incident; frozen for one call. */
export interface Context {
  /** The number a declaration gets. The store refuses a taken one and the engine decides again. */
  number: number;
  /** Playbooks by content hash: those of today and those running incidents keep. */
  playbook(hash: string): WalkablePlaybook | null;
  /** Another open incident with the same group key; asked when one is reopened. */
  rival: { number: number | null; title: string } | null;
  /** Whether this actor may do this; null: yes. */
  may(verb: string, incident: Incident | null): Refusal | null;
}

/** As much of a playbook as walking needs. */
export interface WalkablePlaybook {
  playbookId: string;
  title: string;
  steps: {
    title: string;
    phase: string;
    role: string | null;
    /** Indexes of the steps that follow when it failed and when it went well; null: the next on the page. */
    goto: number | null;
    thenTo: number | null;
    ask: string[];
    approve: string | null;
    withinMs: number | null;
    substeps: readonly string[];
  }[];
}

export type Decision = IncidentEvent[] | Refusal;

/** Builds one event with its body checked against its type. */
export const event = <T extends EventType>(type: T, body: EventBodies[T]): IncidentEvent =>
  ({ type, body }) as IncidentEvent;
