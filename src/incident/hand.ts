import type { Held } from './gates.js';
import type { Incident, Walk } from './state.js';

/** Indexes of the steps in hand, in order of the page. */
export const handOf = ({ current, beside = [] }: Pick<Walk, 'current' | 'beside'>): number[] =>
  current === null ? [] : [current, ...beside.map(({ index }) => index)].sort((a, b) => a - b);

/** Every step in hand with how it is watched. */
export const heldOf = ({ current, dueAt, asked, approval, beside = [] }: Walk): Held[] =>
  current === null ? [] : [{ index: current, dueAt, asked, approval }, ...beside];

/** The same walk with this step of its hand as the one that decisions are about. One that is not in hand changes nothing. */
export function focused(walk: Walk, index: number): Walk {
  if (walk.current === index || !walk.beside?.some((held) => held.index === index)) return walk;
  return holding(walk, heldOf(walk), index);
}

/** As it is kept: the first on the page is the one that stands for all. */
export const inOrder = (walk: Walk): Walk => {
  const [first] = handOf(walk);
  return first === undefined ? walk : holding(walk, heldOf(walk), first);
};

/** A walk with exactly these in hand. */
export function holding(walk: Walk, hand: readonly Held[], current?: number): Walk {
  const sorted = hand.toSorted((a, b) => a.index - b.index);
  const first = sorted.find(({ index }) => index === current) ?? sorted[0];
  const { beside: _, ...rest } = walk;
  if (!first) return { ...rest, current: null, dueAt: null, asked: 0, approval: null };
  const others = sorted.filter((held) => held !== first);
  const { index, dueAt, asked, approval } = first;
  return { ...rest, current: index, dueAt, asked, approval, ...(others.length > 0 && { beside: others }) };
}

export const withFocus = <Of extends Pick<Incident, 'walk'>>(incident: Of, index: number | null | undefined): Of =>
  incident.walk && index !== null && index !== undefined
    ? { ...incident, walk: focused(incident.walk, index) }
    : incident;

/** The step this person is at: one that was given to them, else one that nobody has, else the first. null: none is in hand. */
export function stepFor(walk: Walk, personId: string | null): number | null {
  const hand = handOf(walk);
  const assignee = (index: number) => walk.steps[index]?.assignee ?? null;
  return (
    hand.find((index) => personId !== null && assignee(index) === personId) ??
    hand.find((index) => assignee(index) === null) ??
    hand[0] ??
    null
  );
}
