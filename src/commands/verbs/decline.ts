import { act, found, misused } from '../answers.js';
import { requestNamed } from '../approvals.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';
import { whatOf } from './approve.js';

export const decline: Verb = {
  name: 'decline',
  aliases: ['declined', 'declining', 'disagree', 'reject', 'rejected'],
  group: 'Walk the playbook',
  usage: 'decline [request] <reason>',
  examples: ['decline Wait until the backup is through'],
  help: 'Do not agree to the step in hand or to a request, with the reason.',
  asks: { label: 'Why not?', required: true },
  where: 'incident',
  read(args, about) {
    const { said: reason, meant } = requestNamed(args, about.incident);
    if (reason === '') return misused(decline, 'Say why not.');
    return act(about, { type: 'decline', reason, ...meant }, (after, events) => {
      const no = found(events, 'approvalDeclined');
      if (no?.index === null) return `Declined request ${no.id}: ${whatOf(after, no.id)}. Whoever asked is told why.`;
      return walked(after, about, 'Declined.', events);
    });
  },
};
