import type { RecentChange } from '../alerts/changed.js';

/** What was changed lately on services; kept by the commit of the request that told of it. */
export interface RecentChanges {
  /** The newest `limit` from `since` on, newest first; Muster's own question, for no viewer. */
  changesSince(since: number, limit: number): Promise<RecentChange[]>;
}
