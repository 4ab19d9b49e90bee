import type { MatchPlaybook, MatchPlaybooks, Playbook, PlaybookMatch } from './playbook.js';

type Facts = Parameters<MatchPlaybook>[1];

interface Held {
  /** What was matched, in words. */
  because: string[];
  /** Of the condition that says most: an alert's name 2, labels 1, a service alone 0. */
  closeness: number;
  /** How many values would have done. */
  breadth: number;
}

type Candidate = Held & { playbook: Playbook };

/**
 * One of a playbook's matches must hold, with every key it gives, `alertname` and `labels` in one and the same alert;
 * a playbook without matches is never chosen by itself. The one with most conditions wins; then one that names the
 * alert, then one that names labels; then the one with fewer alternatives; then the first by id. The order of
 * playbooks, services and alerts does not matter.
 */
export const matchPlaybooks: MatchPlaybooks = (playbooks, facts) =>
  playbooks
    .flatMap((playbook) => candidateOf(playbook, facts) ?? [])
    .sort(byRank)
    .map(({ playbook, because }) => ({ playbook, reason: listed(because) }));

/** The first of them. */
export const matchPlaybook: MatchPlaybook = (playbooks, facts) => matchPlaybooks(playbooks, facts)[0] ?? null;

const nearness = (a: Held, b: Held): number =>
  b.because.length - a.because.length || b.closeness - a.closeness || a.breadth - b.breadth;

const byRank = (a: Candidate, b: Candidate): number => nearness(a, b) || (a.playbook.id < b.playbook.id ? -1 : 1);

function candidateOf(playbook: Playbook, facts: Facts): Candidate | null {
  const held = playbook.matches.flatMap((match) => heldBy(match, facts) ?? []).sort(nearness)[0];
  return held === undefined ? null : { ...held, playbook };
}

function heldBy({ service, alertname, labels }: PlaybookMatch, facts: Facts): Held | null {
  const because: string[] = [];
  let breadth = 0;
  if (service !== undefined) {
    const hit = facts.services.filter((each) => isOneOf(service, each)).sort()[0];
    if (hit === undefined) return null;
    because.push(`the service is ${hit}`);
    breadth += service.length;
  }
  const wanted = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (alertname !== undefined || wanted.length > 0) {
    const alert = facts.alerts
      .filter(({ name }) => alertname === undefined || isOneOf(alertname, name))
      .filter((each) => wanted.every(([label, values]) => isOneOf(values, each.labels[label])))
      .map((each) => [
        ...(alertname === undefined ? [] : [`the alert is ${each.name}`]),
        ...wanted.map(([label]) => `the label ${label} is ${each.labels[label]}`),
      ])
      .sort((a, b) => (a.join() < b.join() ? -1 : 1))[0];
    if (alert === undefined) return null;
    because.push(...alert);
    breadth += [alertname ?? [], ...wanted.map(([, values]) => values)].flat().length;
  }
  if (because.length === 0) return null;
  return { because, closeness: alertname !== undefined ? 2 : wanted.length > 0 ? 1 : 0, breadth };
}

const isOneOf = (patterns: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && patterns.some((pattern) => fits(pattern, value));

/** Not by a regular expression: many `*` would make it slow. Each part is taken where it comes first. */
function fits(pattern: string, value: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return value === pattern;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  let from = first.length;
  for (const part of parts) {
    const at = value.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= value.length - last.length;
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
