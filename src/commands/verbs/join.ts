import { act, called, found } from '../answers.js';
import type { Verb } from '../verb.js';

export const join: Verb = {
  name: 'join',
  aliases: ['joined', 'joining', 'i-join', "i'll-join", 'jump-in', 'count-me-in'],
  group: 'Lead',
  usage: 'join [what you know]',
  examples: ['join', 'join Pulls fail as well, since 02:10'],
  help: 'Work on it too; words after it become a note.',
  where: 'incident',
  read(args, about) {
    const { personId } = about.asker;
    const already = about.incident.responders.includes(personId);
    return act(about, { type: 'join', personId, said: args === '' ? null : args }, (after, events) =>
      found(events, 'pageAnswered')
        ? `You answered the page to ${called(after)}; nobody calls you any more.`
        : already
          ? `You are in ${called(after)} already.`
          : `You are in ${called(after)} now.`,
    );
  },
};
