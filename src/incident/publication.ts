import type { Climb } from './climb.js';
import type { Owed, Publication } from './promising.js';
import type { Incident, Status } from './state.js';

/** What everybody reads now. */
export interface Published extends Publication {
  /** When the next word is promised, kept or not; null: none is. */
  nextAt: number | null;
  /** That time is over, and nobody has said anything. */
  missed: boolean;
  climb: Climb | null;
}

export const isPublicOver = (status: Status): boolean => status === 'resolved' || status === 'closed';

/** Private incidents and drills are never public. */
export const mayPublish = ({ visibility, drill, number }: Incident): boolean =>
  visibility === 'public' && !drill && number !== null;

/** Everybody waits for a next word: also while it is resolved inside and they have not been told. */
export const owesPublication = ({ publication, status }: Incident): boolean =>
  publication !== undefined && publication.nextAt !== null && !publication.missed && status !== 'closed';

/** Who is being called for which promise; null: nobody. */
export const climbOf = ({ updates, publication, status }: Incident, of: Owed): Climb | null =>
  of === 'update' ? (updates.climb ?? null) : status === 'closed' ? null : (publication?.climb ?? null);
