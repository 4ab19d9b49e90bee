import type { Logger } from 'pino';
import type { Alert, Episode } from '../alerts/alert.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Engine } from './engine.js';
import { type Regularly, regularly } from './regularly.js';

const everyMs = 5_000;
const atOnce = 500;

/**
 * What follows for an alert although nobody reports it: it ends when its sender has not repeated it in time, and what was
 * kept quiet until now is heard if it still fires. Both are reported like any alert, by Muster itself.
 */
export function watchEpisodes({
  store,
  engine,
  clock,
  log,
}: {
  store: Pick<Store, 'episodesDue'>;
  engine: Pick<Engine, 'intake'>;
  clock: Clock;
  log: Logger;
}): Regularly {
  return regularly({
    clock,
    everyMs,
    async look() {
      const now = clock.now();
      const bySource = new Map<string, Alert[]>();
      for (const episode of await store.episodesDue(now, atOnce)) {
        const alerts = bySource.get(episode.source) ?? [];
        bySource.set(episode.source, alerts);
        alerts.push(reportOf(episode, now));
      }
      for (const [source, alerts] of bySource) await engine.intake({ source, alerts, receivedAt: now });
    },
    failed: (error) => log.error({ err: error }, 'alerts that are due could not be looked at'),
  });
}

/** What it says of itself, as its sender would say it now. */
export function reportOf(episode: Episode, now: number): Alert {
  const { source, fingerprint, name, summary, service, host, severity, labels, annotations, links, expiresAt } =
    episode;
  const ended = expiresAt !== undefined && expiresAt <= now;
  return {
    source,
    fingerprint,
    status: ended ? 'resolved' : 'firing',
    startsAt: ended ? episode.startedAt : null,
    endsAt: ended ? expiresAt : null,
    name,
    summary,
    service,
    host,
    severity,
    labels,
    annotations,
    links,
    groupHint: name,
    ...(!ended && expiresAt !== undefined && { expiresAt }),
  };
}
