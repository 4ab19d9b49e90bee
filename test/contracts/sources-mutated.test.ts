import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { readAlerts, sourceOf } from '../../src/alerts/sources.js';
import { kept } from '../../src/alerts/words.js';
import { noon } from '../alerts/world.js';
import { bodyOf, expectedOf, kinds } from './recorded.js';

/** A small generator (mulberry32), so that what fails can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const odd = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  '\u202e',
  'x'.repeat(5_000),
  'javascript:alert(1)',
  [],
  {},
  [[]],
  [null],
  { a: { b: 1 } },
];

/** A copy with one or a few values lost, replaced by odd ones, doubled or moved. */
function mutated(body: unknown, next: () => number): unknown {
  const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
  const places: [Record<string, unknown>, string][] = [];
  const copy = structuredClone(body);
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, each] of Object.entries(value)) {
      places.push([value as Record<string, unknown>, name]);
      walk(each);
    }
  };
  walk(copy);
  for (let times = Math.ceil(next() * 3); times > 0 && places.length > 0; times--) {
    const [parent, name] = pick(places);
    const how = next();
    if (how < 0.3) delete parent[name];
    else if (how < 0.8) parent[name] = structuredClone(pick(odd));
    else if (how < 0.9) parent[name] = [structuredClone(parent[name]), 1];
    else parent[pick(places)[1]] = structuredClone(parent[name]);
  }
  return copy;
}

function sound(alert: Alert): boolean {
  const times = [alert.startsAt, alert.endsAt].every((at) => at === null || Number.isSafeInteger(Math.round(at)));
  const short = alert.fingerprint.length <= kept.fingerprint && alert.name.length <= kept.name;
  const web = alert.links.every(({ href }) => /^https?:\/\//.test(href));
  const words = Object.values({ ...alert.labels, ...alert.annotations }).every((each) => typeof each === 'string');
  return times && short && web && words && alert.fingerprint !== '' && alert.name !== '' && alert.summary !== '';
}

test.each(kinds)('%s reads whatever comes, without throwing', async (kind) => {
  const door = sourceOf(kind);
  if (!door) return;
  const next = chance(kind.length * 7_919);
  const bodies = await Promise.all(expectedOf(kind).cases.map((each) => bodyOf(kind, each)));
  for (let i = 0; i < 200; i++) {
    const body = mutated(bodies[i % bodies.length], next);
    const { alerts } = readAlerts(door, body, { source: kind, receivedAt: noon });
    if (!alerts.every(sound)) expect([kind, JSON.stringify(body).slice(0, 2_000), alerts]).toBe('sound');
  }
});
