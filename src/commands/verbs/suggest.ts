import { literal } from '../../messages/literal.js';
import { act, called, misused } from '../answers.js';
import type { Verb } from '../verb.js';

const ofStep = /^(?:(?:for|on|in|of)\s+)?step\s+(\d{1,3})\s*[:,–-]?\s+(.+)$/is;
const ofPage = /^(?:(?:for|on|in|of)\s+)?(?:the\s+)?(?:whole\s+)?(?:page|playbook)\s*[:,–-]?\s+(.+)$/is;

export const suggest: Verb = {
  name: 'suggest',
  aliases: ['playbook-suggest', 'suggestion', 'suggested', 'suggesting', 'improve', 'improve-playbook'],
  group: 'Walk the playbook',
  usage: 'suggest [step <number>] <what the playbook should say>',
  examples: [
    'suggest the command needs --force',
    'suggest step 3: say which host',
    'playbook suggest ask the owner first',
  ],
  help: 'Say what the playbook should say instead; at close it becomes a patch for whoever keeps the page.',
  asks: { label: 'Suggestion', placeholder: 'What should the step say?', required: true },
  where: 'incident',
  read(args, about) {
    if (args === '') return misused(suggest, 'A suggestion needs words.');
    const [, number, ofIt] = ofStep.exec(args) ?? [];
    const step = number === undefined ? {} : { step: Number(number) - 1 };
    const text = (ofIt ?? ofPage.exec(args)?.[1] ?? args).trim();
    return act(about, { type: 'suggestChange', text, ...step }, (after) => {
      const { walk, suggestions = [] } = after;
      const last = suggestions.at(-1);
      const where = last?.step == null ? '' : ` for step ${last.step + 1}`;
      return `Kept${where}: at the end of ${called(after)} it goes into a patch for ${literal(walk?.title ?? 'the playbook', 60)}.`;
    });
  },
};
