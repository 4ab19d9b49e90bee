import type { Incident } from './state.js';

/** Who is called, one after another, while a promised update is owed: whoever speaks, who leads, who answers for it all. */
export const rungs = ['communications', 'commander', 'lead'] as const;
export type Rung = (typeof rungs)[number];

/** A promise was broken at `since`. Each rung is called once; a person's word ends it, Muster's own does not. */
export interface Climb {
  since: number;
  called: Rung[];
  /** When the next rung is called, if anybody stands on it. */
  nextAt: number;
}

const usualEveryMs = 10 * 60_000;
export const climbEvery = ({ policy }: Pick<Incident, 'policy'>): number => policy.climbEveryMs ?? usualEveryMs;

export const climbFrom = (since: number, at: number): Climb => ({ since, called: [], nextAt: at });

/** Who stands where now. Of a private incident or a drill the lead hears only when they are in it. */
function standing({ roles, policy, visibility, drill, responders }: Incident): Record<Rung, string[]> {
  const one = (personId: string | undefined): string[] => (personId === undefined ? [] : [personId]);
  const closed = visibility === 'private' || drill;
  return {
    communications: one(roles.communications),
    commander: one(roles.commander),
    lead: (policy.platformLead ?? []).filter((personId) => !closed || responders.includes(personId)),
  };
}

/** Who is called next, and the rungs that are gone through by that; null: nobody is left. */
export function nextRung(
  incident: Incident,
  climb: Climb | null | undefined,
): { rungs: Rung[]; people: string[] } | null {
  if (!climb) return null;
  const stands = standing(incident);
  const left = rungs.filter((rung) => !climb.called.includes(rung));
  const called = climb.called.flatMap((rung) => stands[rung]);
  for (const rung of left) {
    const people = stands[rung].filter((personId) => !called.includes(personId));
    if (people.length === 0) continue;
    const reached = [...called, ...people];
    const covered = left.filter(
      (each) =>
        each === rung || (stands[each].length > 0 && stands[each].every((personId) => reached.includes(personId))),
    );
    return { rungs: covered, people };
  }
  return null;
}
