import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { alertRoutes } from '../../src/http/alerts.js';
import { noon } from './world.js';

/** The same numbers each time: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const odd: unknown[] = [
  ...[null, true, 0, -1, 1e308, 253402300799000, '', 'x', '\u202e', 'é'.repeat(5_000), 'https://['],
  ...['2026-13-45T99:99:99Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'constructor'],
  ...[[], {}, [null], [[]], ['x', 1, null], { a: { b: [1] } }, { toString: 1 }, { toJSON: 1 }],
];
const event = (event_action: string) => () => ({
  event_action,
  dedup_key: 'd',
  payload: {
    summary: 's',
    source: 'h',
    severity: 'critical',
    timestamp: '2026-11-21T11:00:00Z',
    component: 'c',
    group: 'g',
    class: 'x',
    custom_details: { firing: 'Labels:\n - service = b\n', x: 1 },
  },
  links: [{ href: 'https://x', text: 't' }],
  images: [{ src: 'https://x' }],
  client: 'c',
  client_url: 'https://x',
});
const note = () => ({ user: 'u', note: 'n', source: 's' });
const requests: [method: 'POST' | 'PUT' | 'DELETE', url: string, body: () => object][] = [
  ['POST', '/v2/enqueue', event('trigger')],
  ['POST', '/v2/enqueue', event('acknowledge')],
  ['POST', '/v2/enqueue', event('resolve')],
  ['POST', '/v2/change/enqueue', () => ({ payload: { summary: 's', custom_details: { service: 'a' } }, links: [] })],
  [
    'POST',
    '/v2/alerts',
    () => ({
      message: 'm',
      alias: 'a',
      details: { service: 's' },
      tags: ['a'],
      entity: 'e',
      priority: 'P1',
      source: 's',
    }),
  ],
  ['POST', '/v2/alerts/a%2Fb/close', note],
  ['POST', '/v2/alerts/%E0%A4%A/acknowledge', note],
  ['POST', '/v2/alerts/a/notes', note],
  ['PUT', '/v2/alerts/a/message', note],
  ['DELETE', '/v2/alerts/a', note],
  [
    'POST',
    '/api/v2/alerts',
    () => [
      {
        labels: { alertname: 'a', service: 's' },
        annotations: { summary: 'x' },
        startsAt: '',
        endsAt: '',
        generatorURL: '',
      },
    ],
  ],
];

function places(of: unknown): [Record<string, unknown>, string][] {
  if (typeof of !== 'object' || of === null) return [];
  const own = of as Record<string, unknown>;
  return Object.keys(own).flatMap((key) => [[own, key] as [Record<string, unknown>, string], ...places(own[key])]);
}

it('no body makes a drop-in address fail, and all it hands on is sound', async () => {
  const random = numbers(6);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const nothing = async (): Promise<null> => null;
  const app = fastify();
  await app.register(alertRoutes, {
    engine: {
      queueDepth: () => 0,
      async intake({ alerts }) {
        for (const { fingerprint, name, startsAt, endsAt, expiresAt } of alerts) {
          expect([fingerprint, name]).not.toContain('');
          for (const at of [startsAt, endsAt, expiresAt ?? null]) if (at !== null) expect(at).toBeGreaterThan(0);
        }
        return { accepted: alerts.length, receipt: 'r', outcomes: [] };
      },
    },
    store: {
      incident: nothing,
      receipt: nothing,
      sourceFigures: nothing,
      addToSource: async () => {},
      keepBodies: async () => {},
    },
    config: { alertsToken: null },
    clock: { now: () => noon },
  });
  const statuses = new Set<number>();
  for (let round = 0; round < 800; round++) {
    const [method, url, make] = pick(requests);
    const body = make();
    for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
      const [of, key] = pick(places(body)) ?? [];
      if (of && key !== undefined && random() < 0.2) delete of[key];
      else if (of && key !== undefined) of[key] = structuredClone(pick(odd));
    }
    const payload = JSON.stringify(random() < 0.02 ? pick(odd) : body);
    const headers = { 'content-type': 'application/json' };
    const { statusCode } = await app.inject({ method, url, payload, headers });
    expect(statusCode, `${method} ${url} ${payload.slice(0, 1_000)}`).toBeLessThan(500);
    statuses.add(statusCode);
  }
  expect([...statuses].sort()).toEqual([200, 202, 400]);
  await app.close();
}, 30_000);
