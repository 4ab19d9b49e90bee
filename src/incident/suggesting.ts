import { type Decision, type Decisions, event } from './context.js';
import { noPlaybook, otherPlaybook } from './decide/in-hand.js';
import type { Rule } from './evolve/walk.js';
import { type Incident, refuse } from './state.js';

/** What somebody would change in a playbook, thought of while it was walked. */
export interface Suggestion {
  /** The event that says it. */
  seq: number;
  /** The text it was walked in, and its step; null: the whole page is meant. */
  hash: string;
  step: number | null;
  by: string | null;
  at: number;
  text: string;
}

export interface SuggestingCommands {
  suggestChange: { text: string; step?: number; playbook?: string };
}
export interface SuggestingEvents {
  changeSuggested: { hash: string; step: number | null; text: string };
}

const suggestedAtMost = 50;

/** Of the step in hand unless another one is named. */
function suggestChange(state: Incident, { text, step, playbook }: SuggestingCommands['suggestChange']): Decision {
  const { walk } = state;
  if (!walk) return noPlaybook;
  const other = otherPlaybook(state, playbook === undefined ? {} : { playbook });
  if (other) return other;
  if ((state.suggestions?.length ?? 0) >= suggestedAtMost)
    return refuse(
      'suggested-enough',
      `There are ${suggestedAtMost} changes suggested already. Add a note instead: /incident note`,
    );
  const meant = step ?? walk.current;
  if (meant !== null && !walk.steps[meant])
    return refuse('no-step', `${walk.title} has ${walk.steps.length} steps. /incident playbook shows them.`);
  return [event('changeSuggested', { hash: walk.hash, step: meant, text })];
}

export const suggestingDecisions: Decisions<keyof SuggestingCommands> = {
  suggestChange: ['declared', (state, command) => suggestChange(state, command)],
};

export const suggestingRules: { [T in keyof SuggestingEvents]: Rule<T> } = {
  changeSuggested: ({ suggestions = [] }, body, { seq, at, actor }) => ({
    suggestions: [...suggestions, { ...body, seq, at, by: actor.kind === 'person' ? actor.personId : null }],
  }),
};
