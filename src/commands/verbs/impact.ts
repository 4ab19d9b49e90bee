import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

export const impact: Verb = {
  name: 'impact',
  aliases: ['impacted', 'affected'],
  group: 'Keep people posted',
  usage: 'impact <text>',
  examples: ['impact No team can publish images; builds that only pull work'],
  help: 'State who is affected and how; every update carries it.',
  asks: { label: 'Who is affected, and how?', placeholder: 'No team can publish images', required: true },
  where: 'incident',
  read: (args, about) =>
    args === ''
      ? misused(impact, 'Say who is affected, and how.')
      : act(about, { type: 'stateImpact', text: args }, (after) => `${called(after)} states this impact from now on.`),
};
