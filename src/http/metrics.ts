import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Change, Store } from '../store/port.js';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Jobs looked at for one scrape; more than this reads as this many. */
const jobsLooked = 10_000;

export interface Metrics {
  contentType: string;
  /** In Prometheus' text format, the jobs counted now. */
  figures(): Promise<string>;
  /** The same store; its commits are timed, and the alerts in them counted once they are durable. */
  measured(store: Store): Store;
  /** Times every request by its route and counts what alert sources were refused. */
  observe(app: FastifyInstance): void;
  /** Makes a scrape count the jobs of this store. */
  watchJobs(store: Pick<Store, 'jobs'>, now: () => number): void;
}

/** A registry of its own, so that several servers can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'muster_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: seconds,
    registers,
  });
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
  const refused = new Counter({
    name: 'muster_alert_requests_refused_total',
    help: 'Requests to alert doors that were refused, by source and status.',
    labelNames: ['source', 'status'] as const,
    registers,
  });

  const jobs = new Gauge({
    name: 'muster_jobs',
    help: `Jobs by state, at most ${jobsLooked}. Those waiting may be due later.`,
    labelNames: ['state'] as const,
    registers,
  });
  const oldest = new Gauge({
    name: 'muster_jobs_oldest_due_age_seconds',
    help: 'How long the oldest due job has been waiting; 0 when none is due.',
    registers,
  });
  let countJobs: () => Promise<void> = async () => {};

  const counted = (changes: readonly Change[]): void => {
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

  return {
    contentType: registry.contentType,
    async figures() {
      await countJobs();
      return registry.metrics();
    },
    measured(store) {
      const commit: Store['commit'] = async (changes) => {
        const stop = commits.startTimer();
        try {
          await store.commit(changes);
        } catch (error) {
          stop({ result: 'failed' });
          throw error;
        }
        stop({ result: 'stored' });
        counted(changes);
      };
      return new Proxy(store, {
        get(target, name) {
          if (name === 'commit') return commit;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'unknown';
        const status = reply.statusCode;
        requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
        if (status >= 400 && /^\/(alerts|v2|api\/v2)\//.test(route))
          refused.inc({ source: sourceOf(request.params, route, status), status });
        done();
      });
    },
    watchJobs(store, now) {
      countJobs = async () => {
        const [waiting, quarantined] = await Promise.all([
          store.jobs({ state: 'waiting', limit: jobsLooked }),
          store.jobs({ state: 'quarantined', limit: jobsLooked }),
        ]);
        jobs.set({ state: 'waiting' }, waiting.length);
        jobs.set({ state: 'quarantined' }, quarantined.length);
        const first = waiting.reduce((least, { dueAt }) => Math.min(least, dueAt), Number.POSITIVE_INFINITY);
        oldest.set(Math.max(0, now() - first) / 1_000);
      };
    },
  };
}

/** A name nobody configured must not become a label: anybody can invent one. */
function sourceOf(params: unknown, route: string, status: number): string {
  const name = (params as { name?: unknown } | null)?.name;
  if (typeof name !== 'string') return route;
  return status === 404 ? 'unknown' : name;
}
