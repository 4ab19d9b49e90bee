import type { Incident } from './state.js';

/** Work somebody has been given or has taken, outside the playbook, with the time they are back. */
export interface GivenTask {
  /** Counted from 1 on the incident. */
  id: number;
  text: string;
  personId: string;
  /** Who gave it; null: no person. */
  by: string | null;
  givenAt: number;
  forMs: number;
  dueAt: number;
  /** When somebody is asked; null: nobody any more. */
  askAt: number | null;
  /** How often somebody was asked since it was given or got more time. */
  asked: number;
}

/** `given`: how many there ever were. */
export interface GivenTasks {
  given: number;
  open: GivenTask[];
}

interface Of {
  id: number;
}

export interface TaskEvents {
  taskGiven: Of & { text: string; personId: string; forMs: number; dueAt: number };
  taskExtended: Of & { forMs: number; dueAt: number };
  /** Its time is over, and `asks` is asked: whoever has it, then whoever commands. */
  taskOverdue: Of & { dueAt: number; times: number; asks: string; nextAt: number | null };
  taskDone: Of & { personId: string; text: string; said: string | null };
  taskDropped: Of & { personId: string; text: string; reason: string | null };
}

export interface TaskCommands {
  giveTask: { text: string; personId: string; forMs: number };
  /** `forMs` null: the same time again. Without `id` the asker's own. */
  extendTask: { id?: number; forMs: number | null };
  finishTask: { id?: number; said: string | null };
  dropTask: { id?: number; reason: string | null };
  /** From a due job; `dueAt` says which time. */
  checkTask: { id: number; dueAt: number };
}

export const openTasks = ({ tasks }: Pick<Incident, 'tasks'>): readonly GivenTask[] => tasks?.open ?? [];

/** The one that is asked about next. */
export const nextTask = (incident: Pick<Incident, 'tasks'>): (GivenTask & { askAt: number }) | null =>
  openTasks(incident).reduce<(GivenTask & { askAt: number }) | null>(
    (first, each) =>
      each.askAt !== null && (first === null || each.askAt < first.askAt) ? { ...each, askAt: each.askAt } : first,
    null,
  );
