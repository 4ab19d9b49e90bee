import type { Matching } from '../alerts/quiet/matching.js';
import { wallIn } from '../oncall/wall.js';
import type { Window } from '../quiet/window.js';
import { coversAlways, nextOf } from '../quiet/window.js';
import type { ConfigFile } from './file.js';
import type { ConfigProblem } from './secrets.js';
import type { Wall } from './sections/maintenance.js';
import type { Located } from './yaml.js';

const dayMs = 86_400_000;

type Written = ConfigFile['maintenance'][string];

/** The windows of the file; an alias of a service is what alerts say after they were read. */
export const maintenanceOf = (file: ConfigFile | null): Window[] =>
  Object.entries(file?.maintenance ?? {}).map(([name, written]) => windowOf(name, written, file as ConfigFile));

function windowOf(name: string, written: Written, file: ConfigFile): Window {
  const { zone, because, from, until, every, for: lastsFor = 0 } = written;
  const what = { name, what: matchingOf(written, file), because: because.trim(), zone };
  const end = until && { ...until, wallMs: until.wallMs + (until.day ? dayMs : 0) };
  if (every !== undefined) {
    const clock = wallIn(zone);
    // A time said to be UTC is another on this clock.
    const shown = ({ wallMs, utc }: Wall): number => (utc ? clock.wallOf(wallMs) : wallMs);
    return {
      ...what,
      when: { every, lastsFor, fromWall: from ? shown(from) : null, untilWall: end ? shown(end) : null },
    };
  }
  const instantOf = ({ wallMs, utc }: Wall): number => (utc ? wallMs : wallIn(zone).instantOf(wallMs));
  const fromAt = instantOf(from as Wall);
  return { ...what, when: { fromAt, untilAt: end ? instantOf(end) : fromAt + lastsFor } };
}

function matchingOf({ services, names, sources, hosts, labels, everything }: Written, file: ConfigFile): Matching {
  if (everything) return { everything };
  const canonical = new Map(
    Object.entries(file.services).flatMap(([name, { aliases }]) => aliases.map((alias) => [alias, name] as const)),
  );
  return {
    ...(services && { services: services.map((each) => canonical.get(each) ?? each) }),
    ...(names && { names }),
    ...(sources && { sources }),
    ...(hosts && { hosts }),
    ...(labels && { labels }),
  };
}

/** Windows that end before they begin, that never are, and that are always. */
export function maintenanceProblems(file: ConfigFile, located: Located, now: number = Date.now()): ConfigProblem[] {
  return maintenanceOf(file).flatMap((window): ConfigProblem[] => {
    const where = located.at(['maintenance'], window.name);
    const say = (level: 'error' | 'warning', what: string, fix: string): ConfigProblem[] => [
      { where, what: `maintenance.${window.name} ${what}`, fix, level },
    ];
    const { when } = window;
    if ('fromAt' in when && when.untilAt <= when.fromAt)
      return say('error', 'ends before it begins.', 'Write until later than from.');
    if ('fromAt' in when && when.untilAt <= now) return say('warning', 'is over.', 'Take it out.');
    if (nextOf(window, now, { many: 1 }).length === 0)
      return say('warning', 'never is: no time to come fits it.', 'Check every, from and until.');
    if (!('fromAt' in when) && coversAlways(window, now))
      return say('warning', 'is always: its alerts are never heard.', 'Make for shorter, or every rarer.');
    return [];
  });
}
