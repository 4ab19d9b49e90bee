import type { HoursOfWeek } from './rule.js';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const quartersAhead = 8 * 96;

/** Whether a time lies within. `end`: the first minute after it that does not; null: there is none within a week. */
export interface Hours {
  holds(at: number): boolean;
  end(at: number): number | null;
}

/** Reads a clock in the zone, so that summer time is as the people there have it. */
export function hoursOf({ zone, between, days: on }: HoursOfWeek): Hours {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  function holds(at: number): boolean {
    const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value]));
    const minute = Number(parts.hour) * 60 + Number(parts.minute);
    const day = days.indexOf(parts.weekday ?? '');
    const runs = (begun: number): boolean => on === null || on.includes(begun);
    if (between === null) return runs(day);
    const { from, to } = between;
    if (from < to) return minute >= from && minute < to && runs(day);
    // After midnight it is still the night of the day before.
    return (minute >= from && runs(day)) || (minute < to && runs((day + 6) % 7));
  }
  let last: { from: number; end: number | null } | null = null;
  return {
    holds,
    end(at) {
      // A storm asks again and again in the same night.
      if (last && at >= last.from && (last.end === null ? at - last.from < quarterMs : at < last.end)) return last.end;
      const quarter = at - (at % quarterMs);
      let end: number | null = null;
      for (let ahead = 1; ahead <= quartersAhead && end === null; ahead++) {
        const near = quarter + ahead * quarterMs;
        if (holds(near)) continue;
        end = near;
        while (end - minuteMs > at && !holds(end - minuteMs)) end -= minuteMs;
      }
      last = { from: at, end };
      return end;
    },
  };
}
