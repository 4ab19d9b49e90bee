import type { Incident } from './state.js';

/** Where an incident is worked on or heard of, and what is said there. */
export interface Place {
  /** Adapter name. */
  platform: string;
  /**
   * `everything`: people work on it there. `updates`: announcement, status updates and the end, as written. `outline`:
   * only number, severity, status and times. `card`: people did work on it there; the pinned card still tells how it
   * stands.
   */
  hears: 'everything' | 'updates' | 'outline' | 'card';
}

type Placed = Pick<Incident, 'policy' | 'away' | 'stoodIn'>;

/** Every platform once; where people work on it first, and home, or what stands in for it, before all others. */
export function placesOf({ policy, away, stoodIn }: Placed): Place[] {
  const worked = policy.platforms.filter((platform) => platform !== away?.platform);
  const places: Place[] = [
    ...[...(away ? [away.standIn] : []), ...worked].map((platform): Place => ({ platform, hears: 'everything' })),
    // Only its own channel is gone: who reads along on that platform still can.
    ...(away?.of === 'channel' ? [{ platform: away.platform, hears: 'updates' } as const] : []),
    ...(policy.mirrors ?? []),
    ...(stoodIn === undefined ? [] : [{ platform: stoodIn, hears: 'card' } as const]),
  ];
  const seen = new Set(away?.of === 'platform' ? [away.platform] : []);
  return places.filter(({ platform }) => !seen.has(platform) && seen.add(platform));
}

/** Where people are told directly; null: nowhere. */
export function directPlace({ policy, away }: Placed): string | null {
  return away?.of === 'platform' ? away.standIn : (policy.platforms[0] ?? null);
}
