import type { ChangedEvents } from '../incident/changed.js';
import { pathWords } from '../incident/symptoms.js';
import { itself, line, type Part, type Sentence } from './sentence.js';

/** What had been changed when an incident began. */
export const changedWords: { [T in keyof ChangedEvents]: (body: ChangedEvents[T]) => Sentence } = {
  changesNoted: ({ changes }) => {
    const parts = changes.flatMap(({ text, at, path }, index): Part[] => [
      ...(index > 0 ? ['; '] : []),
      ...line`${pathWords(path)}: ${text}, at ${{ at }}`,
    ]);
    return itself`Changed before it began: ${parts}`;
  },
};
