import type { Episode } from '../alert.js';
import { compromiseOf } from '../evidence.js';
import { type Matching, matches } from './matching.js';

/** What something would keep quiet, from alerts that have been. */
export interface WouldTake {
  /** Those that fire now. */
  firing: Episode[];
  /** All of them. */
  all: Episode[];
  /** Services they name, the most frequent first. */
  services: { name: string; alerts: number; tier: number | null }[];
  /** Those that match and are heard all the same: a compromise is suspected. */
  heard: number;
}

/** @param during whether it would have held at the time an alert began; left out: at any time. */
export function wouldTake(
  what: readonly Matching[],
  episodes: readonly Episode[],
  about: { tiers: Readonly<Record<string, number>>; during?: (at: number) => boolean },
): WouldTake {
  const { tiers, during = () => true } = about;
  const all: Episode[] = [];
  const services = new Map<string, number>();
  let heard = 0;
  for (const episode of episodes) {
    if (!what.some((matching) => matches(matching, episode)) || !during(episode.startedAt)) continue;
    if (compromiseOf(episode.labels, episode.name)) {
      heard++;
      continue;
    }
    all.push(episode);
    if (episode.service !== null) services.set(episode.service, (services.get(episode.service) ?? 0) + 1);
  }
  return {
    firing: all.filter(({ state }) => state === 'firing'),
    all,
    services: [...services]
      .map(([name, alerts]) => ({ name, alerts, tier: tierOf(name, tiers) }))
      .sort((a, b) => b.alerts - a.alerts || (a.name < b.name ? -1 : 1)),
    heard,
  };
}

const tierOf = (service: string, tiers: Readonly<Record<string, number>>): number | null =>
  Object.hasOwn(tiers, service) ? (tiers[service] ?? null) : null;

/** Services of tier 1 that this may take, whether they have had alerts or not. */
export function gravestOf(what: readonly Matching[], tiers: Readonly<Record<string, number>>): string[] {
  const first = Object.keys(tiers).filter((service) => tiers[service] === 1);
  return first.filter((service) =>
    what.some(({ everything, services }) => {
      if (everything) return true;
      const about = { service, name: '', source: '', host: null, labels: {} };
      return services ? matches({ services }, about) : false;
    }),
  );
}
