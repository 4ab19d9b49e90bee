import type { GateEvents } from '../incident/gates.js';
import type { Actor } from '../incident/state.js';
import { because, capital, does, itself, line, type Part, quote, type Sentence, step } from './sentence.js';
import { formatDuration } from './zones.js';

const to = (next: number | null): Part[] => (next === null ? [] : line`; went to ${step(next)}`);

/** What happened to a playbook beyond one step after another, in plain words. */
export const gateWords: { [T in keyof GateEvents]: (body: GateEvents[T], by: Actor) => Sentence } = {
  checkAnswered: ({ index, answer, said, next }) =>
    does`answered ${step(index)} with “${answer}”${quote(said)}${next === null || next === index + 1 ? [] : to(next)}`,
  valueGiven: ({ name, value, previous }) =>
    previous === null
      ? does`said that ${name} is “${value}”`
      : does`said that ${name} is “${value}”; it was “${previous}”`,
  phaseOverdue: ({ title, withinMs }) => itself`${title} was not over after ${formatDuration(withinMs)}`,
  decisionAsked: ({ title, label }) => itself`The commander was asked about ${title}: go on, or “${label}”`,
  decisionMade: ({ choice, title, label, why, forMs, next }) =>
    choice === 'keep'
      ? does`decided to go on with ${title}${forMs === null ? [] : line` for ${formatDuration(forMs)}`}${because(why)}`
      : does`decided: “${label}”, in the place of ${title}${because(why)}${to(next)}`,
  rolledBack: ({ of, next, reason }) => does`began to take back what ${step(of)} changed${because(reason)}${to(next)}`,
  stepCarried: ({ index, followUp: { id, owner, dueOn } }) =>
    does`kept required ${step(index)} as follow-up ${id}${owner === null ? [] : line`, for ${{ personId: owner }}`}${dueOn === null ? [] : line`, due ${dueOn}`}`,
  stepSettled: ({ index, as, said }) =>
    as === 'done'
      ? does`finished required ${step(index)}${quote(said)}`
      : does`left out required ${step(index)}${because(said)}`,
  playbookChanged: ({ title }) => itself`The file of ${title} has changed; the walk keeps its text`,
  playbookAdopted: ({ title, steps, hand }) =>
    does`took the new text of ${title}, ${steps.length} steps${hand[0] === undefined ? [] : line`; ${capital(step(hand[0]))} is in hand`}`,
};
