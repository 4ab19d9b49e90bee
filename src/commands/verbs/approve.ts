import { act, misused } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

export const approve: Verb = {
  name: 'approve',
  aliases: ['approved', 'agree', 'agreed', 'go-ahead'],
  group: 'Walk the playbook',
  usage: 'approve',
  examples: ['approve'],
  help: 'Agree to the step in hand, in the role it names; never to what you asked for yourself.',
  plain: true,
  where: 'incident',
  read(args, about) {
    const { said, meant } = stepNamed(args);
    if (said !== '') return misused(approve, 'It takes no words; /incident note keeps them.');
    return act(about, { type: 'approve', ...meant }, (after, events) => walked(after, about, '✓ Approved.', events));
  },
};
