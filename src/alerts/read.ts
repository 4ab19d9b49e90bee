import type { Episode } from './alert.js';
import type { Told } from './follow.js';

/**
 * A report as evidence on the line of time. `same`: it says nothing new; it belongs where `to` lies. `too-old`: older
 * than the episodes that were loaded.
 */
export type Reading = { kind: 'firing' | 'cleared' | 'same'; from: number; to: number } | { kind: 'too-old' };

/** How many episodes of one alert are looked at; the store hands out the newest. */
const episodesLooked = 8;
/** A sender's clock may be ahead, and its own times then still agree with each other. Beyond this they are made up. */
const believedAheadMs = 24 * 3_600_000;

/**
 * Reads the reports of one alert. Senders that give times are taken at their word, in whatever order they come. For
 * those that do not, the arrival counts: firing again while it fires is a repeat, and an end ends what fires now.
 */
export function read(stored: readonly Episode[], told: readonly Told[]): Reading[] {
  const last = stored.at(-1);
  const oldest = stored.length >= episodesLooked ? (stored[0] as Episode).startedAt : Number.NEGATIVE_INFINITY;
  let fires = last?.state === 'firing';
  let at = last ? (last.endedAt ?? last.reported.firing.at(-1) ?? last.startedAt) : Number.NEGATIVE_INFINITY;
  let over = Math.max(...stored.map(({ endedAt }) => endedAt ?? Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY);
  let expiresAt = last?.expiresAt;

  return told.map(({ alert, receivedAt }): Reading => {
    const believed = (time: number | null) => (time !== null && time <= receivedAt + believedAheadMs ? time : null);
    const startsAt = believed(alert.startsAt);
    if (alert.status === 'firing') {
      expiresAt = alert.expiresAt;
      // Said anew each time: it fires now, even where it began before an end that was only taken for one.
      const now = startsAt === null || (expiresAt !== undefined && startsAt <= over);
      if (now && fires) return { kind: 'same', from: at, to: at };
      // The clock may have been set back since the last end; what arrives now fires now.
      const from = now ? Math.max(receivedAt, at + 1) : startsAt;
      if (from < oldest) return { kind: 'too-old' };
      if (from > at) {
        fires = true;
        at = from;
      }
      return { kind: 'firing', from, to: from };
    }
    // It was reported again while this was on its way.
    const early = alert.silentSince !== undefined && (!fires || (expiresAt ?? 0) > (alert.endsAt ?? 0));
    if (early && at > Number.NEGATIVE_INFINITY) return { kind: 'same', from: at, to: at };
    const said = believed(alert.endsAt);
    const endsAt = said !== null && alert.silentSince !== undefined ? Math.max(said, at) : said;
    if (endsAt === null && !fires) {
      // An end without a time is said once; said again it is not another episode.
      const home =
        startsAt === null ? last : stored.find((e) => e.startedAt <= startsAt && startsAt <= (e.endedAt ?? 0));
      if (home || (startsAt === null && at > Number.NEGATIVE_INFINITY)) {
        const to = startsAt ?? at;
        return { kind: 'same', from: to, to };
      }
    }
    const to = endsAt ?? Math.max(receivedAt, startsAt ?? 0, fires ? at : 0);
    if (to < oldest) return { kind: 'too-old' };
    if (to >= at) {
      fires = false;
      at = to;
    }
    over = Math.max(over, to);
    return { kind: 'cleared', from: Math.min(startsAt ?? to, to), to };
  });
}
