import type { About, Person } from './values.js';

/** The values of what is said of approvals that are for no step, and of who goes ahead without. */
export interface ApprovalValues {
  /** `people`: those who may decide now. `partly`: more have to agree. `lapsed`: nobody answered in time. */
  'approval-request': About & {
    request: number;
    what: string;
    outcome: 'asked' | 'partly' | 'given' | 'declined' | 'lapsed';
    people: readonly Person[];
    askedBy: Person | null;
    by: Person | null;
    /** How many have agreed, of how many. */
    have: number;
    needed: number;
    /** More than one has to agree. */
    more: boolean;
    reason: string | null;
    dueAt: number | null;
  };
  /** `without`: who had been asked, in words; null: nobody. */
  'glass-broken': About & { what: string; reason: string; by: Person | null; without: string | null };
}
