import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asOutcomes, asRuns } from './outcomes.js';

const outcome = fc.record({
  fingerprint: fc.string({ maxLength: 4 }),
  name: fc.constantFrom('Down', 'Slow'),
  outcome: fc.constantFrom('attached' as const, 'repeat' as const),
  incidentId: fc.constantFrom('a', null),
  why: fc.constantFrom('it is open', 'known'),
});

test('what came of alerts is read as it was, in its order, as it is stored now and as it was stored before', () => {
  fc.assert(
    fc.property(fc.array(outcome), (outcomes) => {
      expect(asOutcomes(JSON.parse(JSON.stringify(asRuns(outcomes))))).toEqual(outcomes);
      expect(asOutcomes(outcomes)).toEqual(outcomes);
    }),
  );
});

test('fifty alerts of which the same is true say it once', () => {
  const one = { name: 'Down', outcome: 'attached' as const, incidentId: 'a', why: 'belongs to what is open already' };
  const fifty = Array.from({ length: 50 }, (_, i) => ({ fingerprint: `f${i}`, ...one }));
  expect(asRuns(fifty)).toEqual([{ fingerprints: fifty.map(({ fingerprint }) => fingerprint), ...one }]);
});
