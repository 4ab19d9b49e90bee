import type { Severity } from '../incident/state.js';

/** `2`, `sev2`, `SEV-2` */
export function severityOf(word: string): Severity | null {
  const match = /^(?:sev-?)?([123])[:,.]?$/i.exec(word);
  return match ? (`sev${match[1]}` as Severity) : null;
}
