import type { Logger } from 'pino';
import type { Alert, Episode, Held } from '../alerts/alert.js';
import type { Store } from '../store/port.js';
import { trackAbsence } from './absence.js';
import type { Clock } from './clock.js';
import type { Engine } from './engine.js';
import { type Regularly, regularly } from './regularly.js';

const lookEveryMs = 5_000;
/** A look that comes so much later was held up, and so was all that arrived meanwhile. */
const heldUpMs = 10_000;
const atOnce = 500;
const atOnceAtMost = 16_000;

export interface EpisodesWatch extends Regularly {
  /** What a source sent could not be taken just now. */
  missed(source: string): void;
}

/**
 * What follows for an alert although nobody reports it: it ends when its sender has not repeated it in time, and what was
 * kept quiet until now is heard if it still fires. Both are reported like any alert, by Muster itself. Where Muster was
 * away, held up, or could not store, nothing ends before its sender had time to repeat it.
 */
export function watchEpisodes({
  store,
  engine,
  clock,
  log,
  holders = () => null,
}: {
  store: Pick<Store, 'episodesDue'>;
  engine: Pick<Engine, 'intake'>;
  clock: Clock;
  log: Logger;
  /** What keeps alerts quiet at an instant; null: whatever says so. */
  holders?(now: number): ReadonlySet<string> | null;
}): EpisodesWatch {
  const absence = trackAbsence(clock);
  let lookedAt = clock.now();
  /** More while what may not end yet stands in front of what is due. */
  let limit = atOnce;

  const watch = regularly({
    clock,
    everyMs: lookEveryMs,
    async look() {
      const now = clock.now();
      if (now - lookedAt > lookEveryMs + heldUpMs) absence.noted();
      lookedAt = now;
      const bySource = new Map<string, Alert[]>();
      const holding = holders(now);
      const due = await store.episodesDue(now, limit);
      let waiting = 0;
      for (const episode of due) {
        const ended =
          episode.expiresAt !== undefined &&
          absence.endsAt(episode.source, episode.lastSeenAt, episode.expiresAt) <= now;
        const heard = episode.held !== undefined && isOver(episode.held, now, holding);
        const settled = episode.damped !== undefined && episode.damped.until <= now;
        if (!ended && !heard && !settled) {
          waiting++;
          continue;
        }
        const alerts = bySource.get(episode.source) ?? [];
        bySource.set(episode.source, alerts);
        alerts.push(settled ? endOf(episode) : reportOf(episode, ended));
      }
      limit =
        due.length === limit && waiting > limit / 2 ? Math.min(limit * 2, atOnceAtMost) : Math.max(atOnce, waiting);
      for (const [source, alerts] of bySource) await engine.intake({ source, alerts, receivedAt: now });
    },
    failed(error) {
      absence.noted();
      log.error({ err: error }, 'alerts that are due could not be looked at');
    },
  });
  return { ...watch, missed: (source) => absence.noted(source) };
}

/** Its time has come, or what held it is over before that. */
const isOver = ({ until, by }: Held, now: number, holding: ReadonlySet<string> | null): boolean =>
  (until !== null && until <= now) || (by !== undefined && holding !== null && !holding.has(by));

/** What it says of itself, as its sender would say it now; `ended`: as Muster says of what is not repeated. */
export function reportOf(episode: Episode, ended = false): Alert {
  const {
    source,
    fingerprint,
    name,
    summary,
    service,
    host,
    severity,
    labels,
    annotations,
    links,
    expiresAt,
    groupKey,
  } = episode;
  return {
    source,
    fingerprint,
    status: ended ? 'resolved' : 'firing',
    startsAt: ended ? episode.startedAt : null,
    endsAt: ended ? (expiresAt ?? null) : null,
    name,
    summary,
    service,
    host,
    severity,
    labels,
    annotations,
    links,
    groupHint: groupKey.startsWith(alone(source)) ? groupKey.slice(alone(source).length) : name,
    ...(ended && { silentSince: episode.lastSeenAt }),
    ...(!ended && expiresAt !== undefined && { expiresAt }),
  };
}

/** Its end, which it has been quiet for long enough to count. */
const endOf = (episode: Episode): Alert => ({
  ...reportOf(episode),
  status: 'resolved',
  startsAt: episode.startedAt,
  endsAt: episode.endedAt,
});

/** What the group keys of alerts without a service begin with. */
const alone = (source: string): string => `source:${source}:`;
