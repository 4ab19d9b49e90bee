import type { Alert } from './alert.js';
import type { PassedOver } from './source.js';
import { firstLine, kept } from './words.js';

/** What Nagios and its heirs (Icinga, Checkmk) say with one notification. */
export interface Notice {
  /** `PROBLEM`, `RECOVERY`, `FLAPPINGSTART` …; null: only the state tells. */
  type: string | null;
  /** `CRITICAL`, `CRIT`, `DOWN`, `OK`, `UP` … */
  state: string | null;
  /** `SOFT`: it may yet turn out to be nothing. */
  stateType?: string | null;
  /** What it is about, e.g. `db1!disk`. */
  about: string;
}

const fine = /^(?:ok|up|recovered|recovery)$/i;

/** Whether something fires or is over; or why the notification is neither. */
export function noticed({ type, state, stateType, about }: Notice): 'firing' | 'resolved' | PassedOver {
  const kind = (type ?? '').toUpperCase().replaceAll(/[^A-Z]/g, '');
  const passed = (why: string): PassedOver => ({ name: `${type ?? 'notification'} for ${about}`, why });
  const over = state !== null && fine.test(state.trim());
  if (kind.startsWith('ACKNOWLEDGE'))
    return passed('Somebody acknowledged it there; what it is about stays as it was.');
  if (kind.startsWith('CUSTOM')) return passed('Somebody sent it by hand; nothing changed.');
  if (kind.startsWith('DOWNTIMESTART')) return passed('Planned work begins there; what it is about stays as it was.');
  if (kind.startsWith('ALERTHANDLER')) return passed('It tells of an alert handler, not of a state.');
  if (/^soft$/i.test(stateType ?? '') && !over) return passed('The state is soft: the sender is still checking.');
  if (kind === 'RECOVERY' || kind === 'OK') return 'resolved';
  if (kind === 'PROBLEM') return over ? 'resolved' : 'firing';
  // The end of flapping and of planned work tells the state that was kept back meanwhile.
  if (state === null) return passed('It says neither what happened nor in which state it is.');
  if (kind.startsWith('FLAPPINGSTART') && over) return passed('It flaps there, and just now it is fine.');
  return over ? 'resolved' : 'firing';
}

/** What somebody did there, as a line of the incident's timeline: who acknowledged, where planned work begins. */
export function told(
  passed: PassedOver,
  { fingerprint }: Pick<Alert, 'fingerprint'>,
  said: { at: string; type: string | null; author?: string | null; comment?: string | null },
): PassedOver {
  const [did] = /^(?:ACKNOWLEDGE|DOWNTIMESTART|UPDATE)/i.exec(said.type ?? '') ?? [];
  if (!did) return passed;
  const what = { A: 'acknowledged', D: 'planned work begins', U: 'updated' }[did[0]?.toUpperCase() as 'A' | 'D' | 'U'];
  const by = said.author ? ` by ${said.author}` : '';
  const text = firstLine(kept.summary, `${what} in ${said.at}${by}${said.comment ? `: ${said.comment}` : ''}`) ?? what;
  return { ...passed, tells: { text: text.replace(/^./, (first) => first.toUpperCase()), of: { fingerprint } } };
}

const words: Record<string, string> = { down: 'critical', unreachable: 'warning', unreach: 'warning', unkn: 'unknown' };

/** A state as a word of severity. */
export function severityOfState(state: string | null): string | null {
  const word = state?.trim().toLowerCase() ?? null;
  return word && (words[word] ?? word);
}
