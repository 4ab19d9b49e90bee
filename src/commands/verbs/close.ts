import { requiredOpen } from '../../incident/decide/required.js';
import { owedSteps } from '../../incident/owed.js';
import { leftAside } from '../../incident/way.js';
import { act, called, found, refused, stillFiring } from '../answers.js';
import type { Act, Verb, Within } from '../verb.js';
import { owedButtons } from './resolve.js';

/** The same refusal as the core gives, with what can be done beside it. */
function stillOwed(about: Within): Act | null {
  const { incident } = about;
  const no = incident.status === 'resolved' ? requiredOpen(incident) : null;
  return no && refused(no.code, no.message, owedButtons(incident, owedSteps(incident)));
}

export const close: Verb = {
  name: 'close',
  aliases: ['closed', 'closing', 'finish', 'finished'],
  group: 'End',
  usage: 'close',
  examples: ['close'],
  help: 'End a resolved incident; the postmortem draft is written.',
  plain: true,
  alone: true,
  offers: [['resolved'], ['investigating', 'identified', 'monitoring']],
  where: 'incident',
  read: (_, about) =>
    stillOwed(about) ??
    act(about, { type: 'close' }, (after, events) => {
      const left = (found(events, 'closed')?.openSteps.length ?? 0) + leftAside(after).length;
      const steps =
        left === 0
          ? ''
          : ` ${left} open step${left === 1 ? ' is' : 's are'} now ${left === 1 ? 'a follow-up' : 'follow-ups'}.`;
      const draft = after.policy.severities[after.severity].postmortem
        ? ' The postmortem draft follows in the channel.'
        : '';
      return `${called(after)} is closed.${steps}${stillFiring(after)}${draft}`;
    }),
};
