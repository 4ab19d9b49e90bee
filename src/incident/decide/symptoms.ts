import { type Decisions, event } from '../context.js';
import { asOther } from '../links.js';
import { isOpen } from '../state.js';
import { dependenciesOf, type SymptomCommands } from '../symptoms.js';

export const symptomDecisions = {
  noteDependency: [
    'anything',
    (state, { path, upstream }, { context }) => {
      const other = context.together?.other ?? null;
      if (!other || !isOpen(other) || !isOpen(state)) return [];
      // One says nothing of another that not everybody may see.
      if (other.visibility === 'private' || state.visibility === 'private') return [];
      const known = dependenciesOf(state).related.find(({ incidentId }) => incidentId === other.id);
      if (known && known.number === other.number) return [];
      return [event('dependencyNoted', { other: asOther(other), path, upstream })];
    },
  ],
} satisfies Decisions<keyof SymptomCommands>;
