import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, type Ladder, mergeEvidence, noEvidence } from './severity.js';
import { type Evidence, grades } from './state.js';
import { evidence } from './testing.js';

const ladder: Ladder = {
  rungs: [
    { severity: 'sev1', compromise: true },
    { severity: 'sev1', tier: 1, grade: 'critical' },
    { severity: 'sev1', alerts: 10, services: 3 },
    { severity: 'sev2', grade: 'critical' },
    { severity: 'sev2', alerts: 5 },
  ],
  otherwise: 'sev3',
  tiers: { registry: 1, git: 1, wiki: 3 },
};

const name = fc.stringMatching(/^[a-z]{1,2}$/);
const one: fc.Arbitrary<Evidence> = fc
  .record({
    alerts: fc.nat(20),
    services: fc.array(fc.constantFrom('registry', 'git', 'wiki', 'other'), { maxLength: 4 }),
    hosts: fc.array(name, { maxLength: 25 }),
    worst: fc.constantFrom(...grades),
    tier: fc.constantFrom(null, 1, 2, 3),
    compromise: fc.boolean(),
  })
  // As evidence always is: sorted, distinct, at most ten hosts.
  .map((raw) => mergeEvidence(noEvidence, raw));

describe('the ladder', () => {
  it.each([
    [{ compromise: true }, 'sev1', 'a credential may be compromised'],
    [{ worst: 'critical', tier: 1 }, 'sev1', 'registry is tier 1 and an alert is labelled critical'],
    [
      { worst: 'critical', tier: 1, services: ['git', 'registry'] },
      'sev1',
      'git and registry are tier 1 and an alert is labelled critical',
    ],
    [
      { alerts: 12, services: ['a', 'b', 'c'], hosts: ['x', 'y'] },
      'sev1',
      '12 alerts came from 2 hosts and 3 services are affected',
    ],
    [{ worst: 'critical', tier: 3, services: ['wiki'] }, 'sev2', 'an alert is labelled critical'],
    [{ alerts: 5 }, 'sev2', '5 alerts came'],
    [{ tier: 1 }, 'sev3', 'the worst label is warning and registry is tier 1'],
    [
      { worst: 'none', services: [] },
      'sev3',
      'no alert carries a severity label and no service of the catalogue is named',
    ],
  ] as const)('%j is %s, because %s', (given, severity, reason) => {
    expect(judge(evidence(given as Partial<Evidence>), ladder)).toEqual({ severity, reason });
  });

  it('does not claim ten hosts where only ten are remembered', () => {
    const many = Array.from({ length: 30 }, (_, i) => evidence({ hosts: [`h${i}`] })).reduce(mergeEvidence, noEvidence);
    expect(many.hosts).toHaveLength(10);
    expect(judge(many, { ...ladder, rungs: [{ severity: 'sev2', alerts: 5 }] }).reason).toBe(
      '30 alerts came from 10 hosts or more',
    );
  });

  it('names no service when the catalogue has changed, and says something when a rung asks for nothing', () => {
    const rungs = [{ severity: 'sev1', tier: 1 } as const];
    expect(judge(evidence({ tier: 1 }), { ...ladder, rungs, tiers: {} }).reason).toBe(
      'a service of tier 1 is affected',
    );
    expect(judge(evidence(), { ...ladder, rungs: [{ severity: 'sev2' }] })).toEqual({
      severity: 'sev2',
      reason: 'the worst label is warning and no service of the catalogue is named',
    });
  });
});

describe('evidence', () => {
  it('is the same in whatever order it is merged', () => {
    fc.assert(
      fc.property(one, one, one, (a, b, c) => {
        expect(mergeEvidence(a, b)).toEqual(mergeEvidence(b, a));
        expect(mergeEvidence(mergeEvidence(a, b), c)).toEqual(mergeEvidence(a, mergeEvidence(b, c)));
        expect(mergeEvidence(a, noEvidence)).toEqual(a);
      }),
    );
  });

  it('gives the same answer in whatever order it was gathered, and never a milder one for more of it', () => {
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 6 }), one, fc.nat(), (all, more, turn) => {
        const merged = all.reduce(mergeEvidence, noEvidence);
        const turned = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)].reverse();
        expect(judge(turned.reduce(mergeEvidence, noEvidence), ladder)).toEqual(judge(merged, ladder));
        expect(judge(mergeEvidence(merged, more), ladder).severity <= judge(merged, ladder).severity).toBe(true);
      }),
    );
  });

  it('given is left as it was', () => {
    const frozen = (it: Evidence) =>
      Object.freeze({ ...it, services: Object.freeze(it.services), hosts: Object.freeze(it.hosts) }) as Evidence;
    fc.assert(fc.property(one, one, (a, b) => void mergeEvidence(frozen(a), frozen(b))));
  });
});
