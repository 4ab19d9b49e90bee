import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FastifyInstance, fastify } from 'fastify';
import type { Alert } from '../../src/alerts/alert.js';
import type { Intake } from '../../src/alerts/intake.js';
import type { PassedOver } from '../../src/alerts/source.js';
import { readAlerts, sourceOf } from '../../src/alerts/sources.js';
import { alertRoutes } from '../../src/http/alerts.js';
import type { SourceFigures, Store } from '../../src/store/port.js';
import { noon } from './world.js';

export const token = 'a-token-of-forty-characters-long-enough!';

export const fixture = (path: string): string =>
  readFileSync(new URL(`../fixtures/sources/${path}`, import.meta.url), 'utf8');

/** HMAC-SHA256, computed here and not by what is tested. */
export const signed = (body: string, key: string | Buffer = token, as: 'hex' | 'base64' = 'hex'): string =>
  createHmac('sha256', key).update(body).digest(as);

export interface Door {
  app: FastifyInstance;
  taken: { alerts: readonly Alert[]; passedOver?: PassedOver; deliveryId?: string | null }[];
  /** The status of a POST. */
  post(kind: string, body: string, headers?: Record<string, string>, query?: string): Promise<number>;
}

/** The real route, asking for the token. */
export async function open(): Promise<Door> {
  const taken: Door['taken'] = [];
  const engine: Intake = {
    async intake(brought) {
      taken.push(brought);
      return { accepted: brought.alerts.length, receipt: `r${taken.length}`, outcomes: [] };
    },
    queueDepth: () => 0,
  };
  const store: Pick<Store, 'receipt' | 'incident' | 'sourceFigures' | 'addToSource'> = {
    incident: async () => null,
    receipt: async () => null,
    sourceFigures: async (): Promise<SourceFigures | null> => null,
    addToSource: async () => {},
  };
  const app = fastify({ bodyLimit: 1024 * 1024 });
  await app.register(alertRoutes, { engine, store, config: { alertsToken: token }, clock: { now: () => noon } });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    taken,
    async post(kind, body, headers = {}, query = '') {
      const sent = { 'content-type': 'application/json', ...headers };
      const answer = await fetch(`${url}/alerts/${kind}${query}`, { method: 'POST', headers: sent, body });
      await answer.arrayBuffer();
      return answer.status;
    },
  };
}

/** What a body comes to, read as from a file. */
export function reading(kind: string, body: unknown, headers: Record<string, string> = {}) {
  const door = sourceOf(kind);
  if (!door) throw new Error(`There is no source ${kind}.`);
  return readAlerts(door, body, { source: kind, receivedAt: noon, headers, query: {} });
}

/** The one alert of a body; fails where there is none. */
export function only(kind: string, body: unknown, headers: Record<string, string> = {}): Alert {
  const { alerts, passedOver } = reading(kind, body, headers);
  if (alerts.length !== 1) throw new Error(`${alerts.length} alerts; ${passedOver?.why}`);
  return alerts[0] as Alert;
}

/** A real body with some of it changed, by paths such as `build.status`. */
export function edited(path: string, changes: Record<string, unknown>): Record<string, unknown> {
  const body = JSON.parse(fixture(path)) as Record<string, unknown>;
  for (const [at, value] of Object.entries(changes)) {
    const keys = at.split('.');
    const last = keys.pop() as string;
    let within = body as Record<string, unknown>;
    for (const key of keys) within = within[key] as Record<string, unknown>;
    within[last] = value;
  }
  return body;
}
