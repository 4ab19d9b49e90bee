import ICAL from 'ical.js';
import { calendarLimits } from './limits.js';
import { type Instants, instantsIn, timeOf } from './zones.js';

/** One entry of a calendar, before it is followed through its repetitions. Wall times are ms as if they were UTC. */
export interface CalendarEvent {
  uid: string;
  sequence: number;
  cancelled: boolean;
  title: string;
  attendees: { email: string; name: string }[];
  starts: Moment;
  /** By the clock on the wall. */
  lastsFor: number;
  rules: ICAL.Recur[];
  more: { starts: Moment; lastsFor: number | null }[];
  except: Moment[];
  /** The time of another entry that this one stands for; null: of none. */
  insteadAt: number | null;
}

export interface Moment {
  wallMs: number;
  instants: Instants;
  isDate: boolean;
}

/** How the calendar's clocks are found; `floating` is for times that name none. */
export interface Clocks {
  called(name: string): Instants | null;
  floating: Instants;
  /** Somebody named a zone that means nothing. */
  unknown(name: string): void;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const utc = instantsIn('UTC');

export const instantOf = ({ instants, wallMs }: Moment): number => instants(wallMs);

/** @throws when the entry cannot be read. */
export function eventOf(text: string, clocks: Clocks): CalendarEvent {
  const component = new ICAL.Component(ICAL.parse(text));
  const [starts] = moments(component.getFirstProperty('dtstart'), clocks);
  const [instead] = moments(component.getFirstProperty('recurrence-id'), clocks);
  if (!starts) throw new Error('It has no beginning.');
  const word = (name: string): string => String(component.getFirstPropertyValue(name) ?? '').trim();
  return {
    uid: word('uid'),
    sequence: Number(word('sequence')) || 0,
    cancelled: word('status').toUpperCase() === 'CANCELLED',
    title: word('summary').replace(/\s+/g, ' ').slice(0, calendarLimits.titleCharacters),
    attendees: attendeesOf(component),
    starts,
    lastsFor: lengthOf(component, starts, clocks),
    rules: component.getAllProperties('rrule').flatMap((each) => each.getValues() as ICAL.Recur[]),
    more: component.getAllProperties('rdate').flatMap((each) => moreOf(each, clocks)),
    except: component.getAllProperties('exdate').flatMap((each) => moments(each, clocks)),
    insteadAt: instead ? instantOf(instead) : null,
  };
}

function moments(property: ICAL.Property | null, clocks: Clocks): Moment[] {
  const times = (property?.getValues() ?? []).filter((value) => value instanceof ICAL.Time);
  return times.map((time) => momentOf(time, property as ICAL.Property, clocks));
}

function momentOf(time: ICAL.Time, property: ICAL.Property, clocks: Clocks): Moment {
  const { year, month, day, hour, minute, second, isDate } = time;
  const wallMs = Date.UTC(year, month - 1, day, isDate ? 0 : hour, isDate ? 0 : minute, isDate ? 0 : second);
  if (!Number.isFinite(wallMs) || year < 1970 || year > 9_000) throw new Error('It has a time that cannot be.');
  return { wallMs, isDate, instants: clockOf(time, property, clocks) };
}

function clockOf(time: ICAL.Time, property: ICAL.Property, clocks: Clocks): Instants {
  if (time.zone === ICAL.Timezone.utcTimezone) return utc;
  const zone = property.getParameter('tzid');
  const name = Array.isArray(zone) ? zone[0] : zone;
  if (time.isDate || name === undefined || name === '') return clocks.floating;
  const found = clocks.called(name);
  if (found === null) clocks.unknown(name);
  return found ?? clocks.floating;
}

function lengthOf(component: ICAL.Component, starts: Moment, clocks: Clocks): number {
  const [ends] = moments(component.getFirstProperty('dtend'), clocks);
  if (ends)
    return ends.instants === starts.instants ? ends.wallMs - starts.wallMs : instantOf(ends) - instantOf(starts);
  const duration = component.getFirstPropertyValue('duration');
  if (duration instanceof ICAL.Duration) return duration.toSeconds() * 1_000;
  return starts.isDate ? dayMs : 0;
}

function moreOf(property: ICAL.Property, clocks: Clocks): CalendarEvent['more'] {
  return (property.getValues() as unknown[]).flatMap((value): CalendarEvent['more'] => {
    if (value instanceof ICAL.Time) return [{ starts: momentOf(value, property, clocks), lastsFor: null }];
    if (!(value instanceof ICAL.Period)) return [];
    const starts = momentOf(value.start, property, clocks);
    return [{ starts, lastsFor: value.getDuration().toSeconds() * 1_000 }];
  });
}

/** Not who has declined, and no rooms. */
function attendeesOf(component: ICAL.Component): CalendarEvent['attendees'] {
  const parameter = (property: ICAL.Property, name: string): string => String(property.getParameter(name) ?? '');
  return component
    .getAllProperties('attendee')
    .filter(
      (each) =>
        parameter(each, 'partstat').toUpperCase() !== 'DECLINED' &&
        !['ROOM', 'RESOURCE'].includes(parameter(each, 'cutype').toUpperCase()),
    )
    .slice(0, calendarLimits.attendees)
    .map((each) => ({
      email: String(each.getFirstValue() ?? '')
        .replace(/^mailto:/i, '')
        .trim()
        .slice(0, calendarLimits.titleCharacters),
      name: parameter(each, 'cn').trim().slice(0, calendarLimits.titleCharacters),
    }));
}

/**
 * When an entry happens until `untilAt`, without most of what is over by `fromAt`.
 * @throws when it repeats too often to be followed that far.
 */
export function* timesOf(
  event: CalendarEvent,
  fromAt: number,
  untilAt: number,
): Generator<{ starts: Moment; lastsFor: number }> {
  const { starts, lastsFor, rules, more } = event;
  if (rules.length === 0) yield { starts, lastsFor };
  for (const rule of rules) {
    if (rule.freq === 'SECONDLY' || rule.freq === 'MINUTELY') throw new Error('It repeats every minute or more often.');
    const last = lastOf(rule, starts);
    rule.until = null;
    const iterator = rule.iterator(timeOf(nearer(rule, starts.wallMs, fromAt - lastsFor - 2 * dayMs)));
    for (let followed = 0; ; followed++) {
      const time = iterator.next() as ICAL.Time | null;
      if (!time) break;
      const { year, month, day, hour, minute, second } = time;
      const moment = { ...starts, wallMs: Date.UTC(year, month - 1, day, hour, minute, second) };
      if (moment.wallMs + lastsFor < fromAt - 2 * dayMs && followed < calendarLimits.repeats) continue;
      const at = instantOf(moment);
      if (at >= untilAt || at > last(moment)) break;
      if (followed >= calendarLimits.repeats) throw new Error('It has been repeated too often.');
      yield { starts: moment, lastsFor };
    }
  }
  for (const each of more) yield { starts: each.starts, lastsFor: each.lastsFor ?? lastsFor };
}

const periods: Partial<Record<string, number>> = { HOURLY: hourMs, DAILY: dayMs, WEEKLY: 7 * dayMs };

/** A beginning as good as the first one, whole periods later and before `towards`; where repetitions are counted there is none. */
function nearer(rule: ICAL.Recur, wallMs: number, towards: number): number {
  const period = (periods[rule.freq] ?? 0) * Math.max(1, rule.interval);
  if (period === 0 || rule.count || towards <= wallMs) return wallMs;
  return wallMs + Math.max(0, Math.floor((towards - wallMs) / period) - 1) * period;
}

/** The last instant at which a repetition may begin. */
function lastOf(rule: ICAL.Recur, starts: Moment): (of: Moment) => number {
  const { until } = rule;
  if (!until) return () => Number.POSITIVE_INFINITY;
  const { year, month, day, hour, minute, second, isDate } = until;
  const wallMs = isDate ? Date.UTC(year, month - 1, day + 1) - 1 : Date.UTC(year, month - 1, day, hour, minute, second);
  const at = until.zone === ICAL.Timezone.utcTimezone ? wallMs : starts.instants(wallMs);
  return () => at;
}
