import type { Episode } from '../alerts/alert.js';
import { wouldTake } from '../alerts/quiet/taken.js';
import type { Config } from '../config/config.js';
import { count } from '../messages/count.js';
import { literal } from '../messages/literal.js';
import { formatTime } from '../messages/zones.js';
import { nextOf, type Occurrence, occurrences, type Window } from '../quiet/window.js';
import { namesOf } from '../quiet/words.js';
import { recentAlerts } from './check-alerts.js';

const weekMs = 7 * 86_400_000;

/** A maintenance window as it will be, and as it would have been. */
export interface WindowShown {
  name: string;
  zone: string;
  /** The next three; none: it is over, or never comes. */
  next: Occurrence[];
  /** Alerts of the last 7 days that it would have held; null: there is no database to ask. */
  taken: { alerts: number; names: string; heard: number } | null;
}

export async function windowsShown(config: Config, now: number): Promise<WindowShown[]> {
  if (config.maintenance.length === 0) return [];
  const episodes = await seen(config, now);
  return config.maintenance.map((window) => ({
    name: window.name,
    zone: window.zone,
    next: nextOf(window, now),
    taken: episodes && takenBy(window, episodes, config, now),
  }));
}

async function seen(config: Config, now: number): Promise<Episode[] | null> {
  try {
    return await recentAlerts(config, now);
  } catch {
    // That the database cannot be read is an error of its own there, and told.
    return null;
  }
}

function takenBy(window: Window, episodes: readonly Episode[], { ladder }: Config, now: number): WindowShown['taken'] {
  const times = occurrences(window, now - weekMs, now);
  const during = (at: number): boolean => times.some(({ fromAt, untilAt }) => fromAt <= at && at < untilAt);
  const { all, heard } = wouldTake([window.what], episodes, { tiers: ladder.tiers, during });
  return { alerts: all.length, names: namesOf(all), heard };
}

export function windowLines(windows: readonly WindowShown[]): string[] {
  return windows.map(({ name, zone, next, taken }) => {
    const shown = (at: number): string => formatTime(at, zone, 'date');
    const times = next.map(({ fromAt, untilAt }) => `${shown(fromAt)} until ${shown(untilAt)}`);
    const when = times.length === 0 ? 'never' : times.join('; ');
    const heard = taken && taken.heard > 0 ? `, and not ${count(taken.heard, 'suspected compromise')}` : '';
    const would =
      taken === null
        ? ''
        : taken.alerts === 0
          ? '; none of the alerts of the last 7 days would have been held'
          : `; ${count(taken.alerts, 'alert')} of the last 7 days would have been held: ${taken.names}${heard}`;
    return literal(`maintenance.${name} next ${when}${would}`);
  });
}
