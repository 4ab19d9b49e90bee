import type { SuggestingEvents } from '../incident/suggesting.js';
import { does, quote, type Sentence, step as stepWord } from './sentence.js';

export const suggestingWords: { [T in keyof SuggestingEvents]: (body: SuggestingEvents[T]) => Sentence } = {
  changeSuggested: ({ step, text }) =>
    step === null
      ? does`suggested a change of the playbook${quote(text)}`
      : does`suggested a change of ${stepWord(step)}${quote(text)}`,
};
