import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

export const note: Verb = {
  name: 'note',
  aliases: ['comment', 'remark', 'noted', 'add-note'],
  presets: {
    dont: 'do not',
    "don't": 'do not',
    'do-not': 'do not',
    hypothesis: 'hypothesis:',
    suspect: 'hypothesis:',
    theory: 'hypothesis:',
  },
  group: 'Keep people posted',
  usage: 'note <text>',
  examples: [
    'note The disk of registry-2 is full since 02:10',
    'dont restart registry-2',
    'hypothesis the upgrade filled the disk',
  ],
  help: 'Put a sentence on the timeline. What not to do (dont …) and what is suspected (hypothesis …) go into a handover.',
  asks: { label: 'Note', placeholder: 'What you saw or did', required: true },
  where: 'incident',
  read: (args, about) =>
    args === ''
      ? misused(note, 'A note needs words.')
      : act(about, { type: 'addNote', text: args }, (after) => `Noted on the timeline of ${called(after)}.`),
};
