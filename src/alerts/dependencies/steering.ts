import { judge, type Ladder } from '../../incident/severity.js';
import { graver, type Incident, isOpen } from '../../incident/state.js';
import { dependenciesOf, hasSymptom, pathWords, settledAt } from '../../incident/symptoms.js';
import type { Episode } from '../alert.js';
import { compromiseOf, evidenceOf } from '../evidence.js';
import type { AboutSteering, Steered, Steering } from '../steer.js';
import { utc } from '../times.js';
import { isDeclaredKey } from './declared.js';
import type { Reached, Topology } from './topology.js';

const keyOf = (called: string): string => `service:${called}`;
/** Of what depends on a service, as much is looked at when its alerts come. */
const downstreamLooked = 50;

/**
 * Alerts of a service go to the nearest open incident of what it depends on, as symptoms; while that incident settles
 * after its end, they wait. Its own open incident is nearer than any other. A suspected compromise goes nowhere else, and
 * nothing goes to one, nor to what not everybody may see, nor to a drill.
 */
export function dependencySteering(topology: Topology, ladder: Ladder): Steering {
  const keys = new Map<string, readonly string[]>();
  const keysOf = (service: string): readonly string[] => {
    const known = keys.get(service);
    if (known) return known;
    const around = [...topology.upstream(service), ...topology.downstream(service).slice(0, downstreamLooked)].map(
      (each) => each.service,
    );
    const all = [service, ...around].flatMap((each) => topology.names(each).map(keyOf));
    keys.set(service, all);
    return all;
  };
  const views = new WeakMap<readonly Episode[], View>();
  const viewOf = ({ joining = [], incidents }: AboutSteering): View => {
    const view = views.get(joining) ?? viewOn(topology, joining, incidents);
    views.set(joining, view);
    return view;
  };

  return {
    last: true,
    groups: ({ service }) => {
      const name = service === null ? null : topology.nameOf(service);
      return name === null ? [] : keysOf(name);
    },
    steer(episode, about) {
      const name = episode.service === null ? null : topology.nameOf(episode.service);
      if (name === null || compromiseOf(episode.labels, episode.name)) return null;
      const view = viewOf(about);
      if (view.open.has(episode.groupKey)) return null;
      const called = episode.service as string;
      const parent = parentOf(topology, view, { name, called });
      // Whoever groups otherwise than by service has said what is the same.
      if (parent?.symptom || (parent && episode.groupKey === keyOf(called))) return parent;
      return waiting(topology, view, { name, ladder, episode, about });
    },
  };
}

/** What is open, opens or has ended around the services of one plan. */
interface View {
  open: ReadonlyMap<string, Incident>;
  ended: ReadonlyMap<string, Incident>;
  /** By the own name of a service: what people declared for it. */
  declared: ReadonlyMap<string, readonly Candidate[]>;
  /** By the own name of a service: where it shows symptoms already, and by which way. */
  symptoms: ReadonlyMap<string, readonly Candidate[]>;
  /** Services, by their own names, that fire and may open an incident of their own. */
  opens: ReadonlySet<string>;
  /** Group keys that a suspected compromise goes to. */
  suspected: ReadonlySet<string>;
}

function viewOn(topology: Topology, joining: readonly Episode[], incidents: readonly Incident[]): View {
  const open = new Map<string, Incident>();
  const ended = new Map<string, Incident>();
  for (const incident of incidents) {
    if (incident.groupKey === null) continue;
    if (isOpen(incident)) open.set(incident.groupKey, incident);
    else {
      const other = ended.get(incident.groupKey);
      if (!other || settledAt(other) < settledAt(incident)) ended.set(incident.groupKey, incident);
    }
  }
  const opens = new Set<string>();
  const suspected = new Set<string>();
  for (const { service, state, groupKey, labels, name: alert } of joining) {
    const name = service === null || state !== 'firing' ? null : topology.nameOf(service);
    if (compromiseOf(labels, alert)) suspected.add(groupKey);
    else if (name !== null) opens.add(name);
  }
  const symptoms = new Map<string, Candidate[]>();
  for (const [groupKey, incident] of open) {
    for (const { service, path } of dependenciesOf(incident).symptoms) {
      const name = topology.nameOf(service);
      if (name === null) continue;
      symptoms.set(name, [...(symptoms.get(name) ?? []), { groupKey, incident, beyond: path.slice(1) }]);
    }
  }
  return { open, ended, declared: declaredFor(topology, open), symptoms, opens, suspected };
}

/** What is open by somebody's word has no group of alerts; the services it is about are those that were named. */
function declaredFor(topology: Topology, open: ReadonlyMap<string, Incident>): Map<string, Candidate[]> {
  const declared = new Map<string, Candidate[]>();
  for (const [groupKey, incident] of open) {
    if (!isDeclaredKey(groupKey)) continue;
    for (const service of incident.services) {
      const name = hasSymptom(incident, service) ? null : topology.nameOf(service);
      if (name !== null) declared.set(name, [...(declared.get(name) ?? []), { groupKey, incident, beyond: [] }]);
    }
  }
  return declared;
}

const takes = (incident: Incident, called: string): boolean =>
  incident.visibility === 'public' &&
  !incident.drill &&
  !incident.evidence.compromise &&
  !dependenciesOf(incident).detached.some(({ service }) => service === called);

interface Asking {
  name: string;
  called: string;
}

/** Where alerts of this service go; null: to its own incident. */
function parentOf(topology: Topology, view: View, { name, called }: Asking): Steered | null {
  if (view.open.has(keyOf(called))) return null;
  for (const other of topology.names(name)) {
    const own = view.open.get(keyOf(other));
    if (own && takes(own, called)) return { groupKey: keyOf(other), why: `${called} is another name of ${other}` };
  }
  const byPeople = (view.declared.get(name) ?? []).filter(({ incident }) => incident && takes(incident, called));
  const [said] = byPeople.map((each) => ({ ...each, path: [] })).sort(byNearness);
  if (said) return { groupKey: said.groupKey, why: `it was declared for ${called}` };
  for (const level of levels(topology.upstream(name))) {
    const found = level
      .flatMap(({ service, path }) => candidates(topology, view, service, called).map((each) => ({ ...each, path })))
      .sort(byNearness)[0];
    if (!found) continue;
    const path = [called, ...found.path.slice(1), ...found.beyond];
    const tier = topology.tier(name);
    return {
      groupKey: found.groupKey,
      symptom: { service: called, path, tier },
      why: `a symptom of what it depends on, by ${pathWords(path)}`,
    };
  }
  return called === name ? null : { groupKey: keyOf(name), why: `${called} is another name of ${name}` };
}

interface Candidate {
  groupKey: string;
  incident: Incident | null;
  /** Where the incident is further up: the way from here. */
  beyond: readonly string[];
}

function candidates(topology: Topology, view: View, service: string, called: string): Candidate[] {
  const open = topology.names(service).flatMap((each): Candidate[] => {
    const incident = view.open.get(keyOf(each));
    return incident ? [{ groupKey: keyOf(each), incident, beyond: [] }] : [];
  });
  const shown = view.symptoms.get(service) ?? [];
  const byPeople = view.declared.get(service) ?? [];
  const taking = [...open, ...byPeople, ...shown].filter(
    ({ groupKey, incident }) => incident && takes(incident, called) && !view.suspected.has(groupKey),
  );
  if (taking.length > 0 || open.length > 0 || !view.opens.has(service)) return taking;
  // It opens in the same plan, or goes further up itself.
  const further = parentOf(topology, view, { name: service, called: service });
  const groupKey = further?.groupKey ?? keyOf(service);
  if (view.suspected.has(groupKey)) return [];
  return [{ groupKey, incident: view.open.get(groupKey) ?? null, beyond: further?.symptom?.path.slice(1) ?? [] }];
}

/** The graver, then the older one; what only opens now comes last. */
function byNearness(a: Candidate & { path: readonly string[] }, b: Candidate & { path: readonly string[] }): number {
  if (a.incident && b.incident) {
    if (a.incident.severity !== b.incident.severity) return graver(a.incident.severity, b.incident.severity) ? -1 : 1;
    if (a.incident.openedAt !== b.incident.openedAt) return a.incident.openedAt - b.incident.openedAt;
  } else if (a.incident || b.incident) return a.incident ? -1 : 1;
  return a.groupKey < b.groupKey ? -1 : a.groupKey > b.groupKey ? 1 : 0;
}

function* levels(reached: readonly Reached[]): Generator<readonly Reached[]> {
  for (let from = 0; from < reached.length; ) {
    const { distance } = reached[from] as Reached;
    const next = reached.findIndex((each) => each.distance > distance);
    const to = next === -1 ? reached.length : next;
    yield reached.slice(from, to);
    from = to;
  }
}

/**
 * What it depends on has just been mended: the same alert as before the end waits until that has settled, and so does a
 * new one that would have gone to the triage queue. What is graver than what ended, or new and calls people, is heard now.
 */
function waiting(
  topology: Topology,
  view: View,
  { name, ladder, episode, about }: { name: string; ladder: Ladder; episode: Episode; about: AboutSteering },
): Steered | null {
  const called = episode.service as string;
  if (view.open.has(keyOf(called))) return null;
  const judged = judge(evidenceOf(episode, ladder), ladder);
  const mayWait = topology.tier(name) !== 1 && !graver(judged.severity, 'sev3');
  for (const { service, path } of topology.upstream(name)) {
    for (const each of topology.names(service)) {
      const incident = view.ended.get(keyOf(each));
      if (!incident || view.open.has(keyOf(each)) || !takes(incident, called)) continue;
      const until = settledAt(incident);
      if (about.now >= until) continue;
      const known = about.before?.some(({ incidentId }) => incidentId === incident.id) ?? false;
      if (known ? graver(judged.severity, incident.severity) : !mayWait) continue;
      const which = incident.number === null ? `“${incident.title}”` : `#${incident.number}`;
      const way = pathWords([called, ...path.slice(1)]);
      const why = `${which} has just ended, and ${called} depends on it (${way}): looked at again at ${utc(until)}`;
      return { hold: { as: 'suppressed', why, until }, why };
    }
  }
  return null;
}
