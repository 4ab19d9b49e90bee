import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type FastifyInstance, fastify, type InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { plan } from '../../src/alerts/plan.js';
import { sources } from '../../src/alerts/sources.js';
import { alertRoutes } from '../../src/http/alerts.js';
import { noon, World } from '../alerts/world.js';
import { type Story, story } from '../stories/story.js';
import { chance, damaged, mutated } from './mutate.js';

/** `npm run soak` sends a million. */
const times = Number(process.env.MUSTER_FUZZ ?? 10_000);
/** Left out: every kind. */
const only = process.env.MUSTER_FUZZ_KIND;
const seed = Number(process.env.MUSTER_SEED ?? 20_261_121);
const wholeTimes = Math.min(2_000, Math.ceil(times / 25));

interface Sample {
  kind: string;
  headers: Record<string, string>;
  body: unknown;
}

/** Every real body there is, with the headers that say what it is. */
function samples(): Sample[] {
  const root = new URL('../fixtures/', import.meta.url);
  const all: Sample[] = [];
  for (const { kind } of sources) {
    if (only !== undefined && kind !== only) continue;
    const folder = [`sources/${kind}/`, `${kind}/`].map((name) => new URL(name, root)).find((each) => existsSync(each));
    if (!folder) continue;
    const expected = new URL('expected.json', folder);
    const cases: { file?: string; headers?: Record<string, string> }[] = existsSync(expected)
      ? JSON.parse(readFileSync(expected, 'utf8')).cases
      : readdirSync(folder)
          .filter((name) => name.endsWith('.json'))
          .map((file) => ({ file }));
    for (const { file, headers = {} } of cases) {
      if (!file?.endsWith('.json')) continue;
      all.push({ kind, headers, body: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) });
    }
  }
  all.push({
    kind: 'generic',
    headers: {},
    body: { alerts: [{ title: 'push fails', labels: { a: 'b' }, severity: 'p1' }] },
  });
  return all;
}

const types = [
  'application/json',
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/cloudevents+json',
  'multipart/form-data; boundary=x',
  '',
];

async function timed(
  app: FastifyInstance,
  request: InjectOptions,
): Promise<{ statusCode: number; ms: number; body: string }> {
  const startedAt = performance.now();
  const { statusCode, body } = await app.inject(request);
  return { statusCode, ms: performance.now() - startedAt, body };
}

/** Where the last of them broke. */
let broke = '';

/** Sends so many; answers what should not have been answered so, with what brings it again. */
async function fuzz(
  app: FastifyInstance,
  count: number,
  from: number,
): Promise<{ bad: string[]; statuses: Map<number, number> }> {
  const real = samples();
  const bad: string[] = [];
  const statuses = new Map<number, number>();
  for (let n = 0; n < count; n++) {
    const by = chance(from + n * 7_919);
    // The first ones have each source in turn, so that none is left out of a short run.
    const { kind, headers, body } = n < real.length ? (real[n] as Sample) : by.of(real);
    const json = JSON.stringify(mutated(body, by));
    const type = by.of(types);
    const text = type.includes('urlencoded') ? `payload=${encodeURIComponent(json ?? '')}` : (json ?? '');
    const given = Object.fromEntries(Object.entries(headers).filter(() => by.below(8) > 0));
    const request = {
      method: by.below(50) === 0 ? ('GET' as const) : ('POST' as const),
      url: `/alerts/${kind}`,
      headers: { ...given, ...(type && { 'content-type': type }) },
      payload: damaged(Buffer.from(text), by),
    };
    let { statusCode, ms, body: answer } = await timed(app, request);
    // A machine that stood still says nothing of this body.
    if (ms > 1_000) ({ statusCode, ms, body: answer } = await timed(app, request));
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    if (statusCode >= 500 || ms > 1_000)
      bad.push(`${kind}: ${statusCode} after ${Math.round(ms)} ms (seed ${from + n * 7_919}): ${answer} ${broke}`);
  }
  return { bad, statuses };
}

describe('bodies that no sender sends', () => {
  let app: FastifyInstance;
  let taken: Alert[];
  beforeAll(async () => {
    app = fastify({ bodyLimit: 1024 * 1024, routerOptions: { maxParamLength: 300 } });
    app.addHook('onError', async (_request, _reply, error) => {
      broke = error.stack?.split('\n').slice(0, 4).join(' ') ?? '';
    });
    const { rules } = new World();
    taken = [];
    await app.register(alertRoutes, {
      engine: {
        queueDepth: () => 0,
        async intake({ source, alerts, receivedAt }) {
          const { receipts } = plan(
            [{ receipt: 'r', source, receivedAt, alerts }],
            { episodes: [], incidents: [] },
            rules,
          );
          if (taken.length < 20_000) taken.push(...alerts);
          return { accepted: alerts.length, receipt: 'r', outcomes: receipts[0]?.outcomes ?? [] };
        },
      },
      store: {
        receipt: async () => null,
        incident: async () => null,
        sourceFigures: async () => null,
        addToSource: async () => {},
      },
      config: { alertsToken: null },
      clock: { now: () => noon },
    });
  });
  afterAll(() => app.close());

  test(`${times} of them: every one is taken or refused, none breaks anything, none takes a second`, {
    timeout: 60_000 + times * 20,
  }, async () => {
    const { bad, statuses } = await fuzz(app, times, seed);
    expect(bad).toEqual([]);
    // Most must get so far that something is read of them, or nothing is tried here.
    expect((statuses.get(202) ?? 0) / times).toBeGreaterThan(0.3);
    for (const alert of taken) {
      expect(alert.name.length).toBeLessThanOrEqual(200);
      expect(alert.summary.length).toBeLessThanOrEqual(500);
      expect(`${alert.fingerprint}${alert.name}${alert.summary}`).not.toMatch(/\p{Surrogate}/u);
    }
  });
});

describe('the same on a whole Muster', () => {
  let told: Story;
  beforeAll(async () => {
    told = await story();
  });
  afterAll(() => told.end());

  test(`${wholeTimes} of them are stored or refused, and the ledger stays whole`, {
    timeout: 60_000 + wholeTimes * 100,
  }, async () => {
    const { bad } = await fuzz(told.bot.app, wholeTimes, seed + 1);
    expect(bad).toEqual([]);
    expect(await told.bot.store.verify()).toMatchObject({ ok: true, problems: [] });
  });
});
