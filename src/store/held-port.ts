import type { Task } from './port.js';

/** A job that waited when the database was restored. */
export interface HeldJob {
  key: string;
  dueAt: number;
  incidentId: string;
  task: Task;
}

/**
 * A restored Muster starts held: what waited when the backup was made is neither carried out nor lost until somebody
 * releases it. What is put anew goes on as ever, also under the key of a held job, which then is held no more; only
 * what goes to a channel whose opening is held waits with it.
 */
export interface Holding {
  /**
   * Holds every waiting job and says `restored` with this body on `system`. When one of them is carried out later, it
   * is looked for first: it may have been sent after the backup was made. Answers how many are held.
   */
  hold(restored: unknown, now: number): Promise<number>;
  /** In the order in which they fell due. */
  held(limit: number): Promise<HeldJob[]>;
  heldCount(): Promise<number>;
  /**
   * Lets them go, and says `heldReleased` on `system`. Messages due before `messagesFrom` are dropped instead; timers,
   * cards and channels are not, because they speak of now.
   */
  release(by: { messagesFrom: number | null; now: number }): Promise<{ released: number; dropped: number }>;
}
