import type { Actor } from '../incident/state.js';
import { formatDuration } from './zones.js';

/** A piece of a sentence: Muster's own words, a value that may come from outside and is literal, somebody, an instant in ms since the epoch. */
export type Part = string | { value: string } | { personId: string } | { actor: Actor } | { at: number };

/** `byActor`: what completes a sentence that begins with who did it; otherwise it is whole, as nobody did it. */
export interface Sentence {
  byActor: boolean;
  parts: Part[];
}
/** A string counts as a value from outside. */
type Value = string | number | Part | readonly Part[];

export function line(own: readonly string[], ...values: readonly Value[]): Part[] {
  return own.flatMap((words, index): Part[] => {
    const given = values[index] ?? [];
    const parts = Array.isArray(given) ? given : [typeof given === 'object' ? given : { value: String(given) }];
    return words === '' ? parts : [words, ...parts];
  });
}
export const does = (own: TemplateStringsArray, ...values: Value[]): Sentence => ({
  byActor: true,
  parts: line(own, ...values),
});
export const itself = (own: TemplateStringsArray, ...values: Value[]): Sentence => ({
  byActor: false,
  parts: line(own, ...values),
});

const namedAtMost = 10;
export const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
export const quote = (text: string | null): Part[] => (text ? line`: “${text}”` : []);
export const because = (reason: string | null): Part[] => (reason ? line`, because ${reason}` : []);
export const list = (words: readonly string[]): Part[] => (words.length > 0 ? line`: ${words.join(', ')}` : []);
export const late = (lateMs: number): Part[] => (lateMs >= 60_000 ? line`, ${formatDuration(lateMs)} late` : []);
export const step = (index: number): string => `step ${index + 1}`;
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
/** Where the walk went, when not to the next step on the page. */
export const passing = ({ index, next }: { index: number; next: number | null }): Part[] =>
  next === null || next === index + 1 ? [] : line`; went to ${step(next)}`;
export const people = (ids: readonly string[]): Part[] => [
  ...ids.slice(0, namedAtMost).flatMap((personId, index) => (index > 0 ? line`, ${{ personId }}` : [{ personId }])),
  ...(ids.length > namedAtMost ? line` and ${ids.length - namedAtMost} more` : []),
];
export const isSame = (actor: Actor, personId: string): boolean =>
  actor.kind === 'person' && actor.personId === personId;
