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
    const { said, meant } = stepNamed(args, about.incident.walk);
    return act(about, { type: 'done', evidence: said === '' ? null : said, ...meant }, (after, events) => {
      const ended = found(events, 'stepDone') ?? found(events, 'stepSettled');
      const answered = found(events, 'checkAnswered');
      const words = answered
        ? `Step ${answered.index + 1} is answered: ${answered.answer}.`
        : ended
          ? `✓ Step ${ended.index + 1} is done.`
          : '';
      return walked(after, about, words, events);
    });
  },
};
