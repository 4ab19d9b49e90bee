import type { Incident, Walk, WalkStep } from './state.js';

/** The step after this one when it went well: where its `Then` leads, or the next on the page. null: the walk is over. */
export function after(walk: Walk, index: number): number | null {
  const next = walk.steps[index]?.thenTo ?? index + 1;
  return next < walk.steps.length ? next : null;
}

/**
 * The steps on a way from one step to another. Forward, those nobody has begun are passed over; backward, they are
 * before us again.
 */
export const movedBetween = (steps: readonly WalkStep[], from: number, to: number): WalkStep[] =>
  steps.map((step, index) => {
    if (index > from && index < to && step.state === 'open') return { ...step, state: 'passed' };
    if (index > to && index < from && step.state === 'passed') return { ...step, state: 'open' };
    return step;
  });

/** The step that ended last, or null when none has. */
export const lastEnded = (walk: Walk): number | null => walk.trail.at(-1) ?? null;

/**
 * Indexes of the steps that have not ended and that the walk would still come to if everything went well, in order of
 * the page. What only a branch leads to is not among them. Empty before the start and after the end.
 */
export function stillAhead(walk: Walk | null): number[] {
  if (!walk || walk.startedAt === null) return [];
  const way = new Set<number>();
  for (let at = walk.current; at !== null && !way.has(at); at = after(walk, at)) way.add(at);
  return [...way].filter((index) => walk.steps[index]?.endedAt === null).sort((a, b) => a - b);
}

/** Playbooks set aside before their end, each with the step it was left at. */
export const leftAside = ({ aside }: Incident): { walk: Walk; step: number }[] =>
  aside.flatMap((walk) => (walk.current === null ? [] : [{ walk, step: walk.current }]));
