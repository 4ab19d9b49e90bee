import type { Reply } from '../../chat/platform.js';
import { isPublicOver } from '../../incident/publication.js';
import type { Incident } from '../../incident/state.js';
import { leftAside, stillAhead } from '../../incident/way.js';
import { buttons, paragraph, text } from '../../messages/card.js';
import { publicDraft } from '../../messages/public-draft.js';
import { act, called, lineButton, stillFiring } from '../answers.js';
import type { Verb } from '../verb.js';

function resolved(after: Incident): Reply {
  const open = [...stillAhead(after.walk), ...leftAside(after)];
  const steps =
    open.length === 0
      ? ''
      : ` ${open.length === 1 ? '1 step is' : `${open.length} steps are`} still open; at close ${open.length === 1 ? 'it becomes a follow-up' : 'they become follow-ups'}.`;
  const { publication } = after;
  const untold = publication !== undefined && !isPublicOver(publication.status);
  const waiting = untold ? ' Everybody outside still reads that it goes on.' : '';
  const said = `${called(after)} is resolved.${steps}${stillFiring(after)}${waiting} Close it when nothing is left to do.`;
  return {
    text: said,
    card: {
      tone: 'good',
      summary: said,
      blocks: [
        paragraph(text(said)),
        buttons(
          ...lineButton('Close', 'close', { incidentId: after.id, style: 'primary' }),
          ...(untold
            ? lineButton('Tell everybody…', 'publish --confirm', {
                incidentId: after.id,
                input: {
                  label: 'What may everybody read?',
                  required: true,
                  value: publicDraft(after, new Map()),
                },
              })
            : []),
          ...lineButton('Reopen…', 'reopen', {
            incidentId: after.id,
            input: { label: 'Why is it open again?', required: true },
          }),
        ),
      ],
    },
  };
}

export const resolve: Verb = {
  name: 'resolve',
  aliases: ['resolved', 'resolves', 'resolving', 'fixed', 'solved'],
  group: 'End',
  usage: 'resolve [summary]',
  examples: ['resolve', 'resolve Space freed, pushes work from three places'],
  help: 'The impact is over; the last update goes out.',
  asks: { label: 'What ended it?', required: false },
  where: 'incident',
  read: (args, about) => act(about, { type: 'resolve', summary: args === '' ? null : args }, resolved),
};
