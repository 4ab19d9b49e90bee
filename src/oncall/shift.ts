/** Somebody is planned from `fromAt` until just before `untilAt`, both ms since the epoch. */
export interface Entry {
  fromAt: number;
  untilAt: number;
  /** Where entries overlap, those of the highest rank count. */
  rank: number;
  people: string[];
  /** Names that stand for nobody Muster knows. */
  unknown: string[];
}

/** One person instead of whoever is planned. */
export interface Override {
  id: string;
  schedule: string;
  personId: string;
  fromAt: number;
  untilAt: number;
  setBy: string;
  setAt: number;
}

/** Who is on call in a stretch of time, the first to be called first; nobody: a gap. */
export interface Shift {
  fromAt: number;
  untilAt: number;
  people: string[];
  unknown: string[];
  /** The override that makes it so; null: it is planned. */
  override: string | null;
}

/** The schedule passes from somebody to somebody else; nobody on one side: a gap ends or begins. */
export interface Handoff {
  at: number;
  from: string[];
  to: string[];
}

type Span = Pick<Entry, 'fromAt' | 'untilAt'>;

const unique = (all: readonly string[]): string[] => [...new Set(all)];
const covers = (span: Span, at: number): boolean => span.fromAt <= at && at < span.untilAt;

/**
 * The shifts between two instants, without a hole between them: each ends where the next begins, and the next is another.
 * Of overrides the one that was set last counts. Where several entries of one rank overlap, all their people are on call,
 * those of the shortest entry first.
 */
export function shiftsBetween(
  fromAt: number,
  untilAt: number,
  entries: readonly Entry[],
  overrides: readonly Override[] = [],
): Shift[] {
  const within = <T extends Span>(spans: readonly T[]): T[] =>
    spans
      .filter((span) => span.fromAt < span.untilAt && span.untilAt > fromAt && span.fromAt < untilAt)
      .sort((a, b) => a.fromAt - b.fromAt);
  const planned = within(entries);
  const instead = within(overrides);
  const edges = [...new Set([...planned, ...instead].flatMap((span) => [span.fromAt, span.untilAt]))]
    .filter((at) => at > fromAt && at < untilAt)
    .sort((a, b) => a - b);
  const shifts: Shift[] = [];
  let active: Entry[] = [];
  let next = 0;
  for (const [i, at] of [fromAt, ...edges].entries()) {
    active = active.filter((entry) => entry.untilAt > at);
    for (; next < planned.length && (planned[next] as Entry).fromAt <= at; next++) {
      const entry = planned[next] as Entry;
      if (entry.untilAt > at) active.push(entry);
    }
    const shift = { fromAt: at, untilAt: edges[i] ?? untilAt, ...heldBy(active, overrideAt(instead, at)) };
    const last = shifts.at(-1);
    if (last && alike(last, shift)) last.untilAt = shift.untilAt;
    else shifts.push(shift);
  }
  return shifts;
}

function overrideAt(overrides: readonly Override[], at: number): Override | null {
  const [newest = null] = overrides
    .filter((each) => covers(each, at))
    .sort((a, b) => b.setAt - a.setAt || (a.id < b.id ? 1 : -1));
  return newest;
}

/** An entry that names nobody Muster knows does not keep those below it from being called. */
function heldBy(active: readonly Entry[], override: Override | null): Pick<Shift, 'people' | 'unknown' | 'override'> {
  if (override) return { people: [override.personId], unknown: [], override: override.id };
  const known = active.filter(({ people }) => people.length > 0);
  const rank = Math.max(...known.map((entry) => entry.rank));
  const length = ({ fromAt, untilAt }: Entry): number => untilAt - fromAt;
  const first = (a: Entry, b: Entry): number => length(a) - length(b) || a.fromAt - b.fromAt;
  return {
    people: unique(
      known
        .filter((entry) => entry.rank === rank)
        .sort(first)
        .flatMap(({ people }) => people),
    ),
    unknown: unique(active.filter((entry) => entry.rank >= rank).flatMap(({ unknown }) => unknown)),
    override: null,
  };
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each, i) => each === other[i]);

const alike = (one: Shift, other: Shift): boolean =>
  one.override === other.override && same(one.people, other.people) && same(one.unknown, other.unknown);

/** The shift an instant is in; null outside of all. The shifts follow each other. */
export function shiftAt(shifts: readonly Shift[], at: number): Shift | null {
  let low = 0;
  let high = shifts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const shift = shifts[middle] as Shift;
    if (at < shift.fromAt) high = middle - 1;
    else if (at >= shift.untilAt) low = middle + 1;
    else return shift;
  }
  return null;
}

/** Stretches in which nobody is on call. Names nobody knows leave a gap too; `unknown` says them. */
export function gapsOf(shifts: readonly Shift[]): { fromAt: number; untilAt: number; unknown: string[] }[] {
  const gaps: { fromAt: number; untilAt: number; unknown: string[] }[] = [];
  for (const { fromAt, untilAt, people, unknown } of shifts) {
    if (people.length > 0) continue;
    const last = gaps.at(-1);
    if (last?.untilAt === fromAt) {
      last.untilAt = untilAt;
      last.unknown = unique([...last.unknown, ...unknown]);
    } else gaps.push({ fromAt, untilAt, unknown });
  }
  return gaps;
}

/** The first time after `at` that other people are on call than then; null: not as far as the shifts go. */
export function handoffAfter(shifts: readonly Shift[], at: number): Handoff | null {
  const now = shiftAt(shifts, at);
  if (!now) return null;
  const then = shifts.find(({ fromAt, people }) => fromAt > at && !same(people, now.people));
  return then ? { at: then.fromAt, from: now.people, to: then.people } : null;
}
