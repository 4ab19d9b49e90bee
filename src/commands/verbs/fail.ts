import { act, found, misused } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

export const fail: Verb = {
  name: 'fail',
  aliases: ['failed', 'fails', "didn't-work", 'didnt-work', 'not-as-expected'],
  group: 'Walk the playbook',
  usage: 'fail <what happened>',
  examples: ['fail The push went through'],
  help: 'The step in hand did not go as it says; its branch is taken.',
  asks: { label: 'What happened?', required: true },
  where: 'incident',
  read(args, about) {
    const { said: what, meant } = stepNamed(args, about.incident.walk);
    if (what === '') return misused(fail, 'Say what happened.');
    return act(about, { type: 'fail', what, ...meant }, (after, events) => {
      const ended = found(events, 'stepFailed');
      const answered = found(events, 'checkAnswered');
      if (answered) return walked(after, about, `Step ${answered.index + 1} is answered: ${answered.answer}.`, events);
      if (!ended) return walked(after, about, '', events);
      const branch = ended.branch ? ' Its branch is taken.' : '';
      return walked(after, about, `Step ${ended.index + 1} did not go as expected.${branch}`, events);
    });
  },
};
