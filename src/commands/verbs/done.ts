import { act, found } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

export const done: Verb = {
  name: 'done',
  aliases: ['completed', 'step-done', 'mark-done'],
  group: 'Walk the playbook',
  usage: 'done [evidence]',
  examples: ['done', 'done 503 from both clients'],
  help: 'The step in hand is done; say what you saw.',
  asks: { label: 'Evidence', placeholder: 'What you saw', required: false },
  where: 'incident',
  read(args, about) {
    const { said, meant } = stepNamed(args);
    return act(about, { type: 'done', evidence: said === '' ? null : said, ...meant }, (after, events) => {
      const ended = found(events, 'stepDone');
      return walked(after, about, ended ? `✓ Step ${ended.index + 1} is done.` : '', events);
    });
  },
};
