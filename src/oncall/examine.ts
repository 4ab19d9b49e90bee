import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { formatDuration, formatTime } from '../messages/zones.js';
import { calendarEntries } from './desk.js';
import type { Named } from './people.js';
import { refreshed } from './refresh.js';
import { dayMs, entriesOf } from './rotation.js';
import { placeShown, type Schedule } from './schedule.js';
import { gapsOf, type Override, shiftsBetween } from './shift.js';

/** What a schedule lacks in the next 30 days. */
export interface ScheduleFault {
  schedule: string;
  /** What kind of fault: a calendar that cannot be read hides all others. */
  kind: 'unread' | 'note' | 'gap' | 'unknown';
  what: string;
  fix: string;
}

const lookedAheadMs = 30 * dayMs;
const gapsToldAtMost = 10;

/**
 * Looks at every schedule as it will be for the next 30 days: gaps in coverage, names nobody knows, calendars that cannot
 * be read. Calendars are read now, within their bounds.
 */
export async function examineSchedules(
  schedules: readonly Schedule[],
  {
    people,
    overrides,
    now,
    withinMs,
  }: { people: readonly Named[]; overrides: readonly Override[]; now: number; withinMs?: number },
): Promise<ScheduleFault[]> {
  const all = await Promise.all(
    schedules.map(async (schedule): Promise<ScheduleFault[]> => {
      const until = now + lookedAheadMs;
      const own = overrides.filter((each) => each.schedule === schedule.name);
      if (schedule.kind === 'rotation') return lacking(schedule, entriesOf(schedule, now, until), own, now);
      const { times, notes, error } = await refreshed(schedule, null, now, withinMs === undefined ? {} : { withinMs });
      const { name, place } = schedule;
      if (error !== null)
        return [
          {
            schedule: name,
            kind: 'unread',
            what: `Its calendar at ${literal(placeShown(place), 100)} cannot be read: ${literal(error, 200)}. Gaps in it are not known.`,
            fix: 'Open it from this machine. Muster goes on with the copy it has.',
          },
        ];
      return [
        ...notes.map(
          (note): ScheduleFault => ({
            schedule: name,
            kind: 'note',
            what: `Of its calendar, ${literal(note, 200)}.`,
            fix: 'Look at those entries in the tool that keeps it.',
          }),
        ),
        ...lacking(schedule, calendarEntries(times, people, schedule.names), own, now),
      ];
    }),
  );
  return all.flat();
}

function lacking(
  schedule: Schedule,
  entries: Parameters<typeof shiftsBetween>[2],
  overrides: readonly Override[],
  now: number,
): ScheduleFault[] {
  const shifts = shiftsBetween(now, now + lookedAheadMs, entries, overrides);
  const zone = schedule.zone ?? 'UTC';
  const shown = (at: number): string => formatTime(at, zone, 'date');
  const { name } = schedule;
  const gaps = gapsOf(shifts);
  const unknown = [...new Set(shifts.flatMap((shift) => shift.unknown))];
  const more = gaps.length - gapsToldAtMost;
  return [
    ...gaps.slice(0, gapsToldAtMost).map(({ fromAt, untilAt, unknown: names }): ScheduleFault => {
      const whom = names.length > 0 ? `; its calendar names ${listed(names)}` : '';
      return {
        schedule: name,
        kind: 'gap',
        what: `Nobody is on call from ${shown(fromAt)} until ${shown(untilAt)} (${formatDuration(untilAt - fromAt)})${whom}.`,
        fix: 'Plan somebody there; until then an escalation goes on to its next level.',
      };
    }),
    ...(more > 0
      ? [
          {
            schedule: name,
            kind: 'gap' as const,
            what: `There are ${count(more, 'gap')} more in the next 30 days.`,
            fix: 'Plan somebody there.',
          },
        ]
      : []),
    ...(unknown.length > 0
      ? [
          {
            schedule: name,
            kind: 'unknown' as const,
            what: `Its calendar names whom Muster does not know: ${listed(unknown)}.`,
            fix: `Give the person under people that name or e-mail address, or map the name under on-call.schedules.${name}.names.`,
          },
        ]
      : []),
  ];
}

const listed = (names: readonly string[]): string =>
  `${names
    .slice(0, 5)
    .map((each) => `“${literal(each, 80)}”`)
    .join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
