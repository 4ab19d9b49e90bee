import fc from 'fast-check';
import type { CommandBodies } from './commands.js';
import type { Hints, Symptom, SymptomCommands } from './symptoms.js';

export const symptomsOf = (words: fc.Arbitrary<string>): fc.Arbitrary<Symptom[]> =>
  fc.array(
    fc.record({
      service: words,
      path: fc.array(words, { minLength: 2, maxLength: 3 }),
      tier: fc.constantFrom(null, 1, 2),
    }),
    { minLength: 1, maxLength: 2 },
  );

export const hintsOf = (words: fc.Arbitrary<string>): fc.Arbitrary<Hints> =>
  fc.record({ symptom: words, cause: words, firstStep: words }, { requiredKeys: [] });

export const symptomBodies = (
  words: fc.Arbitrary<string>,
): { [T in keyof SymptomCommands]: fc.Arbitrary<CommandBodies[T]> } => ({
  noteDependency: fc.record({
    other: fc.constant('i2'),
    path: fc.array(words, { minLength: 2, maxLength: 3 }),
    upstream: fc.boolean(),
  }),
});
