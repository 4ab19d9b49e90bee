import type { EventBodies } from '../events.js';
import type { Incident } from '../state.js';
import { type Dependencies, dependenciesOf, type Hints, type SymptomEvents } from '../symptoms.js';
import type { Rule } from './walk.js';

/** More services than this are counted no further. */
const symptomsKept = 500;
const relatedKept = 20;

const withDependencies = (incident: Incident, change: Partial<Dependencies>): Pick<Incident, 'dependencies'> => ({
  dependencies: { ...dependenciesOf(incident), ...change },
});

/** What alerts that come add beside their count: services that show symptoms, and what their senders say to look at. */
export function cameWith(
  incident: Incident,
  { symptoms, hints }: Pick<EventBodies['alertsAttached'], 'symptoms' | 'hints'>,
  at: number,
): Pick<Incident, 'dependencies' | 'hints'> {
  const known = dependenciesOf(incident).symptoms;
  const added = (symptoms ?? []).filter(({ service }) => !known.some((each) => each.service === service));
  return {
    ...(added.length > 0 &&
      withDependencies(incident, {
        symptoms: [...known, ...added.map((each) => ({ ...each, at }))].slice(0, symptomsKept),
      })),
    ...(hints && { hints: earlier(incident.hints, hints) }),
  };
}

/** What was said first stays: it is what people have begun with. */
const earlier = (said: Hints | undefined, now: Hints): Hints => ({ ...now, ...said });

/** Alerts went to another incident. `service`: all of it went, and what is still to come goes there too. */
export function wentTo(
  incident: Incident,
  { other, evidence, service }: EventBodies['splitInto'],
): Pick<Incident, 'dependencies'> | Pick<Incident, 'dependencies' | 'services'> {
  const { symptoms, detached } = dependenciesOf(incident);
  const left = symptoms.filter((each) => each.service !== service && evidence.services.includes(each.service));
  if (service === undefined)
    return left.length === symptoms.length ? {} : withDependencies(incident, { symptoms: left });
  const others = detached.filter((each) => each.service !== service);
  return {
    ...withDependencies(incident, {
      symptoms: left,
      detached: [...others, { service, incidentId: other.incidentId }].slice(-symptomsKept),
    }),
    services: incident.services.filter((each) => each !== service),
  };
}

/** Another incident goes on in this one, with the symptoms it had; what it had been detached from this for is over. */
export function cameBack(
  incident: Incident,
  { other, symptoms = [] }: EventBodies['mergedFrom'],
  at: number,
): Pick<Incident, 'dependencies'> {
  if (!incident.dependencies && symptoms.length === 0) return {};
  const { detached, related } = dependenciesOf(incident);
  const merged = cameWith(incident, { symptoms }, at).dependencies ?? dependenciesOf(incident);
  return {
    dependencies: {
      ...merged,
      detached: detached.filter(({ incidentId }) => incidentId !== other.incidentId),
      related: related.filter(({ incidentId }) => incidentId !== other.incidentId),
    },
  };
}

export const symptomRules: { [T in keyof SymptomEvents]: Rule<T> } = {
  dependencyNoted: (incident, { other, path, upstream }) => {
    const others = dependenciesOf(incident).related.filter(({ incidentId }) => incidentId !== other.incidentId);
    return withDependencies(incident, { related: [...others, { ...other, path, upstream }].slice(-relatedKept) });
  },
};
