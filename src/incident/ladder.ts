import type { OnCall } from './context.js';
import { type Called, type Escalation, escalationOf, type Paging, pagingOf, type Target } from './escalation.js';
import type { Incident } from './state.js';

/** A rung of a ladder and who is on it now. */
export interface Rung {
  escalation: Escalation;
  /** From 1. */
  level: number;
  round: number;
  people: Called[];
  nobody: string[];
  /** How long these have; null: they are not chased. */
  withinMs: number | null;
}

type Place = Pick<Paging, 'escalation' | 'level' | 'round'>;

/** The rung after this place; a ladder that has changed meanwhile begins anew. null: there is none. */
function after(ladder: Escalation, place: Place): Place | null {
  if (ladder.levels.length === 0) return null;
  if (place.escalation !== ladder.name || place.round === 0) return { ...place, level: 1, round: 1 };
  if (place.level < ladder.levels.length) return { ...place, level: place.level + 1 };
  return place.round <= ladder.repeat ? { ...place, level: 1, round: place.round + 1 } : null;
}

/**
 * The next rung that somebody is on. One that names nobody calls `otherwise` in its place, and where that names nobody
 * either the one after it at once. Nobody on any of them: the last one, with nobody. null: the ladder is at its end.
 */
export function nextRung(incident: Incident, onCall: OnCall, at: number): Rung | null {
  const ladder = escalationOf(incident);
  const first = ladder && after(ladder, pagingOf(incident));
  if (!ladder || !first) return null;
  const nobody: string[] = [];
  for (let level = first.level; ; level += 1) {
    const rung = ladder.levels[level - 1];
    const named = whoIs(rung?.targets ?? [], incident, onCall, at);
    nobody.push(...named.nobody);
    const instead = named.people.length > 0 ? named : whoIs(ladder.otherwise, incident, onCall, at);
    if (instead !== named) nobody.push(...instead.nobody);
    if (instead.people.length === 0 && level < ladder.levels.length) continue;
    const within = rung?.acknowledgeWithinMs ?? incident.policy.severities[incident.severity].acknowledgeWithinMs;
    return {
      escalation: ladder,
      level,
      round: first.round,
      people: instead.people,
      nobody: [...new Set(nobody)],
      withinMs: within === null ? null : within * 2 ** (first.round - (ladder.later ? 0 : 1)),
    };
  }
}

type Named = Pick<Rung, 'people' | 'nobody'>;

/** Each person once, by the first reason there is. */
export function whoIs(targets: readonly Target[], incident: Incident, onCall: OnCall, at: number): Named {
  const people = new Map<string, Called>();
  const nobody: string[] = [];
  for (const target of targets) {
    const named = behind(target, incident, onCall, at);
    nobody.push(...named.nobody);
    for (const each of named.people) if (!people.has(each.personId)) people.set(each.personId, each);
  }
  return reachable({ people: [...people.values()], nobody }, incident);
}

function behind(target: Target, incident: Incident, onCall: OnCall, at: number): Named {
  if (target.kind === 'people') {
    const people = target.people.map((personId) => ({ personId, because: target.as }));
    return { people, nobody: people.length > 0 ? [] : [`${target.as}: nobody is in it`] };
  }
  if (target.kind === 'schedule') {
    const because = `on call for ${target.schedule}`;
    const { people, why } = onCall(target.schedule, at);
    return people.length > 0
      ? { people: people.map((personId) => ({ personId, because })), nobody: [] }
      : { people: [], nobody: [`${because}: ${why ?? 'nobody is planned then'}`] };
  }
  const { services, policy } = incident;
  const people = services.flatMap((service) =>
    (policy.services?.[service]?.owners ?? []).map((personId) => ({ personId, because: `owner of ${service}` })),
  );
  const missing = services.length === 0 ? 'it names no service' : `nobody owns ${services.slice(0, 3).join(', ')}`;
  return { people, nobody: people.length > 0 ? [] : [`owners: ${missing}`] };
}

/** Of a private incident and of a drill nobody is called who is not in it. */
function reachable({ people, nobody }: Named, incident: Incident): Named {
  const { visibility, drill, policy, responders } = incident;
  const closed = visibility === 'private' || (drill && !policy.pagesInDrills);
  return closed
    ? { people: people.filter(({ personId }) => responders.includes(personId)), nobody: [] }
    : { people, nobody };
}
