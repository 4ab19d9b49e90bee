import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Episode } from '../../src/alerts/alert.js';
import type { Inbound } from '../../src/chat/platform.js';
import { createLog } from '../../src/http/log.js';
import { createMetrics } from '../../src/http/metrics/metrics.js';
import { buildServer, type Parts } from '../../src/http/server.js';
import type { TimelineEvent } from '../../src/incident/events.js';
import { fold } from '../../src/incident/evolve.js';
import { openStore } from '../../src/store/open.js';
import type { Change, Store } from '../../src/store/port.js';

export interface Seed {
  timelines?: readonly (readonly TimelineEvent[])[];
  alerts?: readonly Episode[];
  postmortem?: { incidentId: string; markdown: string };
}

async function seed(store: Store, { timelines = [], alerts = [], postmortem }: Seed): Promise<void> {
  for (const events of timelines) {
    const incident = fold(events);
    if (!incident) throw new Error('A timeline without events seeds nothing.');
    const change: Change = {
      stream: { id: `incident/${incident.id}`, expectedSeq: 0, prevHash: '' },
      events: events.map(({ type, at, recordedAt, actor, body }) => ({ type, at, recordedAt, actor, body })),
      incident,
      episodes: alerts.filter(({ incidentId }) => incidentId === incident.id),
      ...(postmortem?.incidentId === incident.id && { postmortem: { ...postmortem, version: 1, at: 0, sha256: 'x' } }),
    };
    await store.commit([change]);
  }
}

export type Asked = Parameters<Inbound['command']>[0];
export type Other = Partial<Omit<Parts, 'config' | 'store'>> & {
  config?: Partial<Parts['config']>;
  /** Opens the database; what it answers is served. */
  seed?: (store: Store) => Promise<Seed>;
  /** Another process on the database of this one. */
  keep?: { store: Store; clock: { now: number } };
  /** Where somebody else has to know it beforehand; otherwise any. */
  port?: number;
  /** In place of the store's own answer. */
  ready?: () => Promise<void>;
};

/**
 * The server on a real SQLite file and a port of its own. Commands are kept in `asked`: `bug` and `full` in a text fail
 * as a bug and as a full disk, `sev 9` is refused.
 */
export async function startServer(other: Other = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'muster-http-'));
  const opened = other.keep?.store ?? (await openStore({ kind: 'sqlite', file: join(folder, 'muster.db') }, { fold }));
  await seed(opened, (await other.seed?.(opened)) ?? {});
  const store: Store = other.ready ? { ...opened, ready: other.ready } : opened;
  const asked: Asked[] = [];
  const logged: string[] = [];
  const clock = other.keep?.clock ?? { now: 1_000_000 };
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const app = buildServer({
    inbound: {
      async command(input) {
        asked.push(input);
        if (input.text.includes('bug')) throw new Error('a bug');
        if (input.text.includes('full')) throw Object.assign(new Error('no space'), { code: 'SQLITE_FULL' });
        return input.text.includes('sev 9')
          ? { text: 'There is no sev9.', refusal: { code: 'misused' } }
          : { text: 'Done.' };
      },
    },
    identify: store.identify,
    now: () => clock.now,
    running: () => true,
    metrics: createMetrics(),
    log: createLog('debug', stream),
    ...other,
    store,
    config: { publicUrl: 'http://muster.test:7370', apiToken: null, alertsToken: null, ...other.config },
  });
  const routes = new Set<string>();
  app.addHook('onRoute', ({ url: path, method }) => {
    for (const each of [method].flat())
      if (each === 'GET' || each === 'POST') routes.add(`${each.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
  });
  const url = await app.listen({ port: other.port ?? 0, host: '127.0.0.1' });
  const ask = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { redirect: 'manual', ...init });
  return {
    app,
    store,
    asked,
    logged,
    clock,
    routes,
    url,
    port: Number(new URL(url).port),
    ask,
    command: (body: unknown, headers: Record<string, string> = {}) =>
      ask('/api/commands', {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    /** Who acted, by name, in the order of the commands. */
    actors: () => Promise.all(asked.map(async ({ personId }) => (await store.person(personId))?.name)),
    async close() {
      await app.close();
      if (!other.keep) await opened.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type TestServer = Awaited<ReturnType<typeof startServer>>;
