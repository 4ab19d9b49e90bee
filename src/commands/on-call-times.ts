import { wallIn } from '../oncall/wall.js';
import { firstWords } from './line.js';
import { spanOf } from './span.js';

const dayMs = 86_400_000;
const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const dayWord = /^(\d{4}-\d\d-\d\d|[a-z]{3,9})(?=[\sT,]|$)[\s,]*/i;
const clockWord = /^(?:t|at\s+)?(\d\d?):(\d\d)(?::\d\d)?\s*(z|utc)?(?=[\s,.]|$)[\s,.]*/i;

interface Reading {
  now: number;
  /** A clock without a day is the next time it shows that after this. */
  after: number;
  zone: string;
  /** A day alone is meant to its end, not from its beginning. */
  toEnd: boolean;
}

/**
 * A time at the beginning of a line, and what follows: `18:00`, `18:00 UTC`, `tomorrow`, `mon 09:00`, `2026-11-23 09:00`,
 * `now`. Times without UTC are in the zone. null: it begins with none.
 */
function momentOf(line: string, { now, after, zone, toEnd }: Reading): { at: number; rest: string } | null {
  const [nowWord] = /^now(?=\s|$)\s*/i.exec(line) ?? [];
  if (nowWord !== undefined) return { at: now, rest: line.slice(nowWord.length) };
  const named = dayWord.exec(line);
  const clock = clockWord.exec(named ? line.slice(named[0].length) : line);
  const wall = wallIn(clock?.[3] === undefined ? zone : 'UTC');
  const today = Math.floor(wall.wallOf(now) / dayMs) * dayMs;
  const day = named ? dayOf(named[1] as string, today) : null;
  if (named && day === null) return null;
  if (!named && !clock) return null;
  const [hours, minutes] = [Number(clock?.[1] ?? 0), Number(clock?.[2] ?? 0)];
  if (hours * 60 + minutes > 24 * 60 || minutes > 59) return null;
  const time = clock ? (hours * 60 + minutes) * 60_000 : toEnd ? dayMs : 0;
  const rest = line.slice((named?.[0].length ?? 0) + (clock?.[0].length ?? 0));
  const again = named ? (/^\d|^to/i.test(named[1] as string) ? 0 : 7 * dayMs) : dayMs;
  // A clock alone goes on from the day of `after`, which may lie weeks ahead.
  const first = (day ?? Math.floor(wall.wallOf(after) / dayMs) * dayMs) + time;
  const at = wall.instantOf(first);
  return { at: at > after || again === 0 ? at : wall.instantOf(first + again), rest };
}

/** Midnight of a day, as a wall time; null: no day. */
function dayOf(word: string, today: number): number | null {
  const lower = word.toLowerCase();
  if (/^\d/.test(lower)) {
    const day = Date.parse(`${lower}T00:00:00Z`);
    return Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== lower ? null : day;
  }
  if (lower === 'today' || lower === 'tonight') return today;
  if (lower === 'tomorrow') return today + dayMs;
  const weekday = weekdays.findIndex((each) => each.startsWith(lower));
  return weekday < 0 ? null : today + ((weekday - new Date(today).getUTCDay() + 7) % 7) * dayMs;
}

/**
 * A stretch of time: `for 2h`, `until 18:00`, `from mon 09:00 until fri`, `from 18:00 for 4h`. Without `from` it begins
 * now. null: nothing there says when it ends. A text says what cannot be understood.
 */
export function stretchOf(
  line: string,
  { now, zone }: Pick<Reading, 'now' | 'zone'>,
): { fromAt: number; untilAt: number } | { wrong: string } | null {
  let rest = line.trim();
  let fromAt = now;
  let untilAt: number | null = null;
  let forMs: number | null = null;
  for (let cut = firstWords(rest, 1); cut; cut = firstWords(rest, 1)) {
    const word = (cut.words[0] as string).toLowerCase();
    if (word === 'for') {
      const span = spanOf(cut.rest);
      if (!span) return { wrong: '“for” goes with a span, like for 2h.' };
      forMs = span.ms;
      rest = span.rest;
      continue;
    }
    const begins = ['from', 'starting', 'beginning'].includes(word);
    if (!begins && !['until', 'till', 'til', 'to', '-'].includes(word))
      return { wrong: `“${word.slice(0, 40)}” says no time.` };
    const moment = momentOf(cut.rest, { now, after: begins ? now : fromAt, zone, toEnd: !begins });
    if (!moment)
      return { wrong: `“${word}” goes with a time, like ${word} 18:00, ${word} mon 09:00 or ${word} 2026-11-23.` };
    if (begins) fromAt = moment.at;
    else untilAt = moment.at;
    rest = moment.rest;
  }
  const end = forMs === null ? untilAt : fromAt + forMs;
  return end === null ? null : { fromAt, untilAt: end };
}
