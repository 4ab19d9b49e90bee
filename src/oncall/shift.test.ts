import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, gapsOf, handoffAfter, type Override, shiftAt, shiftsBetween } from './shift.js';

const span = 1_000;
const spans = fc
  .tuple(fc.integer({ min: -200, max: span + 200 }), fc.integer({ min: 0, max: 400 }))
  .map(([fromAt, length]) => ({ fromAt, untilAt: fromAt + length }));
const entry = fc
  .tuple(
    spans,
    fc.nat(2),
    fc.uniqueArray(fc.constantFrom('ada', 'bob', 'cleo'), { maxLength: 2 }),
    fc.constantFrom<string[]>([], ['zed']),
  )
  .map(([range, rank, people, unknown]): Entry => ({ ...range, rank, people, unknown }));
const override = fc
  .tuple(spans, fc.constantFrom('dan', 'eve'), fc.nat(50), fc.uuid())
  .map(
    ([range, personId, setAt, id]): Override => ({ ...range, id, personId, setAt, schedule: 'primary', setBy: 'ada' }),
  );
const entries = fc.array(entry, { maxLength: 12 });
const overrides = fc.array(override, { maxLength: 4 });
const instant = fc.integer({ min: 0, max: span - 1 });

const covering = <T extends { fromAt: number; untilAt: number }>(all: readonly T[], at: number): T[] =>
  all.filter(({ fromAt, untilAt }) => fromAt <= at && at < untilAt);

/** Who it is by what was entered, looked at one instant alone. */
function expected(planned: readonly Entry[], instead: readonly Override[], at: number): Set<string> {
  const newest = covering(instead, at).sort((a, b) => b.setAt - a.setAt || (a.id < b.id ? 1 : -1))[0];
  if (newest) return new Set([newest.personId]);
  const known = covering(planned, at).filter(({ people }) => people.length > 0);
  const rank = Math.max(...known.map((each) => each.rank));
  return new Set(known.filter((each) => each.rank === rank).flatMap(({ people }) => people));
}

describe('shifts', () => {
  it('leave no hole and no overlap, and each is another than the one before it', () => {
    fc.assert(
      fc.property(entries, overrides, (planned, instead) => {
        const shifts = shiftsBetween(0, span, planned, instead);
        expect(shifts[0]?.fromAt).toBe(0);
        expect(shifts.at(-1)?.untilAt).toBe(span);
        for (const [i, shift] of shifts.entries()) {
          expect(shift.untilAt).toBeGreaterThan(shift.fromAt);
          const next = shifts[i + 1];
          if (!next) continue;
          expect(next.fromAt).toBe(shift.untilAt);
          const { fromAt: _, untilAt: __, ...held } = shift;
          expect(next).not.toMatchObject(held);
        }
      }),
    );
  });

  it('say at each instant what the entries and the newest override say then', () => {
    fc.assert(
      fc.property(entries, overrides, instant, (planned, instead, at) => {
        const shift = shiftAt(shiftsBetween(0, span, planned, instead), at);
        expect(new Set(shift?.people)).toEqual(expected(planned, instead, at));
      }),
      { numRuns: 200 },
    );
  });

  it('have their gaps exactly where sampling finds nobody', () => {
    fc.assert(
      fc.property(entries, overrides, (planned, instead) => {
        const gaps = gapsOf(shiftsBetween(0, span, planned, instead));
        for (let at = 0; at < span; at += 13)
          expect(covering(gaps, at).length > 0).toBe(expected(planned, instead, at).size === 0);
      }),
      { numRuns: 40 },
    );
  });

  it('are changed by an override in its own time and nowhere else', () => {
    fc.assert(
      fc.property(entries, override, instant, (planned, one, at) => {
        const before = shiftAt(shiftsBetween(0, span, planned), at);
        const after = shiftAt(shiftsBetween(0, span, planned, [one]), at);
        const inside = one.fromAt <= at && at < one.untilAt;
        expect(after?.people).toEqual(inside ? [one.personId] : before?.people);
        expect(after?.override).toBe(inside ? one.id : null);
      }),
      { numRuns: 200 },
    );
  });

  const at = (fromAt: number, untilAt: number, people: string[], more: Partial<Entry> = {}): Entry => ({
    fromAt,
    untilAt,
    people,
    rank: 0,
    unknown: [],
    ...more,
  });

  it('call whoever has the shortest entry first where several are on call', () => {
    const [shift] = shiftsBetween(10, 20, [at(0, 100, ['ada']), at(5, 30, ['bob'])]);
    expect(shift?.people).toEqual(['bob', 'ada']);
  });

  it('go by the override that was set last, where two overlap', () => {
    const instead = { schedule: 'primary', setBy: 'ada', fromAt: 0, untilAt: 10 };
    const both = [
      { ...instead, id: 'b', personId: 'dan', setAt: 2 },
      { ...instead, id: 'a', personId: 'eve', setAt: 1 },
    ];
    for (const order of [both, [...both].reverse()])
      expect(shiftsBetween(0, 10, [], order)[0]?.people).toEqual(['dan']);
  });

  it('go on to those below where the highest names nobody Muster knows, and still say the name', () => {
    const [shift] = shiftsBetween(0, 10, [at(0, 10, ['ada']), at(0, 10, [], { rank: 2, unknown: ['Zed'] })]);
    expect(shift).toMatchObject({ people: ['ada'], unknown: ['Zed'] });
  });

  it('tell the next handoff: to other people, not to another shift of the same', () => {
    const shifts = shiftsBetween(0, 100, [at(0, 20, ['ada']), at(20, 40, ['ada'], { rank: 1 }), at(50, 100, ['bob'])]);
    expect(handoffAfter(shifts, 5)).toEqual({ at: 40, from: ['ada'], to: [] });
    expect(handoffAfter(shifts, 45)).toEqual({ at: 50, from: [], to: ['bob'] });
    expect(handoffAfter(shifts, 60)).toBeNull();
    expect(handoffAfter(shifts, 500)).toBeNull();
  });
});
