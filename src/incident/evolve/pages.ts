import type { TimelineEvent } from '../events.js';
import { noPages, outcomeOf, type PageOutcome, type Pages } from '../pages.js';
import { type Incident, isOpen } from '../state.js';
import type { Rule } from './walk.js';

function put(incident: Incident, outcome: PageOutcome): Pick<Incident, 'pages'> {
  const { outcomes, endedSeq } = incident.pages ?? noPages;
  const others = outcomes.filter(({ page, personId }) => page !== outcome.page || personId !== outcome.personId);
  return { pages: { outcomes: [...others, outcome], endedSeq } };
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

/** Once somebody is on it, or it is over, those called before need not come; with the end all of it is forgotten. */
export function pagesAfter(before: Incident, after: Incident, { seq }: TimelineEvent): Pick<Incident, 'pages'> {
  const ended = isOpen(before) && !isOpen(after);
  const answered = before.acknowledgedAt === null && after.acknowledgedAt !== null;
  if (!ended && !answered) return {};
  const pages: Pages = { outcomes: ended ? [] : (after.pages ?? noPages).outcomes, endedSeq: seq };
  return { pages };
}
