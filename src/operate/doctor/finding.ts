import type { Config } from '../../config/config.js';
import type { Env } from '../../config/secrets.js';
import type { Store } from '../../store/port.js';

/** One thing that was looked at. `fix` says what to do; there is one unless all is well. */
export interface Finding {
  level: 'ok' | 'warning' | 'problem';
  /** What was looked at, e.g. `data folder`. */
  about: string;
  /** What there is, and where. */
  what: string;
  fix?: string;
}

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

export const ok = (about: string, what: string): Finding => ({ level: 'ok', about, what });
export const warning = (about: string, what: string, fix: string): Finding => ({ level: 'warning', about, what, fix });
export const problem = (about: string, what: string, fix: string): Finding => ({ level: 'problem', about, what, fix });

/** What an error says, in one line. */
export const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.split('\n')[0] ?? '';
};
