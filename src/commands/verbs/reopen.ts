import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

export const reopen: Verb = {
  name: 'reopen',
  aliases: ['reopened', 're-open', 'unresolve'],
  group: 'End',
  usage: 'reopen <reason>',
  examples: ['reopen Pushes fail again since 04:20'],
  help: 'Take a resolved incident up again.',
  asks: { label: 'Why is it open again?', required: true },
  offers: [['resolved'], ['closed']],
  where: 'incident',
  read: (args, about) =>
    args === ''
      ? misused(reopen, 'Say why it is open again.')
      : act(about, { type: 'reopen', reason: args }, (after) => `${called(after)} is open again: ${after.status}.`),
};
