import type { Receipt } from '../alerts/alert.js';
import type { Incident } from '../incident/state.js';
import type { Viewer } from '../people/viewer.js';
import type { Store } from '../store/port.js';

type Outcomes = Receipt['outcomes'];

/** What a viewer may see of incidents; each is asked for once. */
export interface Seeing {
  find(id: string): Promise<Incident | null>;
  /** Those of them that are not theirs to see. */
  hidden(ids: Iterable<string>): Promise<ReadonlySet<string>>;
  /** That an alert was taken is no secret, what a private incident is about is one. */
  outcomes(outcomes: Outcomes): Promise<Outcomes>;
}

export function seeingAs(viewer: Viewer, store: Pick<Store, 'incident'>): Seeing {
  const known = new Map<string, Promise<Incident | null>>();
  const find: Seeing['find'] = (id) => {
    const asked = known.get(id) ?? store.incident(viewer, { id });
    known.set(id, asked);
    return asked;
  };
  async function hidden(ids: Iterable<string>): Promise<Set<string>> {
    const none = new Set<string>();
    for (const id of ids) if ((await find(id)) === null) none.add(id);
    return none;
  }
  return {
    find,
    hidden,
    async outcomes(outcomes) {
      return withoutThose(outcomes, await hidden(outcomes.flatMap(({ incidentId }) => incidentId ?? [])));
    },
  };
}

/** The outcomes, without a word on these incidents. */
export const withoutThose = (outcomes: Outcomes, hidden: ReadonlySet<string>): Outcomes =>
  outcomes.map((each) =>
    each.incidentId !== null && hidden.has(each.incidentId) ? { ...each, incidentId: null, why: 'was taken' } : each,
  );
