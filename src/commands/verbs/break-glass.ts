import { literal } from '../../messages/literal.js';
import { act, found, misused, quoted } from '../answers.js';
import { breaking } from '../approvals.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const breakGlass: Verb = {
  name: 'break-glass',
  aliases: [
    'breakglass',
    'break-the-glass',
    'broke-glass',
    'breaking-glass',
    'glass',
    'override-approval',
    'go-ahead-without',
  ],
  group: 'Lead',
  usage: 'break-glass [request | what] because <reason>',
  examples: ['break-glass Restart the primary because nobody answers and all pushes fail'],
  help: 'Go ahead without an approval, with a reason; everybody who could have agreed is told, and the postmortem asks.',
  asks: { label: 'What, because of what?', placeholder: 'Restart the primary because nobody answers', required: true },
  where: 'incident',
  read(args, about) {
    const { meant, what, reason } = breaking(args, about.incident);
    if (reason === '') return misused(breakGlass, 'Say why it cannot wait: … because <reason>.');
    return act(about, { type: 'breakGlass', ...meant, what, reason }, (after, events) => {
      const broken = found(events, 'glassBroken');
      const said = `You go ahead alone: ${literal(broken?.what ?? '', quoted)}. Everybody who could have agreed is told, and the postmortem asks whether it was right.`;
      return broken?.index == null ? said : walked(after, about, said, events);
    });
  },
};
