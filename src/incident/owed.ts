import type { Incident, Walk } from './state.js';
import { walksOf } from './state.js';
import { stillAhead } from './way.js';

export interface Owed {
  walk: Walk;
  index: number;
}

/**
 * Required steps that nobody has done: those still ahead on the way, and those that failed. One that the commander
 * skipped, or that is kept as a follow-up, is not owed any more; a playbook that nobody has started owes nothing.
 */
export function owedSteps(incident: Incident): Owed[] {
  const kept = new Set(incident.followUps.map(({ fromWalk, fromStep }) => `${fromWalk}/${fromStep}`));
  return walksOf(incident).flatMap((walk) => {
    if (walk.startedAt === null) return [];
    const failed = walk.steps.flatMap(({ state }, index) => (state === 'failed' ? [index] : []));
    return [...new Set([...stillAhead(walk), ...failed])]
      .sort((a, b) => a - b)
      .filter((index) => walk.steps[index]?.required && !kept.has(`${walk.hash}/${index}`))
      .map((index) => ({ walk, index }));
  });
}

/** `step 5 (Rotate the key)`; with its playbook where that is not the one in hand. */
export const owedWords = (incident: Incident, { walk, index }: Owed): string =>
  `step ${index + 1} (${walk.steps[index]?.title})${walk.hash === incident.walk?.hash ? '' : ` of ${walk.title}`}`;

/** The number of the next follow-up. */
export const nextFollowUp = (state: Incident): number => Math.max(0, ...state.followUps.map(({ id }) => id)) + 1;
