import type { Hints, Symptom, SymptomEvents } from '../symptoms.js';

const gone = '[redacted]';

export const symptomGone = ({ path, tier }: Symptom): Symptom => ({
  service: gone,
  path: path.map(() => gone),
  tier,
});

/** An address is left out: nothing stands for one. */
export const hintsGone = ({ symptom, cause, firstStep }: Hints): Hints => ({
  ...(symptom !== undefined && { symptom: gone }),
  ...(cause !== undefined && { cause: gone }),
  ...(firstStep !== undefined && { firstStep: gone }),
});

export const symptomForms: { [T in keyof SymptomEvents]: (body: SymptomEvents[T]) => SymptomEvents[T] } = {
  dependencyNoted: ({ other: { incidentId, number }, path, upstream }) => ({
    other: { incidentId, number, title: gone },
    path: path.map(() => gone),
    upstream,
  }),
};
