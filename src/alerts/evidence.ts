import type { Ladder } from '../incident/severity.js';
import { type Evidence, type Grade, grades } from '../incident/state.js';
import type { Alert, Episode } from './alert.js';

/**
 * Senders' severity words in ours. Where scales disagree the reading is the one that wakes somebody: `high` and
 * `major` are second from the top wherever they are used. `error` is not: log-based senders call everything so.
 */
const words: Record<Exclude<Grade, 'none'>, string> = {
  critical:
    'critical crit page emergency emerg alert immediate fatal disaster panic urgent blocker high major p1 p2 s1 s2 sev1 sev2 sev-1 sev-2',
  warning: 'warning warn error err average minor medium moderate degraded p3 s3 sev3 sev-3',
  info: 'info informational information notice low debug p4 p5 s4 s5 sev4 sev5 sev-4 sev-5',
};
const grade = new Map<string, Grade>(
  grades.flatMap((to) => (to === 'none' ? [] : words[to].split(' ').map((word): [string, Grade] => [word, to]))),
);

/** Of a sender's severity word; an unknown or missing word says nothing. */
export const gradeOf = (severity: string | null): Grade => (severity && grade.get(severity.toLowerCase())) || 'none';

// Tested on labels that name what an alert is about, never on free text: a summary quotes too much.
const compromised =
  /(?:credential|secret|token|password|key|account)s?[ _-]?(?:was |were |is |are |has been )?(?:compromised?|leak(?:ed|age)?|exposed|stolen)|(?:compromised|leaked|exposed|stolen)[ _-]?(?:credential|secret|token|password|key|account)/i;

/**
 * Whether the labels say that a credential is suspected compromised: `compromise="true"`, `category="credential"`, or
 * a category, type or alertname that says so in words (`SecretLeaked`, `compromised_credential`).
 */
export function compromiseOf(labels: Readonly<Record<string, string>>, name: string): boolean {
  if (labels.compromise !== undefined && /^(true|yes|1)$/i.test(labels.compromise)) return true;
  for (const label of [labels.category, labels.type]) {
    if (label !== undefined && (/^credentials?$/i.test(label) || compromised.test(label))) return true;
  }
  return compromised.test(name);
}

/** What one alert adds to its incident. Pure. */
export function evidenceOf(
  alert: Pick<Alert | Episode, 'service' | 'host' | 'severity' | 'labels' | 'name'>,
  ladder: Ladder,
): Evidence {
  return {
    alerts: 1,
    services: alert.service ? [alert.service] : [],
    hosts: alert.host ? [alert.host] : [],
    worst: gradeOf(alert.severity),
    tier: alert.service && Object.hasOwn(ladder.tiers, alert.service) ? (ladder.tiers[alert.service] ?? null) : null,
    compromise: compromiseOf(alert.labels, alert.name),
  };
}

/** Whether `now` says something worse than `before`. */
export const worse = (before: Evidence, now: Evidence): boolean =>
  grades.indexOf(now.worst) > grades.indexOf(before.worst) || (now.compromise && !before.compromise);
