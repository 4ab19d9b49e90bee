import { Counter, Histogram, type Registry } from 'prom-client';
import type { EventBodies } from '../../incident/events.js';
import type { Change, Store } from '../../store/port.js';
import { long, seconds } from './buckets.js';

/** What commits tell: alerts and what became of them, promises and how late they were kept. Drills count for nothing. */
export function commitMetrics(registry: Registry): (store: Store) => Store {
  const registers = [registry];
  const commits = new Histogram({
    name: 'muster_commit_duration_seconds',
    help: 'Time for one commit to become durable.',
    labelNames: ['result'] as const,
    buckets: seconds,
    registers,
  });
  const alerts = new Counter({
    name: 'muster_alerts_total',
    help: 'Alerts taken, by source and by what became of them.',
    labelNames: ['source', 'outcome'] as const,
    registers,
  });
  const lateness = new Histogram({
    name: 'muster_update_lateness_seconds',
    help: 'How long after its promised time a status update was posted, by a person or by Muster itself.',
    labelNames: ['by'] as const,
    buckets: long,
    registers,
  });
  const acknowledged = new Histogram({
    name: 'muster_acknowledge_duration_seconds',
    help: 'Time from the declaration of an incident until somebody acknowledged it.',
    labelNames: ['severity'] as const,
    buckets: long,
    registers,
  });
  const missed = new Counter({
    name: 'muster_acknowledge_missed_total',
    help: 'Times that nobody had acknowledged an incident when that was due.',
    labelNames: ['severity'] as const,
    registers,
  });

  const countAlerts = (changes: readonly Change[]): void => {
    const counts = new Map<string, { source: string; outcome: string; count: number }>();
    for (const { source, outcomes } of changes.flatMap((change) => change.receipts ?? []))
      for (const { outcome } of outcomes) {
        const key = `${outcome} ${source}`;
        const known = counts.get(key);
        if (known) known.count++;
        else counts.set(key, { source, outcome, count: 1 });
      }
    for (const { source, outcome, count } of counts.values()) alerts.inc({ source, outcome }, count);
  };

  const countPromises = ({ events, incident }: Change): void => {
    if (incident === null || incident.drill) return;
    const { severity, declaredAt } = incident;
    for (const { type, at, body } of events) {
      if (type === 'updatePosted') {
        const { automatic, promisedAt, lateMs } = body as EventBodies['updatePosted'];
        if (promisedAt !== null) lateness.observe({ by: automatic ? 'muster' : 'person' }, lateMs / 1_000);
      }
      // That an acknowledgement had lapsed is no matter of how soon somebody came.
      const again = (body as EventBodies['acknowledged']).again === true;
      if (type === 'acknowledged' && declaredAt !== null && !again)
        acknowledged.observe({ severity }, Math.max(0, at - declaredAt) / 1_000);
      if (type === 'acknowledgeMissed' && !again) missed.inc({ severity });
    }
  };

  return (store) => {
    const commit: Store['commit'] = async (changes) => {
      const stop = commits.startTimer();
      try {
        await store.commit(changes);
      } catch (error) {
        stop({ result: 'failed' });
        throw error;
      }
      stop({ result: 'stored' });
      countAlerts(changes);
      for (const change of changes) countPromises(change);
    };
    return new Proxy(store, {
      get(target, name) {
        if (name === 'commit') return commit;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
}
