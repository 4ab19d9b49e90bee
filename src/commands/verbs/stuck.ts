import { helpers } from '../../incident/react/walk.js';
import { act } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed } from '../walk.js';

export const stuck: Verb = {
  name: 'stuck',
  aliases: ['need-help', 'needs-help', 'help-me', 'help-needed'],
  group: 'Walk the playbook',
  usage: 'stuck [what is needed]',
  examples: ['stuck Who knows the load balancer?', 'stuck'],
  help: 'Ask for help with the step in hand; the commander is told, or whoever is on call.',
  asks: { label: 'What is needed?', required: false },
  where: 'incident',
  read(args, about) {
    const { said, meant } = stepNamed(args, about.incident.walk);
    return act(about, { type: 'askHelp', text: said === '' ? null : said, ...meant }, (after) => {
      const called = helpers(after, { actor: { kind: 'person', personId: about.asker.personId } });
      const names = called.map((personId) => about.names.get(personId) ?? personId);
      return names.length > 0
        ? `The channel has been told, and ${names.join(', ')} directly.`
        : 'The channel has been told. Nobody commands and nobody is on call: /incident assign commander @who';
    });
  },
};
