import { Cron } from 'croner';
import ICAL from 'ical.js';
import type { Matching } from '../alerts/quiet/matching.js';
import { bounded } from '../oncall/calendar/bounded.js';
import { instantOf, timesOf } from '../oncall/calendar/event.js';
import { type Wall, wallIn } from '../oncall/wall.js';

/** A maintenance window of the configuration. */
export interface Window {
  name: string;
  what: Matching;
  because: string;
  /** The clock its times are read on. */
  zone: string;
  when: Once | Repeating;
}

export interface Once {
  fromAt: number;
  untilAt: number;
}

/** Times are what a clock there shows, in ms as if it were UTC. */
export interface Repeating {
  /** Five fields of cron, or the parts of an RRULE. */
  every: string;
  /** By a stopwatch, whatever clocks do meanwhile. */
  lastsFor: number;
  /** None begins before; an RRULE counts from here. null: as long as one can think back. */
  fromWall: number | null;
  /** None begins after. */
  untilWall: number | null;
}

export interface Occurrence {
  fromAt: number;
  untilAt: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const followedWithinMs = 250;
/** More in the time asked for are not followed. */
const occurrencesAtMost = 20_000;
const ruleStart = /^(?:RRULE:)?FREQ=/i;

const isRule = (every: string): boolean => ruleStart.test(every.trim());

/** Why nobody can say when this is; null: it can be followed. */
export function unreadable(every: string): string | null {
  try {
    if (isRule(every)) {
      const { freq } = ruleOf(every);
      return freq === 'SECONDLY' || freq === 'MINUTELY' ? 'it repeats every minute or more often' : null;
    }
    cronOf(every);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const cronOf = (every: string): Cron => new Cron(every.trim(), { mode: '5-part', timezone: 'UTC' });
const ruleOf = (every: string): ICAL.Recur => ICAL.Recur.fromString(every.trim().replace(/^RRULE:/i, ''));

/**
 * When it is, of what touches the time between two instants, in order. A time that a clock shows twice is meant the first
 * time; one that is jumped over is meant at the jump. Nothing: it is never in that time.
 */
export function occurrences(window: Window, fromAt: number, untilAt: number): Occurrence[] {
  const { when, zone } = window;
  if ('fromAt' in when) return when.untilAt > fromAt && when.fromAt < untilAt ? [when] : [];
  const wall = wallIn(zone);
  const begins = isRule(when.every) ? byRule(when, wall, fromAt, untilAt) : byCron(when, wall, fromAt, untilAt);
  const found: Occurrence[] = [];
  for (const at of begins) {
    if (at >= untilAt || found.length >= occurrencesAtMost) break;
    if (at + when.lastsFor <= fromAt || found.at(-1)?.fromAt === at) continue;
    found.push({ fromAt: at, untilAt: at + when.lastsFor });
  }
  return found;
}

function byCron({ every, lastsFor, fromWall, untilWall }: Repeating, wall: Wall, fromAt: number, untilAt: number) {
  const cron = cronOf(every);
  const first = Math.max(wall.wallOf(fromAt - lastsFor) - dayMs, fromWall ?? Number.NEGATIVE_INFINITY) - 1;
  const last = Math.min(wall.wallOf(untilAt) + dayMs, untilWall ?? Number.POSITIVE_INFINITY);
  const begins: number[] = [];
  for (let at = cron.nextRun(new Date(first)); at !== null && at.getTime() <= last; at = cron.nextRun(at)) {
    begins.push(wall.instantOf(at.getTime()));
    if (begins.length > occurrencesAtMost) break;
  }
  return begins;
}

function byRule(when: Repeating, wall: Wall, fromAt: number, untilAt: number): number[] {
  const instants = (wallMs: number): number => wall.instantOf(wallMs);
  const rule = ruleOf(when.every);
  const event = {
    ...{ uid: '', sequence: 0, cancelled: false, title: '', attendees: [], more: [], except: [], insteadAt: null },
    starts: { wallMs: when.fromWall ?? 0, instants, isDate: false },
    lastsFor: when.lastsFor,
    // Following one changes it.
    rules: [ruleOf(when.every)],
  };
  const last = when.untilWall === null ? Number.POSITIVE_INFINITY : wall.instantOf(when.untilWall);
  const begins: number[] = [];
  try {
    bounded(followedWithinMs, () => {
      for (const { starts } of timesOf(event, fromAt, untilAt)) {
        const at = instantOf(starts);
        if (at > last) break;
        if (!isThere(rule.parts, new Date(starts.wallMs))) continue;
        begins.push(at);
      }
    });
  } catch {
    // One that never comes again is looked for without end; what was found until then stands.
  }
  return begins.sort((a, b) => a - b);
}

/** Days that a month does not have are followed into the next one, where they were not meant. */
function isThere({ BYMONTH: months, BYMONTHDAY: days }: ICAL.Recur['parts'], wall: Date): boolean {
  const day = wall.getUTCDate();
  const length = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  const isMonth = !months || months.map(Number).includes(wall.getUTCMonth() + 1);
  return isMonth && (!days || days.map(Number).some((each) => (each > 0 ? each : length + 1 + each) === day));
}

/** The next ones that begin after an instant, or hold at it; looks so far ahead. */
export function nextOf(window: Window, now: number, { many = 3, years = 5 } = {}): Occurrence[] {
  for (const days of [40, 400, 366 * years]) {
    const found = occurrences(window, now, now + days * dayMs);
    if (found.length >= many || days > 400) return found.slice(0, many);
  }
  return [];
}

/** Whether it leaves no minute free in the next weeks. */
export function coversAlways(window: Window, now: number): boolean {
  const until = now + 35 * dayMs;
  let covered = now;
  for (const { fromAt, untilAt } of occurrences(window, now, until)) {
    if (fromAt - covered >= minuteMs) return false;
    covered = Math.max(covered, untilAt);
  }
  return covered >= until;
}
