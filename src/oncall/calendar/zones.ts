import ICAL from 'ical.js';
import { isZone } from '../../messages/zones.js';
import { wallIn } from '../wall.js';
import { bounded } from './bounded.js';
import { calendarLimits } from './limits.js';

/** When a clock shows a wall time (ms as if it were UTC). A time that is jumped over is as long after the jump. */
export type Instants = (wallMs: number) => number;

const windowsNames: Readonly<Record<string, string>> = {
  'Eastern Standard Time': 'America/New_York',
  'Central Standard Time': 'America/Chicago',
  'Pacific Standard Time': 'America/Los_Angeles',
  'GMT Standard Time': 'Europe/London',
  'W. Europe Standard Time': 'Europe/Berlin',
  'Romance Standard Time': 'Europe/Paris',
  'India Standard Time': 'Asia/Kolkata',
  'AUS Eastern Standard Time': 'Australia/Sydney',
};

export function instantsIn(zone: string): Instants {
  const wall = wallIn(zone);
  return (wallMs) => {
    const at = wall.instantOf(wallMs);
    if (wall.wallOf(at) === wallMs) return at;
    const skippedFrom = wall.wallOf(at - 1) + 1;
    return at + Math.max(0, wallMs - skippedFrom);
  };
}

/** The zone a name means: itself, what follows a path of somebody's own, or what another maker calls it. */
export function zoneCalled(name: string): string | null {
  const path = name.replace(/^"|"$/g, '').split('/');
  const names = path.map((_, i) => path.slice(i).join('/'));
  const own = windowsNames[name.trim()];
  return names.find((each) => each !== '' && isZone(each)) ?? own ?? null;
}

/** The clocks a calendar speaks of. `called` answers null for a name that means nothing. */
export function zonesOf(definitions: readonly string[]): { called(name: string): Instants | null } {
  const kept = new Map<string, Instants | null>();
  const defined = (name: string): Instants | null => {
    const wanted = definitions.find((text) => new RegExp(`^TZID[^:]*:${escaped(name)}\\s*$`, 'mi').test(text));
    if (wanted === undefined) return null;
    const located = zoneCalled(/^X-LIC-LOCATION[^:]*:(.*)$/im.exec(wanted)?.[1]?.trim() ?? '');
    return located === null ? ofDefinition(wanted) : instantsIn(located);
  };
  return {
    called(name) {
      const known = kept.get(name);
      if (known !== undefined) return known;
      const zone = zoneCalled(name);
      const found = zone === null ? defined(name) : instantsIn(zone);
      kept.set(name, found);
      return found;
    },
  };
}

function ofDefinition(text: string): Instants | null {
  try {
    return bounded(calendarLimits.entryMs, () => {
      const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(text)));
      const offset = (wallMs: number): number => zone.utcOffset(timeOf(wallMs)) * 1_000;
      offset(Date.now());
      return (wallMs: number) => wallMs - offset(wallMs);
    });
  } catch {
    // Its times are then read as in a zone nobody knows, which is said.
    return null;
  }
}

/** Of no zone. */
export function timeOf(wallMs: number): ICAL.Time {
  const date = new Date(wallMs);
  return ICAL.Time.fromData({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    isDate: false,
  });
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
