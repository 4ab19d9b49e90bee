import type { Entry } from './shift.js';
import { wallIn } from './wall.js';

/** A rotation of one's own. All times in it are wall times of its zone, in ms as if they were UTC. */
export interface Rotation {
  zone: string;
  /** Those further down go before those above them. */
  layers: Layer[];
  holidays: Holiday[];
}

export interface Layer {
  /** They take turns in this order. */
  people: string[];
  /** How long a turn is, by the clock on the wall: across a change of the clock a day is still a day. */
  turnFor: number;
  /** The first handoff; the layer begins with it. */
  startsAt: number;
  /** null: it goes on. */
  endsAt: number | null;
  /** Only then; empty: always. Turns go on meanwhile. */
  only: Only[];
}

/** Times of day are ms since midnight; what ends no later than it begins goes on past midnight. */
export interface Only {
  /** 1 Monday … 7 Sunday. */
  days: number[];
  fromTime: number;
  untilTime: number;
}

/** `day` counts as a Sunday; with people, they are on call all of it. */
export interface Holiday {
  day: number;
  people: string[];
}

interface Stretch {
  from: number;
  until: number;
}

export const dayMs = 86_400_000;
const sunday = 7;

/** Everybody's turns that reach into the time between two instants. */
export function entriesOf({ zone, layers, holidays }: Rotation, fromAt: number, untilAt: number): Entry[] {
  const wall = wallIn(zone);
  // A day more on both sides: what is jumped over by the clock is there too.
  const asked = { from: wall.wallOf(fromAt) - dayMs, until: wall.wallOf(untilAt) + dayMs };
  const entry = ({ from, until }: Stretch, rank: number, people: string[]): Entry => ({
    fromAt: wall.instantOf(from),
    untilAt: wall.instantOf(until),
    rank,
    people,
    unknown: [],
  });
  const free = new Set(holidays.map(({ day }) => day));
  return [
    ...layers.flatMap((layer, rank) =>
      turns(layer, asked, free).map(({ person, ...stretch }) => entry(stretch, rank, [person])),
    ),
    ...holidays.flatMap(({ day, people }) =>
      people.length > 0 ? [entry({ from: day, until: day + dayMs }, layers.length, people)] : [],
    ),
  ].filter((each) => each.fromAt < each.untilAt && each.untilAt > fromAt && each.fromAt < untilAt);
}

function turns(layer: Layer, asked: Stretch, free: ReadonlySet<number>): (Stretch & { person: string })[] {
  const { people, turnFor, startsAt, endsAt, only } = layer;
  const from = Math.max(asked.from, startsAt);
  const until = Math.min(asked.until, endsAt ?? asked.until);
  if (people.length === 0 || from >= until) return [];
  const open = only.length === 0 ? [{ from, until }] : openings(only, { from, until }, free);
  const found: (Stretch & { person: string })[] = [];
  let turn = Math.floor((from - startsAt) / turnFor);
  for (const opening of open) {
    turn = Math.max(turn, Math.floor((opening.from - startsAt) / turnFor));
    for (; startsAt + turn * turnFor < opening.until; turn++) {
      const begins = startsAt + turn * turnFor;
      const stretch = { from: Math.max(begins, opening.from), until: Math.min(begins + turnFor, opening.until) };
      if (stretch.from < stretch.until) found.push({ ...stretch, person: people[turn % people.length] as string });
    }
    // The turn that reaches past this opening may have a part in the next.
    turn--;
  }
  return found;
}

/** When a layer applies, in order and without overlaps. */
function openings(only: readonly Only[], asked: Stretch, free: ReadonlySet<number>): Stretch[] {
  const all: Stretch[] = [];
  for (let day = Math.floor(asked.from / dayMs) * dayMs - dayMs; day < asked.until; day += dayMs) {
    const weekday = free.has(day) ? sunday : new Date(day).getUTCDay() || sunday;
    for (const { days, fromTime, untilTime } of only) {
      if (!days.includes(weekday)) continue;
      const from = Math.max(asked.from, day + fromTime);
      const until = Math.min(asked.until, day + untilTime + (untilTime <= fromTime ? dayMs : 0));
      if (from < until) all.push({ from, until });
    }
  }
  const merged: Stretch[] = [];
  for (const stretch of all.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && stretch.from <= last.until) last.until = Math.max(last.until, stretch.until);
    else merged.push(stretch);
  }
  return merged;
}
