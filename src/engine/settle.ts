import type { Alert, Episode } from '../alerts/alert.js';
import { hasSymptom } from '../incident/symptoms.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Engine } from './engine.js';

const pageSize = 500;

/** What it says of itself, as its sender would say it now. */
function repeated({ source, groupKey, ...episode }: Episode): Alert {
  const { fingerprint, name, summary, service, host, severity, labels, annotations, links, expiresAt } = episode;
  const own = `source:${source}:`;
  return {
    source,
    fingerprint,
    status: 'firing',
    startsAt: null,
    endsAt: null,
    name,
    summary,
    service,
    host,
    severity,
    labels,
    annotations,
    links,
    groupHint: groupKey.startsWith(own) ? groupKey.slice(own.length) : name,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

/**
 * Symptoms that still fire after their incident has ended and settled are heard anew. They are reported like any alert;
 * those reported by their senders meanwhile have gone where they belong, and are left there.
 */
export const settles =
  ({
    store,
    engine,
    clock,
  }: {
    store: Pick<Store, 'incident' | 'alerts'>;
    engine: Pick<Engine, 'intake'>;
    clock: Clock;
  }) =>
  async (incidentId: string): Promise<void> => {
    const incident = await store.incident(machine, { id: incidentId });
    if (!incident) return;
    const bySource = new Map<string, Alert[]>();
    for (let offset = 0; ; offset += pageSize) {
      const { alerts, total } = await store.alerts(machine, incidentId, { limit: pageSize, offset });
      for (const episode of alerts) {
        if (episode.state !== 'firing' || !hasSymptom(incident, episode.service)) continue;
        const reports = bySource.get(episode.source) ?? [];
        bySource.set(episode.source, reports);
        reports.push(repeated(episode));
      }
      if (alerts.length === 0 || offset + alerts.length >= total) break;
    }
    for (const [source, alerts] of bySource) await engine.intake({ source, alerts, receivedAt: clock.now() });
  };
