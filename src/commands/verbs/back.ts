import { act, found } from '../answers.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const back: Verb = {
  name: 'back',
  aliases: ['previous', 'prev', 'step-back', 'go-back'],
  group: 'Walk the playbook',
  usage: 'back',
  examples: ['back'],
  help: 'Return to the step before; it is open again.',
  plain: true,
  alone: true,
  where: 'incident',
  read: (_, about) =>
    act(about, { type: 'back' }, (after, events) => {
      const to = found(events, 'steppedBack')?.to;
      return walked(after, about, to === undefined ? '' : `Back at step ${to + 1}; it is open again.`, events);
    }),
};
