import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterCall, type CallEnd, type Health, healthy, judged, probeAfterMs } from './outage.js';

const minute = 60_000;
const awayAfterMs = 3 * minute;
const ok = (at: number): CallEnd => ({ at, ok: true });
const failed = (at: number, quietUntil: number | null = null): CallEnd => ({ at, ok: false, why: 'down', quietUntil });
/** What is known after these calls, looked at every ten seconds until `now`. */
function known(ends: CallEnd[], now: number): Health {
  let health = healthy;
  const left = [...ends];
  for (let at = 0; at <= now; at += 10_000) {
    while (left[0] && left[0].at <= at) health = afterCall(health, left.shift() as CallEnd);
    health = judged(health, at, awayAfterMs);
  }
  return health;
}
const every = (ms: number, from: number, to: number): number[] =>
  Array.from({ length: Math.floor((to - from) / ms) + 1 }, (_, index) => from + index * ms);

describe('a chat platform', () => {
  it('is lost when nothing has got through for the time set, not before', () => {
    const ends = every(minute, minute, 10 * minute).map((at) => failed(at));
    expect(known(ends, 4 * minute - 10_000).lostAt).toBeNull();
    expect(known(ends, 4 * minute)).toMatchObject({ lostAt: 4 * minute, failingSince: minute, why: 'down' });
  });

  it('is not lost while some calls get through, nor by a failure that nothing followed', () => {
    const mixed = every(minute, minute, 20 * minute).flatMap((at) => [failed(at), ok(at + 1)]);
    expect(known(mixed, 20 * minute).lostAt).toBeNull();
    expect(known([failed(minute)], 60 * minute).lostAt).toBeNull();
    expect(known([failed(minute), failed(50 * minute)], 60 * minute).lostAt).toBeNull();
  });

  it('is lost by one answer that tells to wait longer than that', () => {
    expect(known([failed(minute, 11 * minute)], 5 * minute).lostAt).toBe(4 * minute);
  });

  it('is back when every call has got through for a minute', () => {
    const down = every(minute, 0, 10 * minute).map((at) => failed(at));
    const up = (from: number) => every(15_000, from, from + 5 * minute).map(ok);
    expect(known([...down, ...up(11 * minute)], 12 * minute - 10_000).lostAt).not.toBeNull();
    expect(known([...down, ...up(11 * minute)], 12 * minute)).toMatchObject({ lostAt: null, failingSince: null });
    const broken = [...down, ok(11 * minute), failed(11.5 * minute), ...up(12 * minute)];
    expect(known(broken, 13 * minute - 10_000).lostAt).not.toBeNull();
    expect(known(broken, 13 * minute).lostAt).toBeNull();
  });

  it('is not lost and back twice within minutes, and stays away longer each time', () => {
    const outcomes = fc.array(fc.record({ ms: fc.constantFrom(5_000, 30_000, minute, 4 * minute), up: fc.boolean() }), {
      minLength: 20,
      maxLength: 200,
    });
    fc.assert(
      fc.property(outcomes, (all) => {
        let health = healthy;
        let now = 0;
        let lostFor: number[] = [];
        let lostAt: number | null = null;
        let backAt = -Infinity;
        for (const { ms, up } of all) {
          now += ms;
          health = judged(afterCall(health, up ? ok(now) : failed(now)), now, awayAfterMs);
          if (health.lostAt !== null && lostAt === null) {
            expect(now - backAt).toBeGreaterThanOrEqual(awayAfterMs);
            lostAt = now;
          } else if (health.lostAt === null && lostAt !== null) {
            expect(now - lostAt).toBeGreaterThanOrEqual(5 * minute);
            lostFor = [...lostFor, now - lostAt];
            lostAt = null;
            backAt = now;
          }
        }
      }),
    );
  });

  it('is asked again ever more slowly, at least once a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 20].map(probeAfterMs)).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });
});
