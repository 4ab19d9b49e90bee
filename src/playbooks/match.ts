import type { MatchPlaybook, Playbook } from './playbook.js';

type Facts = Parameters<MatchPlaybook>[1];

interface Candidate {
  playbook: Playbook;
  /** What was matched, in words. */
  because: string[];
  /** How many values would have done. */
  breadth: number;
}

/**
 * Every key a playbook gives must hold, `alertname` and `labels` in one and the same alert; one without `matches` is
 * never chosen by itself. The one with most conditions wins; then one that names the alert; then the one with fewer
 * alternatives; then the first by id. The order of playbooks, services and alerts does not matter.
 */
export const matchPlaybook: MatchPlaybook = (playbooks, facts) => {
  const best = playbooks
    .flatMap((playbook) => candidateOf(playbook, facts) ?? [])
    .sort(
      (a, b) =>
        b.because.length - a.because.length ||
        Number(b.playbook.matches.alertname !== undefined) - Number(a.playbook.matches.alertname !== undefined) ||
        a.breadth - b.breadth ||
        (a.playbook.id < b.playbook.id ? -1 : 1),
    )[0];
  return best === undefined ? null : { playbook: best.playbook, reason: listed(best.because) };
};

function candidateOf(playbook: Playbook, facts: Facts): Candidate | null {
  const { service, alertname, labels } = playbook.matches;
  const because: string[] = [];
  let breadth = 0;
  if (service !== undefined) {
    const hit = service.filter((each) => facts.services.includes(each)).sort()[0];
    if (hit === undefined) return null;
    because.push(`the service is ${hit}`);
    breadth += service.length;
  }
  const wanted = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (alertname !== undefined || wanted.length > 0) {
    const alert = facts.alerts
      .filter(({ name }) => alertname === undefined || alertname.includes(name))
      .filter((each) => wanted.every(([label, values]) => values.includes(each.labels[label] ?? '')))
      .map((each) => [
        ...(alertname === undefined ? [] : [`the alert is ${each.name}`]),
        ...wanted.map(([label]) => `the label ${label} is ${each.labels[label]}`),
      ])
      .sort((a, b) => (a.join() < b.join() ? -1 : 1))[0];
    if (alert === undefined) return null;
    because.push(...alert);
    breadth += [alertname ?? [], ...wanted.map(([, values]) => values)].flat().length;
  }
  return because.length === 0 ? null : { playbook, because, breadth };
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
