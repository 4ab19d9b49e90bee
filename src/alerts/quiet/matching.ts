import type { Episode } from '../alert.js';

/** What an alert has to be: all that is given must hold, and of each list one. `*` in a word stands for anything. */
export interface Matching {
  services?: string[];
  names?: string[];
  sources?: string[];
  hosts?: string[];
  labels?: Record<string, string>;
  /** Every alert there is; said outright, so that nothing left out can mean it. */
  everything?: true;
}

export type Matched = Pick<Episode, 'service' | 'name' | 'source' | 'host' | 'labels'>;

/** One that says nothing at all matches nothing. */
export function matches(matching: Matching, alert: Matched): boolean {
  const { services, names, sources, hosts, labels } = matching;
  if (matching.everything) return true;
  if (!services && !names && !sources && !hosts && !labels) return false;
  return (
    isOneOf(services, alert.service) &&
    isOneOf(names, alert.name) &&
    isOneOf(sources, alert.source) &&
    isOneOf(hosts, alert.host) &&
    Object.entries(labels ?? {}).every(
      ([label, wanted]) => Object.hasOwn(alert.labels, label) && isLike(wanted, alert.labels[label] as string),
    )
  );
}

const isOneOf = (wanted: readonly string[] | undefined, value: string | null): boolean =>
  wanted === undefined || (value !== null && wanted.some((each) => isLike(each, value)));

/** Capitals do not count. Goes back to the last `*` only, so its time is bounded by both lengths together. */
export function isLike(wanted: string, value: string): boolean {
  const pattern = wanted.toLowerCase();
  const text = value.toLowerCase();
  let at = 0;
  let star = -1;
  let after = 0;
  for (let i = 0; i < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      after = i;
    } else if (at < pattern.length && pattern[at] === text[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++after;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** `service registry and name Disk*`, `every alert`. */
export function matchingWords({ services, names, sources, hosts, labels, everything }: Matching): string {
  if (everything) return 'every alert';
  const parts = [
    listed('service', services),
    listed('alert', names),
    listed('source', sources),
    listed('host', hosts),
    ...Object.entries(labels ?? {}).map(([label, value]) => `${label}=${value}`),
  ];
  return parts.filter((part) => part !== '').join(' and ') || 'nothing';
}

const listed = (word: string, all: readonly string[] | undefined): string =>
  all === undefined || all.length === 0 ? '' : `${word} ${all.join(' or ')}`;

const alikeShown = 3;

/** Of several, any of which may hold. */
export function matchingsWords(all: readonly Matching[]): string {
  const shown = all.slice(0, alikeShown).map(matchingWords);
  const more = all.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
