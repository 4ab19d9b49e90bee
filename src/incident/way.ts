import type { WalkPhase } from './gates.js';
import { handOf } from './hand.js';
import type { Incident, Walk, WalkStep } from './state.js';

/** The parallel phase a step stands in. */
const parallelAt = ({ phases = [] }: Walk, index: number): WalkPhase | undefined =>
  phases.find(({ parallel, from, to }) => parallel && from <= index && index < to);

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);

/** The walk goes on elsewhere: one of the phase has failed and taken its branch. */
const leftByBranch = ({ steps }: Walk, { from, to }: WalkPhase, but: number): boolean =>
  steps.slice(from, to).some(({ state, goto }, at) => from + at !== but && state === 'failed' && goto != null);

/** Where it goes on after a step when it went well, by the page alone; null: nowhere. */
function following(walk: Walk, index: number): number | null {
  const phase = parallelAt(walk, index);
  const next = phase ? (phase.thenTo ?? phase.to) : (walk.steps[index]?.thenTo ?? index + 1);
  return next < walk.steps.length ? next : null;
}

/** The steps that a way to this one brings in hand, those that are already left out. `ended`: the one it comes from. */
export function brings(walk: Walk, target: number | null, ended: number | null): number[] {
  if (target === null || target >= walk.steps.length) return [];
  const phase = parallelAt(walk, target);
  const hand = handOf(walk).filter((index) => index !== ended);
  return (phase ? range(phase.from, phase.to) : [target]).filter((index) => !hand.includes(index));
}

/**
 * What comes in hand after this step when it went well: where its `Then` leads, or the next on the page; after a
 * parallel phase when all of it has ended; after a roll back what was in hand before. None: others are still in hand,
 * or the walk is over.
 */
export function after(walk: Walk, index: number): number[] {
  const phase = parallelAt(walk, index);
  if (phase) {
    const others = handOf(walk).some((each) => each !== index && phase.from <= each && each < phase.to);
    if (others || leftByBranch(walk, phase, index)) return [];
  }
  return returning(walk, index, following(walk, index));
}

/** The same where it failed, or was answered with no. What failed without a branch is followed by the next on the page. */
export function otherwiseAfter(walk: Walk, index: number, goto: number | null): number[] {
  if (goto !== null) return brings(walk, goto, index);
  if (parallelAt(walk, index)) return after(walk, index);
  return returning(walk, index, index + 1 < walk.steps.length ? index + 1 : null);
}

function returning(walk: Walk, index: number, next: number | null): number[] {
  const { rollingBack: back } = walk;
  const within = (at: number | null) => back !== undefined && at !== null && back.to <= at && at < back.end;
  const leaves = back && within(index) && !within(next) && (walk.steps[index]?.thenTo ?? null) === null;
  if (!leaves) return brings(walk, next, index);
  const hand = handOf(walk);
  return back.returns.filter((each) => !hand.includes(each));
}

/**
 * The steps on a way from one step to another. Forward, those nobody has begun are passed over; backward, they are
 * before us again. Those `but` are in hand and stay as they are.
 */
export const movedBetween = (
  steps: readonly WalkStep[],
  from: number,
  to: number,
  but: readonly number[] = [],
): WalkStep[] =>
  steps.map((step, index) => {
    if (but.includes(index)) return step;
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
  const waiting = [...handOf(walk), ...(walk.rollingBack?.returns ?? [])];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (way.has(at)) continue;
    way.add(at);
    const phase = parallelAt(walk, at);
    if (phase && leftByBranch(walk, phase, -1)) continue;
    if (phase) waiting.push(...range(phase.from, phase.to));
    const next = following(walk, at);
    if (next !== null)
      waiting.push(...(parallelAt(walk, next) ? brings({ ...walk, current: null }, next, null) : [next]));
  }
  return [...way].filter((index) => walk.steps[index]?.endedAt === null).sort((a, b) => a - b);
}

/** Playbooks set aside before their end, each with the step it was left at. */
export const leftAside = ({ aside }: Incident): { walk: Walk; step: number }[] =>
  aside.flatMap((walk) => (walk.current === null ? [] : [{ walk, step: walk.current }]));

/** The phase that has a decision and the walk is in; of several the innermost. */
export const decidingIn = (walk: Walk): number | null => {
  const hand = handOf(walk);
  const at = (walk.phases ?? []).findLastIndex(
    ({ decide, from, to }) => decide !== null && hand.some((index) => from <= index && index < to),
  );
  return at < 0 ? null : at;
};

/** The step that was carried out last and can be taken back; null: there is none. */
export const rollBackOf = (walk: Walk): number | null =>
  walk.rollingBack ? null : (walk.trail.findLast((index) => isRisky(walk, index)) ?? null);

const isRisky = ({ steps }: Walk, index: number): boolean => {
  const step = steps[index];
  return step?.rollBack !== undefined && (step.state === 'done' || step.state === 'failed');
};
