import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

const none = /^(?:none|no|nothing|gone|over|clear)[.!]?$/i;

export const workaround: Verb = {
  name: 'workaround',
  aliases: ['work-around', 'workarounds', 'bypass'],
  group: 'Keep people posted',
  usage: 'workaround <text|none>',
  examples: ['workaround Pull from mirror.example.com', 'workaround none'],
  help: 'Say what people can do until it works again; every update carries it.',
  asks: { label: 'What can people do until then?', placeholder: 'Pull from the mirror', required: true },
  where: 'incident',
  read(args, about) {
    if (args === '') return misused(workaround, 'Say what people can do until it works again.');
    const text = none.test(args) ? null : args;
    return act(about, { type: 'stateWorkaround', text }, (after) =>
      text === null ? `${called(after)} has no workaround any more.` : `${called(after)} states this workaround.`,
    );
  },
};
