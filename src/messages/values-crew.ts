import type { HandoverWhy } from '../incident/handover.js';
import type { Role, Severity } from '../incident/state.js';
import type { Person } from './values.js';

/** As in every template; see `values.ts`. */
interface About {
  number: number | null;
  title: string;
  severity: Severity;
  drill: boolean;
}
interface OfTask extends About {
  task: number;
  text: string;
  person: Person;
}

/** The values of what is said of tasks, of handing over and of roles that could be given away. */
export interface CrewValues {
  'task-given': OfTask & { by: Person | null; forMs: number; dueAt: number };
  /** `own`: told to whoever has it; else to whoever commands. */
  'task-overdue': OfTask & { dueAt: number; own: boolean };
  'task-ended': OfTask & { outcome: 'done' | 'dropped'; said: string | null; by: Person | null };
  /** To whoever commands. `to`: who is on call; null: nobody is known. */
  'handover-proposed': About & { why: HandoverWhy; to: Person | null; sinceMs: number };
  /** To whoever is asked to take over. `again`: they were asked before. `lines` are the note. */
  'handover-offered': About & {
    from: Person;
    roles: string;
    lines: readonly string[];
    because: string | null;
    again: boolean;
    askAt: number | null;
  };
  /** To whoever hands over: it has gone on to somebody else, or nobody is left. */
  'handover-waits': About & { to: Person | null; because: string; roles: string };
  /** To whoever hands over. `asked`: who may accept it now. */
  'handover-declined': About & { by: Person | null; reason: string; roles: string; asked: readonly Person[] };
  'handover-withdrawn': About & { by: Person | null; roles: string };
  /** In the channel. */
  'handover-accepted': About & { by: Person | null; from: Person; roles: string };
  /** To whoever commands: somebody is there who could have this. */
  'role-offered': About & { role: Role; person: Person };
}
