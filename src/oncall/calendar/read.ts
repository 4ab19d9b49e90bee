import { setImmediate } from 'node:timers/promises';
import { isZone } from '../../messages/zones.js';
import { bounded } from './bounded.js';
import { type CalendarEvent, eventOf, instantOf, timesOf } from './event.js';
import { calendarLimits } from './limits.js';
import { NotACalendar, partsOf } from './parts.js';
import { instantsIn, zoneCalled, zonesOf } from './zones.js';

/** Somebody is on call by a calendar. Times are ms since the epoch. */
export interface CalendarTime {
  fromAt: number;
  untilAt: number;
  /** `[L2]` in its title; 0: none. The highest counts where they overlap. */
  level: number;
  title: string;
  attendees: { email: string; name: string }[];
}

export interface ReadCalendar {
  times: CalendarTime[];
  /** What was left out or guessed, in words. */
  notes: string[];
}

const level = /\[L(\d{1,2})\]/i;
/** Entries read before others get their turn. */
const atOnce = 25;
const dayMs = 86_400_000;

/**
 * The times in a calendar that touch the time between two instants. An entry that cannot be read costs only itself, and is
 * told in `notes`.
 * @param zone for times that name none, instead of the calendar's own.
 * @throws NotACalendar when it is none, or takes too long to read.
 */
export async function readCalendar(
  text: string,
  { fromAt, untilAt, zone }: { fromAt: number; untilAt: number; zone: string | null },
): Promise<ReadCalendar> {
  const parts = partsOf(text);
  const foreign = new Set<string>();
  const own = zone ?? (parts.zone === null ? null : zoneCalled(parts.zone));
  const clocks = {
    ...zonesOf(parts.zones),
    floating: instantsIn(own !== null && isZone(own) ? own : 'UTC'),
    unknown: (name: string) => void (foreign.size < 5 && foreign.add(name)),
  };
  const events: CalendarEvent[] = [];
  let unread = 0;
  let endless = 0;
  let spentMs = 0;
  /** What throws is left out and counted. */
  const attempt = (work: () => void): void => {
    const begun = performance.now();
    try {
      bounded(calendarLimits.entryMs, work);
    } catch (error) {
      unread++;
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') endless++;
    }
    spentMs += performance.now() - begun;
    if (spentMs > calendarLimits.allMs || endless >= calendarLimits.endless)
      throw new NotACalendar('it takes too long to read');
  };
  for (const [i, entry] of parts.entries.entries()) {
    if (i % atOnce === 0) await setImmediate();
    if (!isOver(entry, fromAt)) attempt(() => void events.push(eventOf(entry, clocks)));
  }
  const replaced = replacements(events);
  const times: CalendarTime[] = [];
  for (const [i, event] of newest(events).entries()) {
    if (i % atOnce === 0) await setImmediate();
    attempt(() => times.push(...touching(event, { fromAt, untilAt, replaced })));
    if (times.length > calendarLimits.times) break;
  }
  return {
    times: times.slice(0, calendarLimits.times).sort((a, b) => a.fromAt - b.fromAt || a.untilAt - b.untilAt),
    notes: [
      ...(unread > 0 ? [`${unread} of its entries cannot be read`] : []),
      ...(parts.leftOut > 0 ? [`${parts.leftOut} of its entries are too long or too many`] : []),
      ...(times.length > calendarLimits.times ? [`only its first ${calendarLimits.times} times are kept`] : []),
      ...(foreign.size > 0 ? [`it names time zones that are not known: ${[...foreign].join(', ').slice(0, 200)}`] : []),
    ],
  };
}

/** Calendars keep years of what has been; most of it is seen to be over without reading it. */
function isOver(entry: string, fromAt: number): boolean {
  if (/^(?:RRULE|RDATE|RECURRENCE-ID)[:;]/im.test(entry)) return false;
  const ends = /^DTEND(?:;[^:\n]*)?:(\d{4})(\d\d)(\d\d)/im.exec(entry);
  return ends !== null && Date.UTC(Number(ends[1]), Number(ends[2]) - 1, Number(ends[3])) < fromAt - 2 * dayMs;
}

const ofEntry = ({ uid, insteadAt }: CalendarEvent, at = insteadAt): string => `${uid}
${at}`;

/** Times of repeating entries that another entry stands for, moved or cancelled. */
const replacements = (events: readonly CalendarEvent[]): Set<string> =>
  new Set(events.flatMap((event) => (event.insteadAt === null ? [] : [ofEntry(event)])));

/** Of several entries that stand for the same time, the one with the highest sequence number. */
function newest(events: readonly CalendarEvent[]): CalendarEvent[] {
  const last = new Map<string, CalendarEvent>();
  for (const event of events)
    if (event.insteadAt !== null && (last.get(ofEntry(event))?.sequence ?? -1) <= event.sequence)
      last.set(ofEntry(event), event);
  return events.filter((event) => event.insteadAt === null || last.get(ofEntry(event)) === event);
}

function touching(
  event: CalendarEvent,
  { fromAt, untilAt, replaced }: { fromAt: number; untilAt: number; replaced: ReadonlySet<string> },
): CalendarTime[] {
  if (event.cancelled) return [];
  const { except, insteadAt, attendees } = event;
  const exceptAt = new Set(except.filter(({ isDate }) => !isDate).map(instantOf));
  const exceptDays = new Set(except.filter(({ isDate }) => isDate).map(({ wallMs }) => wallMs));
  const of = { level: Number(level.exec(event.title)?.[1] ?? 0), attendees };
  const title = event.title.replace(level, '').replace(/\s+/g, ' ').trim();
  const found: CalendarTime[] = [];
  for (const { starts, lastsFor } of timesOf(event, fromAt, untilAt)) {
    const at = instantOf(starts);
    const ends = starts.instants(starts.wallMs + lastsFor);
    if (ends <= at || ends <= fromAt || at >= untilAt) continue;
    if (exceptAt.has(at) || exceptDays.has(Math.floor(starts.wallMs / dayMs) * dayMs)) continue;
    if (insteadAt === null && replaced.has(ofEntry(event, at))) continue;
    found.push({ fromAt: at, untilAt: ends, title, ...of });
    if (found.length > calendarLimits.times) break;
  }
  return found;
}
