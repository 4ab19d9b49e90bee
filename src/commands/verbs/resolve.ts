import type { Reply } from '../../chat/platform.js';
import { type Owed, owedSteps, owedWords } from '../../incident/owed.js';
import { isPublicOver } from '../../incident/publication.js';
import type { Incident } from '../../incident/state.js';
import { leftAside, stillAhead } from '../../incident/way.js';
import { type Button, buttons, paragraph, text } from '../../messages/card.js';
import { publicDraft } from '../../messages/public-draft.js';
import { act, called, lineButton, stillFiring } from '../answers.js';
import type { Verb } from '../verb.js';

const stepsOffered = 3;

/** For each required step that is open: done, left out, or kept. */
export const owedButtons = ({ id: incidentId }: Incident, owed: readonly Owed[]): Button[] =>
  owed.slice(0, stepsOffered).flatMap(({ walk, index }) => {
    const number = index + 1;
    const step = `--step ${number} --playbook ${encodeURIComponent(walk.playbookId)}`;
    const asking = (label: string, required: boolean, placeholder?: string) => ({
      incidentId,
      input: { label, required, ...(placeholder && { placeholder }) },
    });
    return [
      ...lineButton(`Step ${number} is done…`, `done ${step}`, asking('What did you see?', false)),
      ...lineButton(`Leave ${number} out…`, `skip ${step}`, asking('Why?', true)),
      ...lineButton(`Follow-up for ${number}…`, `carry ${step}`, asking('@who, by when?', true, '@ada 2030-01-15')),
    ];
  });

function resolved(after: Incident): Reply {
  const open = [...stillAhead(after.walk), ...leftAside(after)];
  const steps =
    open.length === 0
      ? ''
      : ` ${open.length === 1 ? '1 step is' : `${open.length} steps are`} still open; at close ${open.length === 1 ? 'it becomes a follow-up' : 'they become follow-ups'}.`;
  const { publication } = after;
  const untold = publication !== undefined && !isPublicOver(publication.status);
  const waiting = untold ? ' Everybody outside still reads that it goes on.' : '';
  const owed = owedSteps(after);
  const required =
    owed.length === 0
      ? ''
      : ` Required and still open: ${owed.map((each) => owedWords(after, each)).join(', ')}. It cannot be closed before each is done, left out by the commander, or kept as a follow-up.`;
  const said = `${called(after)} is resolved.${steps}${required}${stillFiring(after)}${waiting} Close it when nothing is left to do.`;
  return {
    text: said,
    card: {
      tone: 'good',
      summary: said,
      blocks: [
        paragraph(text(said)),
        buttons(
          ...owedButtons(after, owed),
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
