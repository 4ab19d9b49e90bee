import type { Evidence, Grade, Severity } from './state.js';
import { grades } from './state.js';

/** The severity ladder: concrete triggers from the gravest rung down; the first that holds decides. */
export interface Ladder {
  rungs: Rung[];
  /** When no rung holds. */
  otherwise: Severity;
  /** The catalogue: service name -> tier, 1 the most important. */
  tiers: Record<string, number>;
}

/** All that is given must hold. */
export interface Rung {
  severity: Severity;
  grade?: Grade;
  /** The best tier among the services is this or better. */
  tier?: number;
  alerts?: number;
  services?: number;
  compromise?: boolean;
}

export interface Judgement {
  severity: Severity;
  /** Completes "sev1, because …". */
  reason: string;
}

const hostsKept = 10;
const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

/** Only the first ten are kept, so ten may be more. */
const hostsWords = (n: number): string => (n < hostsKept ? plural(n, 'host') : `${n} hosts or more`);

function tierWords(evidence: Evidence, ladder: Ladder): string {
  const best = evidence.services.filter((service) => ladder.tiers[service] === evidence.tier);
  // The catalogue may have changed since the alerts came.
  if (best.length === 0) return `a service of tier ${evidence.tier} is affected`;
  return `${best.join(' and ')} ${best.length > 1 ? 'are' : 'is'} tier ${evidence.tier}`;
}

function holds(rung: Rung, evidence: Evidence): boolean {
  return (
    (rung.grade === undefined || grades.indexOf(evidence.worst) >= grades.indexOf(rung.grade)) &&
    (rung.tier === undefined || (evidence.tier !== null && evidence.tier <= rung.tier)) &&
    (rung.alerts === undefined || evidence.alerts >= rung.alerts) &&
    (rung.services === undefined || evidence.services.length >= rung.services) &&
    (rung.compromise === undefined || evidence.compromise === rung.compromise)
  );
}

function words(rung: Rung, evidence: Evidence, ladder: Ladder): string {
  const because: string[] = [];
  if (rung.compromise) because.push('a credential may be compromised');
  if (rung.tier !== undefined) because.push(tierWords(evidence, ladder));
  if (rung.grade !== undefined) because.push(`an alert is labelled ${evidence.worst}`);
  if (rung.alerts !== undefined)
    because.push(
      `${plural(evidence.alerts, 'alert')} came${evidence.hosts.length > 1 ? ` from ${hostsWords(evidence.hosts.length)}` : ''}`,
    );
  if (rung.services !== undefined) because.push(`${plural(evidence.services.length, 'service')} are affected`);
  return because.join(' and ');
}

/** Pure: the same evidence gives the same answer, in whatever order it was gathered. */
export function judge(evidence: Evidence, ladder: Ladder): Judgement {
  const rung = ladder.rungs.find((candidate) => holds(candidate, evidence));
  if (rung) {
    const reason = words(rung, evidence, ladder);
    if (reason !== '') return { severity: rung.severity, reason };
  }
  const severity = rung?.severity ?? ladder.otherwise;
  const facts = [
    evidence.worst === 'none' ? 'no alert carries a severity label' : `the worst label is ${evidence.worst}`,
  ];
  facts.push(evidence.tier === null ? 'no service of the catalogue is named' : tierWords(evidence, ladder));
  return { severity, reason: facts.join(' and ') };
}

/** Both sorted and without repeats, as the answer is; the first `most` of it. Neither is changed. */
function union(a: string[], b: string[], most: number): string[] {
  const adds = (each: string): boolean => !a.includes(each) && (a.length < most || each < (a[most - 1] as string));
  if (!b.some(adds)) return a.length <= most ? a : a.slice(0, most);
  return [...new Set([...a, ...b])].sort().slice(0, most);
}

export const noEvidence: Evidence = {
  alerts: 0,
  services: [],
  hosts: [],
  worst: 'none',
  tier: null,
  compromise: false,
};

/** Commutative and associative, so that the order of arrival never shows. Counts add: give each episode once. */
export function mergeEvidence(a: Evidence, b: Evidence): Evidence {
  return {
    alerts: a.alerts + b.alerts,
    services: union(a.services, b.services, Number.POSITIVE_INFINITY),
    hosts: union(a.hosts, b.hosts, hostsKept),
    worst: grades.indexOf(a.worst) >= grades.indexOf(b.worst) ? a.worst : b.worst,
    tier: a.tier === null ? b.tier : b.tier === null ? a.tier : Math.min(a.tier, b.tier),
    compromise: a.compromise || b.compromise,
  };
}
