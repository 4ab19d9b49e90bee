import type { Symptom, SymptomEvents } from '../incident/symptoms.js';
import { pathWords } from '../incident/symptoms.js';
import { itself, line, type Part, type Sentence } from './sentence.js';

const pathsTold = 5;

/** After what came: by which way a failure elsewhere shows here. */
export function symptomParts(symptoms: readonly Symptom[] | undefined): Part[] {
  if (!symptoms || symptoms.length === 0) return [];
  const shown = symptoms.slice(0, pathsTold).map(({ path }) => pathWords(path));
  const more = symptoms.length - shown.length;
  return line`; as symptoms by ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export const symptomWords: { [T in keyof SymptomEvents]: (body: SymptomEvents[T]) => Sentence } = {
  dependencyNoted: ({ other, path, upstream }) => {
    const which = other.number === null ? `“${other.title}”, in the triage queue` : `#${other.number}, ${other.title}`;
    return upstream
      ? itself`What this depends on has an incident too: ${which}. The way is ${pathWords(path)}`
      : itself`What depends on this has an incident too: ${which}. The way is ${pathWords(path)}`;
  },
};
