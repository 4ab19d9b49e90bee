import type { OnCall } from '../incident/context.js';
import { literal } from '../messages/literal.js';
import type { KeptRoster } from '../store/oncall-port.js';
import type { CalendarTime } from './calendar/read.js';
import { type Named, naming } from './people.js';
import { sourceOf } from './refresh.js';
import { dayMs, entriesOf } from './rotation.js';
import { type CalendarSchedule, placeShown, type Schedule } from './schedule.js';
import { type Entry, type Handoff, handoffAfter, type Override, type Shift, shiftAt, shiftsBetween } from './shift.js';

/** One schedule at an instant. People are person ids. */
export interface Standing {
  schedule: string;
  now: Shift;
  /** The next other people; null: not in the next weeks. */
  next: Handoff | null;
  /** The calendar cannot be read now, and this is what was read then; null: it is as it stands there, or a rotation. */
  copyOf: number | null;
  /** Why it cannot be read, in words; null: it can. */
  error: string | null;
  /** What was left out of the calendar, or guessed. */
  notes: string[];
  /** Those that count now, or will. */
  overrides: Override[];
  /** When its calendar was last read whole; null: never, or it is a rotation. */
  readAt: number | null;
  /** Where the calendar is, without what opens it; null: a rotation. */
  place: string | null;
}

/** Who is on call, kept in memory: cheap to ask, whenever somebody has to be called. */
export interface OnCallDesk {
  /** Of the schedules there are. */
  names(): string[];
  onCall: OnCall;
  /** null: there is no such schedule. */
  standing(schedule: string, at: number): Standing | null;
  /** Who hands to whom next, and when; null: nobody in the next weeks, or there is no such schedule. */
  nextChange(schedule: string, at: number): Handoff | null;
  /** Empty: there is no such schedule. */
  shifts(schedule: string, fromAt: number, untilAt: number): Shift[];
  /** null: none is known. */
  zoneOf(personId: string): string | null;
}

/** What a desk knows, asked anew each time; the same object means that nothing has changed. */
export interface DeskBasis {
  schedules: readonly Schedule[];
  people: readonly (Named & { zone: string | null })[];
  /** Person ids by ids of the configuration. */
  personIds: ReadonlyMap<string, string>;
  rosters: ReadonlyMap<string, KeptRoster>;
  /** Names of those who have left, by person id: nobody calls them, whoever plans them. */
  gone: ReadonlyMap<string, string>;
  overrides: readonly Override[];
}

interface Kept {
  fromAt: number;
  untilAt: number;
  shifts: Shift[];
}

const backMs = 8 * dayMs;
const aheadMs = 70 * dayMs;
/** A kept stretch that reaches less far past what is asked is made anew. */
const aheadAtLeastMs = 35 * dayMs;

export function openDesk(basis: () => DeskBasis): OnCallDesk {
  let made: DeskBasis | null = null;
  let kept = new Map<string, Kept>();
  let entriesBy: (schedule: Schedule, fromAt: number, untilAt: number) => Entry[] = () => [];

  function looked(): DeskBasis {
    const now = basis();
    if (now === made) return now;
    made = now;
    kept = new Map();
    entriesBy = entriesFrom(now);
    return now;
  }

  const find = (name: string): Schedule | null => looked().schedules.find((each) => each.name === name) ?? null;

  const overridesOf = (name: string): Override[] =>
    looked().overrides.filter(({ schedule, personId }) => schedule === name && !looked().gone.has(personId));

  function between(schedule: Schedule, fromAt: number, untilAt: number): Shift[] {
    const overrides = overridesOf(schedule.name);
    return shiftsBetween(fromAt, untilAt, entriesBy(schedule, fromAt, untilAt), overrides);
  }

  function around(schedule: Schedule, at: number): Shift[] {
    const known = kept.get(schedule.name);
    if (known && at >= known.fromAt && at <= known.untilAt - aheadAtLeastMs) return known.shifts;
    const [fromAt, untilAt] = [at - backMs, at + aheadMs];
    const shifts = between(schedule, fromAt, untilAt);
    kept.set(schedule.name, { fromAt, untilAt, shifts });
    return shifts;
  }

  /** What was read of its calendar; null: nothing, or that was another one. */
  const rosterOf = (schedule: Schedule): KeptRoster | null => {
    const roster = schedule.kind === 'calendar' ? looked().rosters.get(schedule.name) : undefined;
    return roster && roster.source === sourceOf(schedule as CalendarSchedule) ? roster : null;
  };

  function why(schedule: Schedule, shift: Shift | null, at: number): string {
    const roster = rosterOf(schedule);
    if (schedule.kind === 'calendar') {
      if (roster === null) return `the calendar of ${schedule.name} has not been read yet`;
      if (roster.readAt === null) return `the calendar of ${schedule.name} cannot be read: ${roster.error}`;
    }
    if (shift && shift.unknown.length > 0)
      return `${schedule.kind === 'calendar' ? 'the calendar of ' : ''}${schedule.name} names ${shift.unknown.map((each) => literal(each, 80)).join(' and ')}, whom Muster cannot call`;
    if (roster && at >= roster.coversUntil) return `the calendar of ${schedule.name} was not followed so far`;
    return `nobody is planned on ${schedule.name} then`;
  }

  return {
    names: () => looked().schedules.map(({ name }) => name),
    onCall(name, at) {
      const schedule = find(name);
      if (schedule === null) return { people: [], why: `there is no schedule ${name}` };
      const shift = shiftAt(around(schedule, at), at);
      const people = shift?.people ?? [];
      return { people, why: people.length > 0 ? null : why(schedule, shift, at) };
    },
    standing(name, at) {
      const schedule = find(name);
      if (schedule === null) return null;
      const shifts = around(schedule, at);
      const roster = rosterOf(schedule);
      const failing = roster !== null && roster.failingSince !== null;
      return {
        schedule: name,
        now: shiftAt(shifts, at) as Shift,
        next: handoffAfter(shifts, at),
        copyOf: failing ? roster.readAt : null,
        error:
          schedule.kind === 'calendar' && roster === null ? 'it has not been read yet' : failing ? roster.error : null,
        notes: roster?.notes ?? [],
        overrides: overridesOf(name).filter(({ untilAt }) => untilAt > at),
        readAt: roster?.readAt ?? null,
        place: schedule.kind === 'calendar' ? placeShown(schedule.place) : null,
      };
    },
    nextChange(name, at) {
      const schedule = find(name);
      return schedule && handoffAfter(around(schedule, at), at);
    },
    shifts(name, fromAt, untilAt) {
      const schedule = find(name);
      return schedule ? between(schedule, fromAt, untilAt) : [];
    },
    zoneOf(personId) {
      const { people, personIds } = looked();
      return people.find(({ id }) => (personIds.get(id) ?? id) === personId)?.zone ?? null;
    },
  };
}

function entriesFrom({
  people,
  personIds,
  rosters,
  gone,
}: DeskBasis): (schedule: Schedule, fromAt: number, untilAt: number) => Entry[] {
  const here = (entry: Entry): Entry => {
    const ids = entry.people.map((id) => personIds.get(id) ?? id);
    const left = ids.flatMap((id) => (gone.has(id) ? `${gone.get(id)} (who has left)` : []));
    return { ...entry, people: ids.filter((id) => !gone.has(id)), unknown: [...entry.unknown, ...left] };
  };
  const read = new Map<string, Entry[]>();
  return (schedule, fromAt, untilAt) => {
    if (schedule.kind === 'rotation') return entriesOf(schedule, fromAt, untilAt).map(here);
    const roster = rosters.get(schedule.name);
    if (!roster || roster.source !== sourceOf(schedule)) return [];
    const known = read.get(schedule.name);
    if (known) return known;
    const entries = calendarEntries(roster.times, people, schedule.names).map(here);
    read.set(schedule.name, entries);
    return entries;
  };
}

/** The times of a calendar, with those it names by their ids. */
export function calendarEntries(
  times: readonly CalendarTime[],
  people: readonly Named[],
  names: Readonly<Record<string, string>>,
): Entry[] {
  const meant = naming(people, names);
  return times.map((time) => ({ fromAt: time.fromAt, untilAt: time.untilAt, rank: time.level, ...meant(time) }));
}
