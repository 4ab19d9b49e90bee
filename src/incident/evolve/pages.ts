import { outcomeOf, type PageOutcome } from '../pages.js';
import { type Incident, isOpen } from '../state.js';
import type { Rule } from './walk.js';

function put(incident: Incident, outcome: PageOutcome): Pick<Incident, 'pages'> {
  const { pages = [] } = incident;
  const others = pages.filter(({ page, personId }) => page !== outcome.page || personId !== outcome.personId);
  return { pages: [...others, outcome] };
}
const add = (list: readonly string[], way: string): string[] => [...new Set([...list, way])];

export const pageRules: { [T in 'pageHandedOver' | 'pageFailed' | 'pageUnreached']: Rule<T> } = {
  pageHandedOver(incident, { personId, page, way }) {
    const before = outcomeOf(incident, page, personId);
    return put(incident, { ...before, handed: add(before.handed, way) });
  },
  pageFailed(incident, { personId, page, way }) {
    const before = outcomeOf(incident, page, personId);
    return put(incident, { ...before, failed: add(before.failed, way) });
  },
  pageUnreached: (incident, { personId, page }) =>
    put(incident, { ...outcomeOf(incident, page, personId), unreached: true }),
};

/** With the end all of it is forgotten. */
export const pagesAfter = (before: Incident, after: Incident): Pick<Incident, 'pages'> =>
  isOpen(before) && !isOpen(after) && after.pages ? { pages: [] } : {};
