import { IANAZone } from 'luxon';

/** A zone's wall clock. A wall time is what a clock there shows, in ms as if it were UTC. */
export interface Wall {
  /**
   * When the clock shows this: the first time, where it shows it twice; the moment of the jump, where it is jumped over.
   * A later wall time is never an earlier instant.
   */
  instantOf(wallMs: number): number;
  /** What the clock shows at an instant. */
  wallOf(at: number): number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const offsetsKept = 50_000;
const walls = new Map<string, Wall>();

/** @param zone an IANA name. @throws RangeError for a zone that does not exist. */
export function wallIn(zone: string): Wall {
  const kept = walls.get(zone);
  if (kept) return kept;
  const iana = IANAZone.create(zone === 'Z' ? 'UTC' : zone);
  if (!iana.isValid) throw new RangeError(`There is no time zone ${zone}.`);
  const offsets = new Map<number, number>();
  const wall = wallBy((at) => {
    // Asking costs a formatted date. Clocks change on a quarter of an hour.
    const quarter = Math.floor(at / (15 * minuteMs));
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= offsetsKept) offsets.clear();
    const offset = iana.offset(at) * minuteMs;
    offsets.set(quarter, offset);
    return offset;
  });
  walls.set(zone, wall);
  return wall;
}

/** @param offset of the clock from UTC at an instant, in ms; east is positive. */
function wallBy(offset: (at: number) => number): Wall {
  return {
    wallOf: (at) => at + offset(at),
    instantOf(wallMs) {
      const before = offset(wallMs - dayMs);
      const after = offset(wallMs + dayMs);
      const early = wallMs - Math.max(before, after);
      const late = wallMs - Math.min(before, after);
      if (offset(early) === Math.max(before, after)) return early;
      if (offset(late) === Math.min(before, after)) return late;
      return jump(early, late, offset);
    },
  };
}

/** The first instant in `(from, to]` with the offset of `to`. */
function jump(from: number, to: number, offset: (at: number) => number): number {
  const then = offset(to);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle) === then) high = middle;
    else low = middle;
  }
  return high;
}
