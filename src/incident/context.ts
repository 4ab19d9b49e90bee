import type { Asked, CommandBodies, CommandType } from './commands.js';
import type { EventBodies, EventType, IncidentEvent } from './events.js';
import type { Phase } from './gates.js';
import type { Moved } from './links.js';
import type { Incident, Refusal } from './state.js';

/** What `decide` may look at besides the incident; frozen for one call. */
export interface Context {
  /** The number a declaration gets. The store refuses a taken one and the engine decides again. */
  number: number;
  /** Playbooks by content hash: those of today and those running incidents keep. */
  playbook(hash: string): WalkablePlaybook | null;
  /** Another open incident with the same group key; asked when one is reopened. */
  rival: { number: number | null; title: string } | null;
  /** What is decided on two incidents at once: the other one as it is now, and the alerts that go between them. */
  together?: Together;
  /** Who is on call by a schedule of the configuration at an instant. */
  onCall: OnCall;
  /** Whether this actor may do what goes by this name, see `actOf`; null: yes. */
  may(act: string, incident: Incident | null): Refusal | null;
}

/**
 * Person ids of those on call by this schedule at that instant, the first to be called first. `why`, when there is
 * nobody, in words: nobody is planned then, there is no such schedule, its calendar names nobody Muster knows.
 */
export type OnCall = (schedule: string, at: number) => { people: string[]; why: string | null };

export interface Together {
  other: Incident | null;
  moved: Moved | null;
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
    required?: boolean;
    check?: { yes: string; no: string } | null;
    rollBack?: { to: number; end: number } | null;
  }[];
  phases?: readonly Phase[];
}

export type Decision = IncidentEvent[] | Refusal;

/**
 * What an incident must be for a command to make sense. `declared`: has a number, ended or not. `live`: declared and
 * not closed. Checked in one place, so that no decision has to.
 */
export type On = 'anything' | 'declared' | 'live' | 'triage';

/** What else a decision is made of. */
type Given = Pick<Asked, 'actor' | 'at'> & { context: Context };

export type Decide<T extends CommandType> = (state: Incident, command: CommandBodies[T], given: Given) => Decision;

/** Decisions of one topic, by command: a topic keeps its own beside its code, and they are joined below. */
export type Decisions<T extends CommandType> = { readonly [Each in T]: readonly [On, Decide<Each>] };

/** Builds one event with its body checked against its type. */
export const event = <T extends EventType>(type: T, body: EventBodies[T]): IncidentEvent =>
  ({ type, body }) as IncidentEvent;
