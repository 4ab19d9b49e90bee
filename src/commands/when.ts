import { parseDuration } from '../playbooks/duration.js';
import { firstWords } from './line.js';

const clock = /^([01]?\d|2[0-3]):([0-5]\d)(z)?$/i;
const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z$/i;
const dayMs = 24 * 3_600_000;

/**
 * A time to come at the beginning of a line, and what follows it: `90m`, `2h`, `14:30` (UTC, the next time a clock shows
 * it), `2030-01-15T14:30Z`. null: the line begins with no time.
 */
export function timeToCome(line: string, now: number): { at: number; rest: string } | null {
  const cut = firstWords(line.replace(/^(?:in|at|by|around|about|~)\s+/i, ''), 1);
  if (!cut) return null;
  const [word = ''] = cut.words;
  // "2 h" and "90 min" are two words.
  const two = /^\d+$/.test(word) ? firstWords(cut.rest, 1) : null;
  const spaced = two ? parseDuration(`${word}${two.words[0]}`) : null;
  if (two && spaced !== null) return { at: now + spaced, rest: two.rest };
  const span = parseDuration(word);
  if (span !== null) return { at: now + span, rest: cut.rest };
  if (stamp.test(word)) {
    const at = Date.parse(word.toUpperCase());
    return Number.isNaN(at) ? null : { at, rest: cut.rest };
  }
  const match = clock.exec(word);
  if (!match) return null;
  const today = now - (now % dayMs) + Number(match[1]) * 3_600_000 + Number(match[2]) * 60_000;
  return { at: today > now ? today : today + dayMs, rest: cut.rest.replace(/^utc\b[:,]?\s*/i, '') };
}
