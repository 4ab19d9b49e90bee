import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

export const dismiss: Verb = {
  name: 'dismiss',
  aliases: ['dismissed', 'ignore', 'discard'],
  group: 'Triage queue',
  usage: 'dismiss <reason>',
  examples: ['dismiss Known noise of the nightly backup'],
  help: 'Take an entry off the triage queue, with the reason.',
  asks: { label: 'Why is this not an incident?', required: true },
  offers: [['triage']],
  where: 'incident',
  read: (args, about) =>
    args === ''
      ? misused(dismiss, 'Say why this is not an incident.')
      : act(about, { type: 'dismiss', reason: args }, (after) => `${called(after)} is off the triage queue.`),
};
