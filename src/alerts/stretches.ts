import type { Reported } from './alert.js';

/** A closed interval, ms. */
export interface Interval {
  from: number;
  to: number;
}

/** One episode as all reports together tell it. */
export interface Stretch extends Reported {
  startedAt: number;
  /** null: it still fires. */
  endedAt: number | null;
}

const ascending = (a: number, b: number): number => a - b;

/** Overlapping or touching intervals become one. */
function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

/**
 * The episodes of one alert, from the starts at which it was reported firing and the intervals reported clear of it at
 * their end. A firing start lies in the interval that covers it, else it fires until the next reported end, else it
 * fires still. A function of the two sets alone: no order, no duplicates matter. n log n.
 */
export function unite(firing: readonly number[], cleared: readonly Interval[]): Stretch[] {
  const points = firing.length > 1 ? [...new Set(firing)].sort(ascending) : firing;
  const stretches: Stretch[] = [];
  let next = 0;
  for (const { from, to } of merge(cleared)) {
    const own: number[] = [];
    while (next < points.length && (points[next] as number) < from) own.push(points[next++] as number);
    // What an interval covers stays covered, so that one covered start says as much as all of them.
    if (next < points.length && (points[next] as number) <= to) own.push(points[next] as number);
    while (next < points.length && (points[next] as number) <= to) next++;
    stretches.push({ firing: own, clearFrom: from, startedAt: Math.min(own[0] ?? from, from), endedAt: to });
  }
  if (next < points.length) {
    const own = points.slice(next);
    stretches.push({ firing: own, clearFrom: null, startedAt: own[0] as number, endedAt: null });
  }
  return stretches;
}

/** Index of the stretch that `at` lies in; -1: in none. Stretches are in order and do not overlap. */
export function locate(stretches: readonly Stretch[], at: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const { startedAt, endedAt } = stretches[middle] as Stretch;
    if (at < startedAt) high = middle - 1;
    else if (endedAt !== null && at > endedAt) low = middle + 1;
    else return middle;
  }
  return -1;
}
