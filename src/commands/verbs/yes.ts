import { act, found } from '../answers.js';
import type { Act, Verb, Within } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

function answering(args: string, about: Within, yes: boolean): Act {
  const { said, meant } = stepNamed(args, about.incident.walk);
  return act(about, { type: 'answerCheck', yes, said: said === '' ? null : said, ...meant }, (after, events) => {
    const answered = found(events, 'checkAnswered');
    const words = answered ? `Step ${answered.index + 1} is answered: ${answered.answer}.` : '';
    return walked(after, about, words, events);
  });
}

export const yes: Verb = {
  name: 'yes',
  aliases: ['it-is', 'it-does', 'healthy'],
  group: 'Walk the playbook',
  usage: 'yes [what you see]',
  examples: ['yes', 'yes 200 from both'],
  help: 'Answer the question of the step in hand with yes.',
  where: 'incident',
  read: (args, about) => answering(args, about, true),
};

export const no: Verb = {
  name: 'no',
  aliases: ['it-is-not', 'it-does-not', 'unhealthy'],
  group: 'Walk the playbook',
  usage: 'no [what you see]',
  examples: ['no', 'no 503 from both'],
  help: 'Answer the question of the step in hand with no; its branch is taken.',
  where: 'incident',
  read: (args, about) => answering(args, about, false),
};
