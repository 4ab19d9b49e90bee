import { handOf } from '../../incident/hand.js';
import { act, misused } from '../answers.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const next: Verb = {
  name: 'next',
  aliases: ['start', 'step', 'continue', 'next-step', 'whats-next', "what's-next"],
  group: 'Walk the playbook',
  usage: 'next [step]',
  examples: ['next', 'next 4'],
  help: 'Start the playbook, or show the step in hand; of several, yours or the one you name.',
  plain: true,
  where: 'incident',
  read(args, about) {
    const number = /^(?:step\s+)?#?([1-9]\d?)$/i.exec(args);
    if (args !== '' && !number) return misused(next, 'It takes nothing, or the number of a step in hand.');
    const index = number ? Number(number[1]) - 1 : null;
    const hand = about.incident.walk ? handOf(about.incident.walk) : [];
    if (index !== null && !hand.includes(index))
      return misused(next, `Step ${index + 1} is not in hand. /incident playbook shows them all.`);
    return act(about, { type: 'next' }, (after, events) => walked(after, about, '', events, index));
  },
};
