import { leftAside } from '../../incident/way.js';
import { act, called, found, stillFiring } from '../answers.js';
import type { Verb } from '../verb.js';

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
