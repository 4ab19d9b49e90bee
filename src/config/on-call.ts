import { resolve } from 'node:path';
import type { Layer } from '../oncall/rotation.js';
import { isAddress, type Schedule } from '../oncall/schedule.js';
import type { ConfigFile } from './file.js';
import { everybodyOf } from './members.js';
import { type ConfigProblem, type Env, readSecret } from './secrets.js';
import type { Located, Path } from './yaml.js';

const dayMs = 86_400_000;
const usualRefreshMs = 15 * 60_000;
const weekMs = 7 * dayMs;

type Written = ConfigFile['on-call']['schedules'][string];
interface From {
  env: Env;
  /** Relative files start here. */
  folder: string;
  located: Located;
  problems: ConfigProblem[];
}

/** The schedules, with the addresses of calendars read. What cannot be read is reported where the file says it. */
export function readOnCall(file: ConfigFile, from: From): Schedule[] {
  return Object.entries(file['on-call'].schedules).flatMap(([name, written]): Schedule[] => {
    if (written.layers !== undefined) {
      const { zone = 'UTC', layers, holidays = [] } = written;
      const people = (names: readonly string[]): string[] => everybodyOf(file, names);
      return [
        {
          name,
          kind: 'rotation',
          zone,
          layers: layers.map((each) => layerOf(each, people(each.people))),
          holidays: holidays.map((each) => ({ day: each.day, people: people(each.people) })),
        },
      ];
    }
    const place = placeOf(written.ical as NonNullable<Written['ical']>, ['on-call', 'schedules', name, 'ical'], from);
    if (place === null) return [];
    const { refresh = usualRefreshMs, zone = null, names = {} } = written;
    return [{ name, kind: 'calendar', place, refreshEveryMs: refresh, zone, names }];
  });
}

type WrittenLayer = NonNullable<Written['layers']>[number];

function layerOf({ rotate = weekMs, handoff, from, until, only }: WrittenLayer, people: string[]): Layer {
  const { day = null, time = 0 } = handoff ?? {};
  const weekday = new Date(from).getUTCDay() || 7;
  const first = from + (day === null ? 0 : ((day - weekday + 7) % 7) * dayMs);
  return {
    people,
    turnFor: rotate,
    startsAt: first + time,
    endsAt: until === undefined ? null : until + dayMs,
    only: only.map(({ days, from: fromTime = 0, until: untilTime = dayMs }) => ({
      days: [...new Set(days?.flat() ?? [1, 2, 3, 4, 5, 6, 7])],
      fromTime,
      untilTime,
    })),
  };
}

function placeOf(ical: NonNullable<Written['ical']>, path: Path, from: From): string | null {
  if (typeof ical === 'string') return placeFrom(ical, from.folder);
  const found: ConfigProblem[] = [];
  const name = ical.env ?? 'file';
  const secret = readSecret(
    ical.file === undefined ? from.env : { file_FILE: resolve(from.folder, ical.file) },
    name,
    found,
  );
  const where = from.located.at(path);
  if (secret === null && found.length === 0)
    found.push({ where: name, what: 'It is not set.', fix: `Set ${name} or ${name}_FILE where Muster starts.` });
  if (secret !== null && !isAddress(asHttp(secret.trim())))
    found.push({
      where: name,
      what: 'It is not the https or webcal address of a calendar.',
      fix: 'Give the whole address your tool shows; a calendar in a file is written ical: ./primary.ics.',
    });
  from.problems.push(...found.map(({ where: what, ...rest }) => ({ ...rest, what: `${what}: ${rest.what}`, where })));
  return secret === null || found.length > 0 ? null : placeFrom(secret.trim(), from.folder);
}

const asHttp = (place: string): string => place.replace(/^webcals?:\/\//i, 'https://');
const placeFrom = (written: string, folder: string): string => {
  const place = asHttp(written);
  return isAddress(place) ? place : resolve(folder, place);
};
