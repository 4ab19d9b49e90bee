import fc from 'fast-check';
import type { ChangedCommands } from './changed.js';
import { start } from './testing.js';

/** One per command about what changed before. */
export const changedBodies = (
  words: fc.Arbitrary<string>,
): { [T in keyof ChangedCommands]: fc.Arbitrary<ChangedCommands[T]> } => ({
  noteChanges: fc.record({
    changes: fc.array(
      fc.record({
        text: words,
        at: fc.constant(start),
        link: fc.option(
          words.map((each) => `https://ci.example.com/${each}`),
          { nil: null },
        ),
        path: fc.array(words, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 5 },
    ),
  }),
});
