import type { Command } from '../../incident/commands.js';
import { judge, type Ladder } from '../../incident/severity.js';
import type { Episode } from '../alert.js';
import { evidenceOf, worse } from '../evidence.js';
import type { Followed } from '../follow.js';
import { hash } from '../hash.js';
import type { FlapRule } from './rule.js';

export interface AboutFlaps {
  rule: FlapRule | null;
  ladder: Ladder;
  now: number;
  /** Whether an incident is open. */
  open(incidentId: string): boolean;
}

/**
 * An alert that comes and goes is told once. Its next end does not count until it has been quiet for a while: the episode
 * is `damped` until then. One that begins before that takes its place in the incident, which is told only that it
 * comes and goes. What is sev1 by itself, or worse than before, is told like any other. Sets what changes in `followed`,
 * and gives more of them for stored episodes that change.
 */
export function damp(followed: Followed[], stored: readonly Episode[], about: AboutFlaps): Followed[] {
  const { rule, now } = about;
  let pending = stored.find(({ damped }) => damped) ?? null;
  // Too few to flap: what a storm is made of.
  if (!pending && (!rule || stored.length + followed.length < rule.times)) return followed;
  const gone = new Set(followed.flatMap(({ episode }) => episode.id));
  const starts = [...followed.map(({ episode }) => episode), ...stored.filter(({ id }) => !gone.has(id))]
    .filter(({ reported }) => reported.firing.length > 0)
    .map(({ startedAt }) => startedAt)
    .sort((a, b) => a - b);
  const more: Followed[] = [];
  const of = (episode: Episode): Followed => {
    const known = [...followed, ...more].find((own) => own.episode.id === episode.id);
    if (known) return known;
    const copy = { ...episode };
    const nothing = { joins: false, raised: false, clearedIn: [], anewAt: null, quietUntil: null, told: [] };
    more.push({ episode: copy, write: false, ...nothing });
    return more.at(-1) as Followed;
  };
  /** Nothing waits of it any more. `told`: its end counts now. */
  const settle = (episode: Episode, told: boolean): void => {
    const own = of(episode);
    delete own.episode.damped;
    own.write = true;
    if (told && episode.incidentId !== null) own.clearedIn = [episode.incidentId];
    pending = null;
  };

  let first = 0;
  let next = 0;
  for (const own of [...followed].sort((a, b) => a.episode.startedAt - b.episode.startedAt)) {
    const { episode } = own;
    // Both are in order: what is too long ago for this one is so for all that follow.
    while (rule && (starts[first] ?? Number.POSITIVE_INFINITY) <= episode.startedAt - rule.withinMs) first++;
    while ((starts[next] ?? Number.POSITIVE_INFINITY) <= episode.startedAt) next++;
    const times = next - first;
    const grave = judge(evidenceOf(episode, about.ladder), about.ladder).severity === 'sev1';
    const flaps = rule !== null && times >= rule.times && !grave;
    const quietAt = rule && episode.endedAt !== null ? episode.endedAt + rule.quietForMs : now;
    const note = { alert: hash([episode.source, episode.fingerprint]).slice(0, 16), name: episode.name };
    const flapping = { ...note, times, since: starts[first] ?? episode.startedAt };
    if (own.joins && flaps) {
      const before = pending;
      const takes =
        before?.incidentId &&
        about.open(before.incidentId) &&
        !worse(evidenceOf(before, about.ladder), evidenceOf(episode, about.ladder));
      own.flapped = { ...flapping, again: takes ? 1 : 0, settled: false };
      if (!takes) continue;
      settle(before, false);
      episode.incidentId = before.incidentId;
      own.joins = false;
      own.write = true;
      if (episode.state === 'firing') continue;
      if (quietAt > now) {
        episode.damped = { until: quietAt };
        pending = episode;
      } else if (before.incidentId) own.clearedIn = [before.incidentId];
      continue;
    }
    const [incidentId] = own.clearedIn;
    if (incidentId !== undefined && flaps && quietAt > now && about.open(incidentId)) {
      own.clearedIn = [];
      own.write = true;
      episode.damped = { until: quietAt };
      pending = episode;
    }
  }
  const last = pending;
  if (last?.damped) {
    const newer = followed.some(({ episode, joins }) => joins && episode.startedAt > last.startedAt);
    const over = !rule || last.damped.until <= now || newer || !about.open(last.incidentId ?? '');
    if (over) {
      settle(last, true);
      const alert = hash([last.source, last.fingerprint]).slice(0, 16);
      of(last).flapped = { alert, name: last.name, times: 0, since: last.startedAt, again: 0, settled: !newer };
      if (newer) delete of(last).flapped;
    }
  }
  return [...followed, ...more];
}

/** What incidents are told of alerts that come and go. */
export const flapsNoted = (followed: readonly Followed[]): { incidentId: string; command: Command }[] =>
  followed.flatMap(({ flapped, episode: { incidentId } }) =>
    flapped && incidentId !== null ? [{ incidentId, command: { type: 'noteFlapping', ...flapped } }] : [],
  );
