import { act, found } from '../answers.js';
import type { Verb } from '../verb.js';
import { walked } from '../walk.js';

export const done: Verb = {
  name: 'done',
  aliases: ['completed', 'step-done', 'mark-done'],
  group: 'Walk the playbook',
  usage: 'done [evidence]',
  examples: ['done', 'done 503 from both clients'],
  help: 'The step in hand is done; say what you saw.',
  asks: { label: 'Evidence', placeholder: 'What you saw', required: false },
  where: 'incident',
  read: (args, about) =>
    act(about, { type: 'done', evidence: args === '' ? null : args }, (after, events) => {
      const ended = found(events, 'stepDone');
      return walked(after, about, ended ? `✓ Step ${ended.index + 1} is done.` : '');
    }),
};
