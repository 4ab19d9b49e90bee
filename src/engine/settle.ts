import type { Alert } from '../alerts/alert.js';
import { hasSymptom } from '../incident/symptoms.js';
import { machine } from '../people/viewer.js';
import type { Store } from '../store/port.js';
import type { Clock } from './clock.js';
import type { Engine } from './engine.js';
import { reportOf } from './episodes-due.js';

const pageSize = 500;

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
        reports.push(reportOf(episode));
      }
      if (alerts.length === 0 || offset + alerts.length >= total) break;
    }
    for (const [source, alerts] of bySource) await engine.intake({ source, alerts, receivedAt: clock.now() });
  };
