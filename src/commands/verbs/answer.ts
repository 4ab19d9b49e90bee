import { act, found, misused } from '../answers.js';
import type { Verb } from '../verb.js';
import { stepNamed, walked } from '../walk.js';

const words = /^(yes|no)(?:[\s:,.]+|$)/i;

export const answer: Verb = {
  name: 'answer',
  aliases: ['answered', 'answers'],
  group: 'Walk the playbook',
  usage: 'answer <yes|no> [what you see]',
  examples: ['answer yes', 'answer no 503 from both'],
  help: 'Answer the question of the step in hand; its branch is taken.',
  asks: { label: 'Yes or no, and what do you see?', required: true },
  where: 'incident',
  read(args, about) {
    const first = stepNamed(args, about.incident.walk);
    const word = words.exec(first.said);
    if (!word) return misused(answer, 'Yes or no?');
    const { said, meant } = stepNamed(first.said.slice(word[0].length));
    const yes = word[1]?.toLowerCase() === 'yes';
    return act(
      about,
      { type: 'answerCheck', yes, said: said === '' ? null : said, ...first.meant, ...meant },
      (after, events) => {
        const answered = found(events, 'checkAnswered');
        const told = answered ? `Step ${answered.index + 1} is answered: ${answered.answer}.` : '';
        return walked(after, about, told, events);
      },
    );
  },
};
