import { isOpen } from './state.js';
import type { TimersOf } from './timers.js';

/** By what the alerts of a storm are counted. */
export const counted = ['service', 'severity', 'name', 'host'] as const;
/** How many alerts had each value; `''` stands for all that are not kept. */
export type StormCounts = Record<(typeof counted)[number], Record<string, number>>;

/** So many alerts of one source at once that they are one incident. */
export interface Storm {
  source: string;
  since: number;
  lastAt: number;
  alerts: number;
  counts: StormCounts;
  /** It is over when nothing has come for so long. */
  overAfterMs: number;
  endedAt: number | null;
}

/** An alert that comes and goes. */
export interface Flapping {
  alert: string;
  name: string;
  /** How often it began since then. */
  times: number;
  since: number;
}

/** What an incident knows of it. */
export interface Noisy {
  storm?: Storm;
  /** Alerts that come and go, of which only that is told. */
  flapping?: Flapping[];
  /** Alerts that have nothing in common with the others. */
  unlike?: { names: string[]; hosts: string[] };
}

export interface NoiseEvents {
  stormCounted: { source: string; alerts: number; counts: StormCounts; overAfterMs: number };
  stormEnded: { source: string; alerts: number; counts: StormCounts };
  /** It came again, which is told nowhere else. `settled`: it has been quiet for long enough. */
  alertFlapped: Flapping & { again: number; settled: boolean };
  /** Its alerts have nothing in common; these could go elsewhere. */
  splitOffered: { names: string[]; hosts: string[] };
}
export interface NoiseCommands {
  countStorm: NoiseEvents['stormCounted'];
  /** From a due job; an older time does nothing. */
  endStorm: { dueAt: number };
  noteFlapping: NoiseEvents['alertFlapped'];
  offerSplit: NoiseEvents['splitOffered'];
}

const valuesKept = 50;

/** Adds counts up; of too many values the later ones are counted together. */
export function addCounts(
  to: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>> | ReadonlyMap<string, number>,
): Record<string, number> {
  const sum = new Map(Object.entries(to));
  for (const [value, count] of more instanceof Map ? more : Object.entries(more)) {
    const key = sum.has(value) || sum.size < valuesKept ? value : '';
    sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return Object.fromEntries(sum);
}

/** Nothing of a storm comes for a while: then it is over. */
export const stormTimers: TimersOf = (incident) => {
  const { storm } = incident;
  if (!storm || storm.endedAt !== null || !isOpen(incident)) return [];
  const dueAt = storm.lastAt + storm.overAfterMs;
  return [{ for: 'storm', dueAt, command: { type: 'endStorm', dueAt } }];
};
