import { act, misused } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

export const decline: Verb = {
  name: 'decline',
  aliases: ['declined', 'disagree', 'reject', 'rejected'],
  group: 'Walk the playbook',
  usage: 'decline <reason>',
  examples: ['decline Wait until the backup is through'],
  help: 'Do not agree to the step in hand, with the reason.',
  asks: { label: 'Why not?', required: true },
  where: 'incident',
  read(args, about) {
    const { said: reason, meant } = stepNamed(args);
    if (reason === '') return misused(decline, 'Say why not.');
    return act(about, { type: 'decline', reason, ...meant }, (after, events) =>
      walked(after, about, 'Declined.', events),
    );
  },
};
