import type { Incident } from '../../incident/state.js';
import { act, found, misused } from '../answers.js';
import { requestNamed } from '../approvals.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const approve: Verb = {
  name: 'approve',
  aliases: ['approved', 'approving', 'agree', 'agreed', 'go-ahead'],
  group: 'Walk the playbook',
  usage: 'approve [request]',
  examples: ['approve'],
  help: 'Agree to the step in hand or to a request, by its number; never to what you asked for yourself.',
  plain: true,
  where: 'incident',
  read(args, about) {
    const { said, meant } = requestNamed(args, about.incident);
    if (said !== '')
      return misused(approve, 'It takes the number of a request and no words; /incident note keeps them.');
    return act(about, { type: 'approve', ...meant }, (after, events) => {
      const given = found(events, 'approvalGiven');
      const more = given && given.have < given.of ? ` ${given.have} of ${given.of} have agreed.` : '';
      if (given?.index === null) return `✓ Approved request ${given.id}: ${whatOf(after, given.id)}.${more}`;
      return walked(after, about, `✓ Approved.${more}`, events);
    });
  },
};

/** What a request is for, in an answer. */
export const whatOf = ({ approvals = [] }: Incident, id: number): string =>
  approvals.find((each) => each.id === id)?.what ?? 'what was asked for';
