import { DateTime } from 'luxon';
import type { Incident } from '../incident/state.js';
import { formatTime, isZone } from '../messages/zones.js';
import { parseDuration } from '../playbooks/duration.js';
import { lineButton, refused } from './answers.js';
import type { Act, Verb } from './verb.js';

const dayMs = 24 * 3_600_000;
/** So long before it began something may have happened that belongs on its timeline. */
const beforeMs = 7 * dayMs;

/** What people write down later, of which it matters when it was. Others happen when they are said. */
const datable = new Set(['note', 'ack', 'sev', 'status', 'impact', 'workaround', 'resolve', 'done', 'skip', 'fail']);
/** Of these only words are kept; the rest changes how the incident stood, which it did only once there was one. */
const words = new Set(['note', 'impact', 'workaround']);

const clock = /^(?:(yesterday|today)\s+)?([01]?\d|2[0-3])[:.h]([0-5]\d)(z\b)?\s*/i;
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)|\d{4}-\d\d-\d\d \d\d:\d\d)\s*/i;
const ago = /^(\d+\s*[a-z]+(?:\s*\d+\s*m(?:in)?)?)\s+ago\s*/i;
const zoneWord = /^([Uu][Tt][Cc]|[Gg][Mm][Tt]|[+-]\d\d:\d\d|[A-Z][A-Za-z]+\/[A-Za-z_/+-]+)[,:]?(?=\s|$)\s*/;
const lead = /^(?:(?:as of|since|at)\s+)/i;

export interface Past {
  at: number;
  rest: string;
}

/**
 * `at 02:14`, `at 02:14 Europe/Berlin`, `at yesterday 23:50`, `at 2030-01-15T02:14Z` or `20 min ago` at the beginning of
 * a line: the last time that was so. Without a zone it is UTC. null: the line begins with no such time.
 */
export function timePast(line: string, now: number): Past | null {
  const said = lead.exec(line);
  const after = said ? line.slice(said[0].length) : line;
  const back = ago.exec(after);
  if (back) {
    const span = parseDuration((back[1] ?? '').replace(/\s+/g, ''));
    return span === null ? null : { at: now - span, rest: after.slice(back[0].length) };
  }
  if (!said) return null;
  const whole = stamp.exec(after);
  if (whole) {
    const zone = zoneAfter(after.slice(whole[0].length));
    const at = DateTime.fromISO((whole[1] ?? '').replace(' ', 'T').toUpperCase(), { zone: zone.name }).toMillis();
    return Number.isNaN(at) ? null : { at, rest: zone.rest };
  }
  const shown = clock.exec(after);
  if (!shown) return null;
  const zone = shown[4] ? { name: 'utc', rest: after.slice(shown[0].length) } : zoneAfter(after.slice(shown[0].length));
  const there = DateTime.fromMillis(now, { zone: zone.name });
  const today = there.set({ hour: Number(shown[2]), minute: Number(shown[3]), second: 0, millisecond: 0 });
  const day = shown[1]?.toLowerCase();
  const at = day === 'yesterday' || (day !== 'today' && today.toMillis() > now) ? today.minus({ days: 1 }) : today;
  return { at: at.toMillis(), rest: zone.rest };
}

function zoneAfter(line: string): { name: string; rest: string } {
  const match = zoneWord.exec(line);
  const word = match?.[1] ?? '';
  if (!match) return { name: 'utc', rest: line };
  const rest = line.slice(match[0].length);
  if (/^(?:utc|gmt)$/i.test(word)) return { name: 'utc', rest };
  if (/^[+-]/.test(word)) return { name: `UTC${word}`, rest };
  return isZone(word) ? { name: word, rest } : { name: 'utc', rest: line };
}

const began = ({ impactStartedAt, firstAlertAt, openedAt }: Incident): number =>
  Math.min(openedAt, impactStartedAt ?? openedAt, firstAlertAt ?? openedAt);

/** Whether it may have been then: what is wrong with it, or null. */
export function impossible(verb: Verb, { at }: Past, incident: Incident, now: number): Act | null {
  const then = formatTime(at, 'UTC', 'date');
  if (!datable.has(verb.name))
    return refused(
      'not-datable',
      `${verb.name} happens when it is said. What happened at ${then} goes on the timeline as a note: /incident at ${clockOf(at)} note <what happened>`,
      lineButton('Note it…', `at ${clockOf(at)} note`, {
        incidentId: incident.id,
        input: { label: `What happened at ${clockOf(at)}?`, required: true },
      }),
    );
  if (at > now)
    return refused(
      'future',
      `${then} is still to come. Say when it was: /incident at 02:14 ${verb.name}, or leave the time out.`,
    );
  const from = words.has(verb.name) ? began(incident) - beforeMs : incident.openedAt;
  if (at >= from) return null;
  const why = words.has(verb.name) ? 'that is more than 7 days before it began' : 'it was not open then';
  return refused(
    'too-early',
    `At ${then} this cannot have been: ${why}. Give the day too: /incident at ${new Date(now).toISOString().slice(0, 10)}T02:14Z ${verb.name}`,
  );
}
const clockOf = (at: number): string => new Date(at).toISOString().slice(11, 16);

/** Words that only mention a time: of a clock that has not shown it since this began, they speak of what is to come. */
export const onlyMentions = (verb: Verb, { at }: Past, incident: Incident, line: string, now: number): boolean =>
  words.has(verb.name) &&
  clock.test(line.replace(lead, '')) &&
  at < began(incident) - 3_600_000 &&
  now - at > dayMs / 2;

export const isDatable = (verb: Verb): boolean => datable.has(verb.name);

/** The same act, as of then; whoever asked is told when that was. */
export const asOf = (act: Act, at: number): Act =>
  act.kind === 'do'
    ? {
        ...act,
        happenedAt: at,
        answer: (after, events) => {
          const reply = act.answer(after, events);
          if (events.length === 0) return reply;
          return { ...reply, text: `${reply.text} As of ${formatTime(at, 'UTC', 'date')}.` };
        },
      }
    : act;
