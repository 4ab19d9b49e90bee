import type { OnCall } from './context.js';
import { escalationOf } from './escalation.js';
import { longWatchMs, type Proposal } from './handover.js';
import type { Incident } from './state.js';

const hour = 3_600_000;
const day = 24 * hour;
const lookEveryMs = hour / 2;
/** Friday, this hour of UTC: before people are gone. */
const weekendDay = 5;
const weekendHour = 14;

/** The schedules that answer for an incident, the first to be called first. */
const schedulesOf = (incident: Incident): string[] => [
  ...new Set(
    (escalationOf(incident)?.levels ?? []).flatMap(({ targets }) =>
      targets.flatMap((target) => (target.kind === 'schedule' ? [target.schedule] : [])),
    ),
  ),
];

/** Who is on call for an incident at an instant, by any of its schedules. */
export const onCallFor = (incident: Incident, onCall: OnCall, at: number): string[] => [
  ...new Set(schedulesOf(incident).flatMap((schedule) => onCall(schedule, at).people)),
];

/** When this person stops being on call within a day, to half an hour; null: they are not, or go on. */
function shiftEnd(incident: Incident, personId: string, onCall: OnCall, from: number): number | null {
  const isOn = (at: number) => onCallFor(incident, onCall, at).includes(personId);
  if (schedulesOf(incident).length === 0 || !isOn(from)) return null;
  const whole = from - (from % lookEveryMs);
  for (let at = whole + lookEveryMs; at <= from + day; at += lookEveryMs) if (!isOn(at)) return at;
  return null;
}

function fridayAfter(from: number): number {
  const midnight = from - (from % day);
  const today = new Date(from).getUTCDay();
  const at = midnight + ((weekendDay - today + 7) % 7) * day + weekendHour * hour;
  return at > from ? at : at + 7 * day;
}

/** When Muster proposes to whoever takes command that they hand over, the soonest first. */
export function proposalsFor(incident: Incident, personId: string, onCall: OnCall, at: number): Proposal[] {
  const end = shiftEnd(incident, personId, onCall, at);
  const all: Proposal[] = [
    ...(end === null ? [] : [{ at: end, why: 'shift' as const }]),
    { at: at + longWatchMs, why: 'long' },
    { at: fridayAfter(at), why: 'weekend' },
  ];
  // One soon after another says nothing new.
  return all
    .sort((a, b) => a.at - b.at)
    .filter((each, index, list) => index === 0 || each.at - (list[index - 1] as Proposal).at > hour);
}
