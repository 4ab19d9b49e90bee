import { buttons, paragraph, text } from '../../messages/card.js';
import { act, called, found, lineButton } from '../answers.js';
import type { Verb } from '../verb.js';

export const ack: Verb = {
  name: 'ack',
  aliases: ['acknowledge', 'acknowledged', 'acked', 'acknowledging', 'on-it'],
  group: 'Lead',
  usage: 'ack',
  examples: ['ack'],
  help: 'Say that somebody is on it; paging stops.',
  plain: true,
  where: 'incident',
  read: (args, about) =>
    act(about, { type: 'acknowledge' }, (after, events) => {
      const lead = after.roles.commander ? '' : ' Nobody commands yet: /incident take commander';
      const said = found(events, 'pageAnswered')
        ? `You answered the page to ${called(after)}; nobody calls you any more.`
        : `You acknowledged ${called(after)}; paging stops.${lead}`;
      // Nobody is held up for words that do not belong here, and the words are not lost either.
      const keep = args === '' ? [] : lineButton('Add the words as a note', `note ${args}`, { incidentId: after.id });
      if (keep.length === 0) return said;
      return {
        text: said,
        card: { tone: after.severity, summary: said, blocks: [paragraph(text(said)), buttons(...keep)] },
      };
    }),
};
