import type { Judgement, Ladder } from '../../incident/severity.js';
import { graver, type Incident, type Severity } from '../../incident/state.js';
import { dependenciesOf, type Symptom } from '../../incident/symptoms.js';
import type { Followed } from '../follow.js';
import type { Steered } from '../steer.js';
import type { Topology } from './topology.js';

/** What joins an incident by itself comes before what joins it as a symptom: it opens it, and names it. */
export function apart<T extends { own: Followed }>(joining: T[], steered: ReadonlyMap<Followed, Steered>): T[][] {
  const isSymptom = ({ own }: T): boolean => steered.get(own)?.symptom !== undefined;
  return [joining.filter((each) => !isSymptom(each)), joining.filter(isSymptom)].filter(({ length }) => length > 0);
}

/** One per service, by name; of two ways the shorter. */
export function symptomsOf(all: readonly Symptom[]): Symptom[] {
  const byService = new Map<string, Symptom>();
  for (const each of all) {
    const known = byService.get(each.service);
    if (!known || each.path.length < known.path.length) byService.set(each.service, each);
  }
  return [...byService.values()].sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** Alerts that came as symptoms and got worse: what they came by is known. */
export function worseSymptoms(
  incident: Incident,
  worse: readonly { own: Followed }[],
  topology: Topology | undefined,
): Symptom[] {
  const services = new Set(worse.map(({ own }) => own.episode.service));
  return dependenciesOf(incident)
    .symptoms.filter(({ service }) => services.has(service))
    .map(({ service, path, tier }) => ({ service, path, tier: topology?.tier(service) ?? tier }));
}

const namesTold = 3;

/** Says that it is graver than before because of these; a judgement that stays is left as it was said. */
export function spreading(
  judged: Judgement,
  symptoms: readonly Symptom[],
  { before, ladder }: { before: Severity | null; ladder: Ladder },
): Judgement {
  if (symptoms.length === 0 || before === null || !graver(judged.severity, before)) return judged;
  const tierOf = ({ service, tier }: Symptom): number => tier ?? ladder.tiers[service] ?? Number.POSITIVE_INFINITY;
  const best = [...symptoms].sort((a, b) => tierOf(a) - tierOf(b));
  const named = best.slice(0, namesTold).map((each) => {
    const tier = tierOf(each);
    return Number.isFinite(tier) ? `${each.service} (tier ${tier})` : each.service;
  });
  const more = best.length > namesTold ? ` and ${best.length - namesTold} more` : '';
  const show = best.length === 1 ? 'shows' : 'show';
  return { ...judged, reason: `${named.join(', ')}${more} ${show} symptoms: ${judged.reason}` };
}
