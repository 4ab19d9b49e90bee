import type { DiskSample } from '../store/pruning-port.js';

export interface Forecast {
  /** When nothing will be left, ms since the epoch. */
  fullAt: number;
  freeBytes: number;
  dataBytes: number;
  /** How much is lost, and how much of it to Muster's own data. */
  lostPerHour: number;
  grownPerHour: number;
}

const hourMs = 3_600_000;
/** A slow leak shows in a day, a fast one in three hours; whichever is full first counts. */
const windowsMs = [24 * hourMs, 3 * hourMs];
/** Less says nothing. */
const spanAtLeastMs = 2 * hourMs;
const samplesAtLeast = 6;

/**
 * When the disk will be full if things go on as they did; null: not in sight, or too little is known. It goes by the
 * median of the slopes between all samples, so that a file which came and went (a backup being made) is no leak.
 * @param samples oldest first.
 */
export function forecastOf(samples: readonly DiskSample[]): Forecast | null {
  const known = samples.filter((each): each is DiskSample & { freeBytes: number } => each.freeBytes !== null);
  const last = known.at(-1);
  if (!last) return null;
  const { at, freeBytes, dataBytes } = last;
  const forecasts = windowsMs.flatMap((windowMs): Forecast[] => {
    const recent = known.filter((each) => each.at >= at - windowMs);
    if (recent.length < samplesAtLeast || at - (recent[0]?.at ?? at) < spanAtLeastMs) return [];
    const lostPerMs = -slope(recent.map((each) => [each.at, each.freeBytes]));
    if (lostPerMs <= 0) return [];
    const grownPerMs = slope(recent.map((each) => [each.at, each.dataBytes]));
    return [
      {
        fullAt: at + freeBytes / lostPerMs,
        freeBytes,
        dataBytes,
        lostPerHour: lostPerMs * hourMs,
        grownPerHour: Math.max(0, grownPerMs * hourMs),
      },
    ];
  });
  return forecasts.sort((a, b) => a.fullAt - b.fullAt)[0] ?? null;
}

function slope(points: readonly (readonly [at: number, value: number])[]): number {
  const slopes: number[] = [];
  for (const [i, [at, value]] of points.entries())
    for (const [before, was] of points.slice(0, i)) if (at > before) slopes.push((value - was) / (at - before));
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  const upper = slopes[middle] ?? 0;
  return slopes.length % 2 === 1 ? upper : (upper + (slopes[middle - 1] ?? 0)) / 2;
}
