import type { Finding } from '../../chat/finding.js';
import type { Config } from '../../config/config.js';
import type { Env } from '../../config/secrets.js';
import type { Store } from '../../store/port.js';

export { type Finding, ok, problem, warning, wordsOf } from '../../chat/finding.js';

/** What the doctor has to look at. Nothing of it is changed. */
export interface Patient {
  config: Config;
  env: Env;
  /** Where relative paths of the settings start. */
  folder: string;
  /** The database, open for reading; null: it cannot be opened, or is not there yet. */
  store: Store | null;
  now(): number;
}

/** Looks at one thing. What keeps it from looking is a finding too. */
export type Look = (patient: Patient) => Promise<Finding[]>;
