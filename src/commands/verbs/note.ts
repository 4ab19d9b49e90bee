import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

export const note: Verb = {
  name: 'note',
  aliases: ['comment', 'remark', 'noted', 'add-note'],
  group: 'Keep people posted',
  usage: 'note <text>',
  examples: ['note The disk of registry-2 is full since 02:10'],
  help: 'Put a sentence on the timeline.',
  asks: { label: 'Note', placeholder: 'What you saw or did', required: true },
  where: 'incident',
  read: (args, about) =>
    args === ''
      ? misused(note, 'A note needs words.')
      : act(about, { type: 'addNote', text: args }, (after) => `Noted on the timeline of ${called(after)}.`),
};
