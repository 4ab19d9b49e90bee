import type { Ladder } from '../incident/severity.js';
import type { Policy } from '../incident/state.js';

/** What Muster runs with; frozen at start. */
export interface Config {
  host: string;
  port: number;
  /** What people type in a browser; used in links. */
  publicUrl: string;
  dataFolder: string;
  /** postgres://… selects PostgreSQL; null: SQLite in the data folder. */
  databaseUrl: string | null;
  /** Bearer token for the API and the web room; null only on the open loopback default. */
  apiToken: string | null;
  /** Bearer (or basic password) token for /alerts; null only on the open loopback default. */
  alertsToken: string | null;
  policy: Policy;
  ladder: Ladder;
  templatesFolder: string;
  playbooksFolder: string;
}
