import { formatTime } from '../../messages/zones.js';
import { act, called, found } from '../answers.js';
import { onePerson } from '../people.js';
import type { Verb } from '../verb.js';

export const own: Verb = {
  name: 'own',
  aliases: ['owned', 'owning', 'own-it', 'i-own', 'mine', 'owner'],
  group: 'Triage queue',
  usage: 'own [@who]',
  examples: ['own', 'own @cleo'],
  help: 'Answer for an entry of the triage queue, or give it to somebody: they are asked when it is due.',
  offers: [['triage']],
  where: 'incident',
  async read(args, about) {
    const typed = args.replace(/^(?:it|this|that|by|to|is)\s*/i, '').trim();
    let person = about.asker;
    if (typed !== '') {
      const one = await onePerson(about, typed, (personId) => `own @${personId}`);
      if ('act' in one) return one.act;
      person = one.person;
    }
    const who = person.personId === about.asker.personId ? 'You' : person.name;
    return act(about, { type: 'ownEntry', personId: person.personId }, (after, events) => {
      const due = found(events, 'entryOwned')?.dueAt ?? about.now;
      return `${who} ${who === 'You' ? 'own' : 'owns'} ${called(after)}. It is due at ${formatTime(due, 'UTC', 'date')}: declare, snooze or dismiss it by then.`;
    });
  },
};
