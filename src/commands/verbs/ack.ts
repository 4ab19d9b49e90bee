import type { Incident } from '../../incident/state.js';
import { type Button, buttons, paragraph, text } from '../../messages/card.js';
import { act, called, found, lineButton } from '../answers.js';
import type { Verb } from '../verb.js';

/** The second press of a night: the playbook's first step, or command. */
function firstThings(after: Incident): Button[] {
  const { walk } = after;
  const on = { incidentId: after.id };
  return [
    ...(walk && walk.finishedAt === null
      ? lineButton(walk.startedAt === null ? 'Start the playbook' : 'Show the step', 'next', {
          ...on,
          style: 'primary',
        })
      : []),
    ...(after.roles.commander ? [] : lineButton('Take command', 'take commander', on)),
  ];
}

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
      const all = [...firstThings(after), ...keep];
      if (all.length === 0) return said;
      return {
        text: said,
        card: { tone: after.severity, summary: said, blocks: [paragraph(text(said)), buttons(...all)] },
      };
    }),
};
