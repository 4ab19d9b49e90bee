import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type MetricObject, Registry } from 'prom-client';
import { sourceOf } from '../../alerts/sources.js';
import type { AdapterParts, Inbound } from '../../chat/platform.js';
import type { Lease, Store } from '../../store/port.js';
import { type Prunable, prunable } from '../../store/pruning-port.js';
import { version } from '../../version.js';
import { long, seconds } from './buckets.js';
import { chatMetrics } from './chat.js';
import { commitMetrics } from './commits.js';
import { onCallMetrics } from './on-call.js';
import { quietMetrics } from './quiet.js';
import { type Scraped, scrapedMetrics } from './scraped.js';

interface Described {
  name: string;
  help: string;
  /** counter, gauge or histogram. */
  type: string;
  labels: string[];
}

type CarryOut = (lease: Lease) => Promise<void>;

export interface Metrics {
  contentType: string;
  /** In Prometheus' text format, what is watched asked now. */
  figures(): Promise<string>;
  /** Every metric of Muster's own, whether it has been seen or not. */
  described(): Described[];
  /** The same store; its commits are timed, and what is in them counted once they are durable. */
  measured(store: Store): Store;
  /** The same, with the time from due to delivered. */
  delivered(carryOut: CarryOut, now: () => number): CarryOut;
  /** The same, with the time each answer takes. */
  answering(inbound: Inbound): Inbound;
  /** Counts what is asked of a chat platform. */
  counted(platform: string): NonNullable<AdapterParts['counted']>;
  /** Times every request by its route and counts what was refused. */
  observe(app: FastifyInstance): void;
  /** So many rows of a kind were removed because of their age. */
  pruned(table: Prunable, rows: number): void;
  /** Asked at each scrape. */
  watch(scraped: Scraped): void;
}

/**
 * A registry of its own, so that several servers can live in one process. Labels come from lists that are known: routes,
 * kinds, configured names. Nothing that stands in an alert, an incident or a name somebody made up becomes one.
 * @param isSource whether a sender of that name is known.
 */
export function createMetrics({
  isSource = (name) => sourceOf(name) !== null,
}: {
  isSource?: (name: string) => boolean;
} = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'muster_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer, by class of status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: seconds,
    registers,
  });
  const refused = new Counter({
    name: 'muster_alert_requests_refused_total',
    help: 'Requests to alert doors that were refused, by source and status; 401: not authenticated. Names nobody configured are "other".',
    labelNames: ['source', 'status'] as const,
    registers,
  });
  const unknown = new Counter({
    name: 'muster_unauthenticated_requests_total',
    help: 'Requests elsewhere than at alert doors that were refused because the caller is not known or not allowed.',
    labelNames: ['route', 'status'] as const,
    registers,
  });
  const deliveries = new Histogram({
    name: 'muster_delivery_duration_seconds',
    help: 'Time from when a message or another act on a chat platform was due until the platform had taken it.',
    labelNames: ['platform', 'task'] as const,
    buckets: long,
    registers,
  });
  const setbacks = new Counter({
    name: 'muster_delivery_setbacks_total',
    help: 'Tries on a chat platform that failed; most are tried again.',
    labelNames: ['platform', 'task'] as const,
    registers,
  });
  const replies = new Histogram({
    name: 'muster_reply_duration_seconds',
    help: 'Time until whoever typed a command or pressed a button had the answer.',
    labelNames: ['platform', 'result'] as const,
    buckets: seconds,
    registers,
  });
  const pruned = new Counter({
    name: 'muster_pruned_rows_total',
    help: 'Rows removed because they were older than they are kept, by kind.',
    labelNames: ['table'] as const,
    registers,
  });
  for (const table of prunable) pruned.inc({ table }, 0);
  new Gauge({
    name: 'muster_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'] as const,
    registers,
  }).set({ version, node: process.version }, 1);
  const measured = commitMetrics(registry);
  const chat = chatMetrics(registry);
  const scrape = scrapedMetrics(registry);
  const tellOnCall = onCallMetrics(registry);
  const tellQuiet = quietMetrics(registry);
  let scraped: Scraped | null = null;

  return {
    contentType: registry.contentType,
    async figures() {
      chat.scrape(scraped?.ways ?? new Map());
      const desk = scraped?.desk?.();
      if (scraped && desk) tellOnCall(desk, scraped.now());
      const quiet = scraped?.quiet?.();
      if (quiet) tellQuiet(quiet);
      if (scraped) await scrape(scraped);
      return registry.metrics();
    },
    described() {
      const all = registry.getMetricsAsArray() as (MetricObject & { labelNames?: string[] })[];
      return all
        .filter(({ name }) => name.startsWith('muster_'))
        .map((metric) => ({
          name: metric.name,
          help: metric.help,
          type: metric.constructor.name.toLowerCase(),
          labels: metric.labelNames ?? [],
        }));
    },
    measured,
    counted: chat.counted,
    delivered: (carryOut, now) => async (lease) => {
      const { task } = lease;
      const platform = 'platform' in task ? task.platform : null;
      try {
        await carryOut(lease);
      } catch (error) {
        if (platform !== null) setbacks.inc({ platform, task: task.kind });
        throw error;
      }
      if (platform !== null)
        deliveries.observe({ platform, task: task.kind }, Math.max(0, now() - lease.dueAt) / 1_000);
    },
    answering: (inbound) => ({
      async command(asked) {
        const stop = replies.startTimer({ platform: asked.platform });
        try {
          const reply = await inbound.command(asked);
          stop({ result: reply.refusal ? 'refused' : 'done' });
          return reply;
        } catch (error) {
          stop({ result: 'failed' });
          throw error;
        }
      },
    }),
    observe(app) {
      app.addHook('onResponse', (request, reply, done) => {
        const route = request.routeOptions.url ?? 'unknown';
        const code = reply.statusCode;
        const status = `${Math.floor(code / 100)}xx`;
        requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
        if (/^\/(alerts|v2|api\/v2)\//.test(route)) {
          if (code >= 400) refused.inc({ source: senderIn(request.params, route), status: code });
        } else if (code === 401 || code === 403) unknown.inc({ route, status: code });
        done();
      });
    },
    pruned: (table, rows) => pruned.inc({ table }, rows),
    watch(given) {
      scraped = given;
    },
  };

  /** A name nobody configured must not become a label: anybody can invent one. */
  function senderIn(params: unknown, route: string): string {
    const name = (params as { name?: unknown } | null)?.name;
    if (typeof name !== 'string') return route;
    return isSource(name) ? name : 'other';
  }
}
